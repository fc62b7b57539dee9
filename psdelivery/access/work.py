"""Which action each view of work items is; a part of `URLS`."""

from psdelivery.access.doors import Door
from psdelivery.access.table import Action

WORK: dict[str, Action | Door] = {
    "execution:work-draft": Action.WORK_EDIT,
    "execution:work-markdown": Action.WORK_SEE,
    "execution:work-project": Action.WORK_EDIT,
    "execution:work-push": Action.WORK_EDIT,
    "execution:work-item-there": Action.WORK_SEE,
    "execution:work-item-take": Action.WORK_EDIT,
    "execution:work-item-overwrite": Action.WORK_EDIT,
    "execution:work-item-add": Action.WORK_EDIT,
    "execution:work-item-detail": Action.WORK_SEE,
    "execution:work-item-edit": Action.WORK_EDIT,
    "execution:work-item-move": Action.WORK_EDIT,
    "execution:work-item-remove": Action.WORK_EDIT,
    "execution:open-question-add": Action.WORK_EDIT,
    "execution:open-question-answer": Action.WORK_EDIT,
    "execution:open-question-risk": Action.WORK_EDIT,
    "execution:open-question-drop": Action.WORK_EDIT,
}
