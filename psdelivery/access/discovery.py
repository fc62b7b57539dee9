"""Which action each view of discovery is; a part of `URLS`."""

from psdelivery.access.doors import Door
from psdelivery.access.table import Action

DISCOVERY: dict[str, Action | Door] = {
    "execution:question-set-list": Action.REGISTER_SEE,
    "execution:question-set-add": Action.REGISTER_EDIT,
    "execution:question-set-edit": Action.REGISTER_EDIT,
}
