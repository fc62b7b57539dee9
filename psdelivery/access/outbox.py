"""Mails, drafts and the texts of mails."""

from psdelivery.access.doors import Door
from psdelivery.access.table import Action

OUTBOX: dict[str, Action | Door] = {
    "outbox:message-list": Action.OUTBOX_READ,
    "outbox:message-detail": Action.OUTBOX_READ,
    "outbox:message-retry": Action.MAIL_DECIDE,
    "outbox:message-cancel": Action.MAIL_DECIDE,
    "outbox:message-confirm": Action.MAIL_DECIDE,
    "outbox:message-bounce": Action.MAIL_DECIDE,
    "outbox:message-clear": Action.MAIL_DECIDE,
    "outbox:contact-address": Action.CUSTOMER_EDIT,
    "outbox:test-mail": Action.USERS_EDIT,
    "outbox:draft-add": Action.MAIL_SEND,
    "outbox:draft-edit": Action.MAIL_SEND,
    "outbox:draft-remake": Action.MAIL_SEND,
    "outbox:draft-send": Action.MAIL_SEND,
    "outbox:template-list": Action.REGISTER_SEE,
    "outbox:template-detail": Action.REGISTER_SEE,
    "outbox:template-edit": Action.REGISTER_EDIT,
    "outbox:template-reset": Action.REGISTER_EDIT,
    "outbox:template-restore": Action.REGISTER_EDIT,
}
