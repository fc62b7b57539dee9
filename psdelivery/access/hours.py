"""Actual hours: weeks, approval, import and export."""

from psdelivery.access.doors import SIGNED_IN, Door
from psdelivery.access.table import Action

HOURS: dict[str, Action | Door] = {
    "scheduling:hours-week-list": Action.ACTUALS_CONFIRM,
    "scheduling:hours-week-add": Action.ACTUALS_CONFIRM,
    # The own alone: `scheduling.hours_access`. The step of a week leads there.
    "scheduling:hours-week": SIGNED_IN,
    "scheduling:hours-confirm": Action.ACTUALS_CONFIRM,
    # What waits for the reader, or for whom they stand in, whatever their role.
    "scheduling:hours-approval-list": SIGNED_IN,
    # The own, and for who approves or sees them: `scheduling.hours_access`.
    "scheduling:hours-part": SIGNED_IN,
    "scheduling:hours-approve": SIGNED_IN,
    "scheduling:hours-return": SIGNED_IN,
    "scheduling:hours-correct": SIGNED_IN,
    "scheduling:hours-list": Action.ACTUALS_SEE,
    "scheduling:hours-export": Action.ACTUALS_SEE,
    "scheduling:hours-sheet": Action.ACTUALS_SEE,
    "scheduling:engagement-hours": Action.ACTUALS_SEE,
    "scheduling:hours-import-list": Action.ACTUALS_IMPORT,
    "scheduling:hours-import-detail": Action.ACTUALS_IMPORT,
    "scheduling:hours-import-run": Action.ACTUALS_IMPORT,
    "scheduling:hours-import-discard": Action.ACTUALS_IMPORT,
}
