"""Which action each view of discovery is; a part of `URLS`."""

from psdelivery.access.doors import Door
from psdelivery.access.table import Action

DISCOVERY: dict[str, Action | Door] = {
    "execution:question-set-list": Action.REGISTER_SEE,
    "execution:question-set-add": Action.REGISTER_EDIT,
    "execution:question-set-edit": Action.REGISTER_EDIT,
    "execution:discovery-add": Action.WORK_EDIT,
    "execution:discovery-detail": Action.WORK_SEE,
    "execution:discovery-edit": Action.WORK_EDIT,
    "execution:discovery-remove": Action.WORK_EDIT,
    "execution:discovery-print": Action.WORK_SEE,
    "execution:discovery-mail": Action.MAIL_SEND,
    "execution:discovery-questions": Action.WORK_EDIT,
    "execution:discovery-question-add": Action.WORK_EDIT,
    "execution:discovery-notes-file": Action.WORK_EDIT,
    "execution:recap-draft": Action.WORK_EDIT,
    "execution:recap-read-back": Action.WORK_EDIT,
    "execution:recap-confirm": Action.WORK_EDIT,
    "execution:assumptions-take": Action.WORK_EDIT,
    "execution:assumption-add": Action.WORK_EDIT,
    "execution:assumption-decide": Action.WORK_EDIT,
    "execution:assumption-drop": Action.WORK_EDIT,
}
