"""Which action each view of health, hours left and the dedicated rhythm is."""

from psdelivery.access.doors import Door
from psdelivery.access.table import Action

HEALTH: dict[str, Action | Door] = {
    "execution:health-list": Action.WORK_SEE,
    "execution:health-add": Action.WORK_EDIT,
    "execution:health-detail": Action.WORK_SEE,
    # Engineers mail what they wrote themselves: the view asks.
    "execution:health-mail": Action.MAIL_SEND,
    "execution:goals-edit": Action.WORK_EDIT,
    "execution:summary-edit": Action.WORK_EDIT,
    "execution:hours-review": Action.WORK_EDIT,
    "execution:renewal-decide": Action.WORK_EDIT,
}
