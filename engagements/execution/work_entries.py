"""What work items enter in the registers of the other places."""

from engagements.execution.work_page import register_work_panel
from engagements.execution.work_verbs import register_work_verbs


def register_work() -> None:
    """Enter the tab and the words of the history."""
    register_work_verbs()
    register_work_panel()
