"""What work items enter in the registers of the other places."""

from django.utils.translation import gettext_lazy as _

from engagements.execution.work_jobs import register_work_job
from engagements.execution.work_links import register_work_links
from engagements.execution.work_page import register_work_panel
from engagements.execution.work_verbs import register_work_verbs
from psdelivery.operations.looks import Look, register_look

LOOK = Look(
    "execution.look_at_projects", "jobs", "project-look", _("Customers' projects")
)


def register_work() -> None:
    """Enter tab, words of the history, links of steps, job and look."""
    register_work_verbs()
    register_work_panel()
    register_work_links()
    register_work_job()
    register_look(LOOK)
