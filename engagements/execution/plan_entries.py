"""What kickoff, plan and deliverables enter in the registers of the other places."""

from engagements.execution.deliverable_guards import register_deliverable_guards
from engagements.execution.deliverable_page import register_deliverables_panel
from engagements.execution.kickoff import register_kickoff_sheet
from engagements.execution.lessons_waiting import register_lessons_waiting
from engagements.execution.plan_links import register_plan_links
from engagements.execution.plan_page import register_plan_panel
from engagements.execution.plan_personal_data import register_plan_data
from engagements.execution.plan_verbs import register_plan_verbs
from engagements.execution.services.kits import load_kits
from engagements.execution.services.risks import register_risk_mail
from psdelivery.registry import shipped_data


def register_plan() -> None:
    """Enter tabs, words of the history, links of steps and kinds of mail."""
    register_plan_verbs()
    register_kickoff_sheet()
    register_plan_panel()
    register_deliverables_panel()
    register_deliverable_guards()
    register_plan_links()
    register_risk_mail()
    register_plan_data()
    register_lessons_waiting()
    # After the offerings, whose kits they are.
    shipped_data.register("Delivery kits", load_kits, order=21)
