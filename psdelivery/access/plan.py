"""Which action each view of kickoff, plan and kits is; a part of `URLS`."""

from psdelivery.access.doors import Door
from psdelivery.access.table import Action

PLAN: dict[str, Action | Door] = {
    "execution:kickoff-detail": Action.WORK_SEE,
    "execution:kickoff-begin": Action.WORK_EDIT,
    # People of the customer are invited: engineers write of their own sessions only.
    "execution:kickoff-call": Action.ENGAGEMENT_EDIT,
    "execution:kickoff-call-cancel": Action.ENGAGEMENT_EDIT,
    "execution:kickoff-links": Action.WORK_EDIT,
    "execution:kickoff-held": Action.WORK_EDIT,
    "execution:risk-add": Action.WORK_EDIT,
    "execution:risk-edit": Action.WORK_EDIT,
    "execution:raci-edit": Action.WORK_EDIT,
    "execution:raci-agree": Action.WORK_EDIT,
    "execution:template-take": Action.WORK_EDIT,
    "execution:plan-agree": Action.WORK_EDIT,
    "execution:deliverable-add": Action.WORK_EDIT,
    "execution:deliverable-detail": Action.WORK_SEE,
    "execution:deliverable-edit": Action.WORK_EDIT,
    "execution:deliverable-remove": Action.WORK_EDIT,
    "execution:version-add": Action.WORK_EDIT,
    "execution:deliverable-move": Action.WORK_EDIT,
    "execution:deliverable-review": Action.WORK_EDIT,
    "execution:kit-detail": Action.REGISTER_SEE,
    "execution:kit-item-add": Action.REGISTER_EDIT,
    "execution:kit-item-edit": Action.REGISTER_EDIT,
    "execution:kit-take": Action.WORK_EDIT,
    "execution:link-add": Action.WORK_EDIT,
    "execution:link-remove": Action.WORK_EDIT,
    "execution:lesson-add": Action.WORK_EDIT,
    "execution:lesson-answer": Action.REGISTER_EDIT,
}
