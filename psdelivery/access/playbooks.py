"""Playbooks, steps and moves of dates."""

from psdelivery.access.doors import Door
from psdelivery.access.table import Action

PLAYBOOKS: dict[str, Action | Door] = {
    "playbooks:playbook-list": Action.REGISTER_SEE,
    "playbooks:playbook-detail": Action.REGISTER_SEE,
    "playbooks:playbook-versions": Action.REGISTER_SEE,
    "playbooks:playbook-version": Action.REGISTER_SEE,
    "playbooks:playbook-running": Action.REGISTER_SEE,
    "playbooks:draft-start": Action.REGISTER_PROPOSE,
    "playbooks:draft-detail": Action.REGISTER_PROPOSE,
    "playbooks:draft-note": Action.REGISTER_PROPOSE,
    "playbooks:draft-publish": Action.REGISTER_EDIT,
    "playbooks:draft-discard": Action.REGISTER_PROPOSE,
    "playbooks:draft-step-add": Action.REGISTER_PROPOSE,
    "playbooks:draft-step-edit": Action.REGISTER_PROPOSE,
    "playbooks:draft-step-remove": Action.REGISTER_PROPOSE,
    "playbooks:draft-step-shift": Action.REGISTER_PROPOSE,
    "playbooks:checklist-adopt": Action.ENGAGEMENT_EDIT,
    "playbooks:step-detail": Action.MY_DAY,
    "playbooks:step-complete": Action.STEP_TICK,
    "playbooks:step-reopen": Action.STEP_TICK,
    "playbooks:step-set-aside": Action.STEP_TICK,
    "playbooks:step-hand": Action.STEP_TICK,
    "playbooks:step-snooze": Action.STEP_TICK,
    "playbooks:step-wake": Action.STEP_TICK,
    "playbooks:step-delegate": Action.STEP_TICK,
    "playbooks:step-take-back": Action.STEP_TICK,
    "playbooks:step-pass": Action.STEP_TICK,
    "playbooks:step-unpin": Action.STEP_TICK,
    "playbooks:move-detail": Action.ENGAGEMENT_SEE,
    "playbooks:move-undo": Action.WORK_EDIT,
    "playbooks:step-mail": Action.MAIL_SEND,
    "playbooks:step-elsewhere": Action.MAIL_SEND,
}
