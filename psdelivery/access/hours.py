"""Actual hours: weeks, approval, import and export."""

from psdelivery.access.doors import SIGNED_IN, Door
from psdelivery.access.table import Action

HOURS: dict[str, Action | Door] = {
    "scheduling:hours-week-list": Action.ACTUALS_CONFIRM,
    "scheduling:hours-week-add": Action.ACTUALS_CONFIRM,
    # The own alone: `scheduling.hours_access`. The step of a week leads there.
    "scheduling:hours-week": SIGNED_IN,
    "scheduling:hours-confirm": Action.ACTUALS_CONFIRM,
}
