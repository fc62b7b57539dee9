"""What the history writes down of places that lie above it and cannot call it."""

from django.utils.translation import gettext_lazy as _

from psdelivery.history.services import record
from psdelivery.history.verbs import register_field, register_verb
from psdelivery.people.events import RecordChanged
from psdelivery.registry import reactions

PEOPLE_VERBS = {
    "person-added": _("added the person"),
    "person-edited": _("changed the person"),
    "person-left": _("marked the person as left"),
    "person-returned": _("brought the person back"),
    "password-set": _("set the password"),
    "roles-changed": _("changed the roles"),
    "person-erased": _("erased the personal data of"),
    "contact-erased": _("erased the personal data of the contact"),
    "personal-data-exported": _("took a copy of the personal data of"),
    "log-in-link-sent": _("sent the log-in link"),
    "customer-added": _("added the customer"),
    "customer-edited": _("changed the customer"),
    "contact-added": _("added the contact"),
    "contact-edited": _("changed the contact"),
    "setting-changed": _("changed the setting"),
    "hours-set": _("set the working hours of"),
    "hours-removed": _("took back working hours of"),
    "notifications-chosen": _("chose how to be told"),
    "pool-added": _("added the pool"),
    "pool-edited": _("changed the pool"),
    "second-factor-added": _("set up the second factor"),
    "second-factor-removed": _("removed the second factor"),
    "second-factor-reset": _("took away the lost second factor"),
    "company-log-in-linked": _("came in by the company's log-in"),
    "skill-added": _("added the skill"),
    "skill-edited": _("changed the skill"),
    "skills-stated": _("stated their skills"),
    "skill-confirmed": _("confirmed a skill of"),
    "time-off-entered": _("entered time off"),
    "time-off-edited": _("changed time off"),
    "time-off-approved": _("approved time off"),
    "time-off-refused": _("refused time off"),
    "time-off-cancelled": _("cancelled time off"),
}
PEOPLE_FIELDS = {
    "starts_on": _("first day"),
    "ends_on": _("last day"),
    "valid_from": _("valid from"),
}


def write_down(event: RecordChanged) -> None:
    """Write one event, in the transaction of the change."""
    record(
        event.verb,
        by=event.by,
        subject=event.subject,
        changes=event.changes,
        reason=event.reason,
        on_behalf_of=event.on_behalf_of,
        now=event.at,
    )


def register_people() -> None:
    """Listen to people, and say their verbs in words."""
    reactions.register(RecordChanged, write_down, order=0)
    for verb, words in PEOPLE_VERBS.items():
        register_verb(verb, words)
    for field, name in PEOPLE_FIELDS.items():
        register_field(field, name)
