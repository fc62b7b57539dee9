"""What the handoff enters in the registers of the other places."""

from engagements.handoff import register_handoff_sheet
from engagements.handoff_mail import register_summary_mail
from engagements.handoff_page import register_handoff_panel
from engagements.handoff_reactions import register_handoff_reactions
from engagements.handoff_waiting import register_handoff_waiting
from engagements.kickoff_mail import register_kickoff_mail
from engagements.services.handoff_reading import register_reading_mail


def register_handoff() -> None:
    """Enter sheet and facts, tab, reactions, what waits, and the kinds of mail."""
    register_handoff_sheet()
    register_handoff_panel()
    register_handoff_reactions()
    register_handoff_waiting()
    register_reading_mail()
    register_summary_mail()
    register_kickoff_mail()
