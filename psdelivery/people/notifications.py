"""Why somebody gets a mail from the portal, and how they want it.

Each place enters its own reasons in `AppConfig.ready()`. A row is stored only for
a choice that differs from the default.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from psdelivery.people.choices import NotificationDelivery
from psdelivery.people.models import NotificationChoice

STEP_DUE = "step-due"
STEP_LATE = "step-late"
MENTION = "mention"
HANDOFF = "handoff"
APPROVAL = "approval"
CHANGE = "change"


@dataclass(frozen=True, kw_only=True)
class NotificationReason:
    """A reason for staff mail, in the words of the profile page."""

    key: str
    title: str | Promise
    help: str | Promise = ""
    default: NotificationDelivery


_reasons: dict[str, NotificationReason] = {}


def register_reason(
    key: str,
    title: str | Promise,
    default: NotificationDelivery,
    *,
    help: str | Promise = "",
) -> None:
    """Enter a reason; a second entry of the same key replaces the first."""
    _reasons[key] = NotificationReason(key=key, title=title, help=help, default=default)


def registered_reasons() -> list[NotificationReason]:
    """Return all reasons as they were entered."""
    return list(_reasons.values())


def default_delivery(reason: str) -> NotificationDelivery:
    """Return how a reason is told when nobody chose; an unknown one at once."""
    known = _reasons.get(reason)
    return known.default if known else NotificationDelivery.IMMEDIATE


def delivery_for(
    people_ids: Iterable[int], reason: str
) -> dict[int, NotificationDelivery]:
    """Return how each of these people wants to hear of this; one query for all."""
    wanted = set(people_ids)
    found = dict.fromkeys(wanted, default_delivery(reason))
    rows = NotificationChoice.objects.filter(person_id__in=wanted, reason=reason)
    for person_id, delivery in rows.values_list("person_id", "delivery"):
        found[person_id] = NotificationDelivery(delivery)
    return found


def register_core_reasons() -> None:
    """Enter the reasons that more than one place has."""
    at_once, daily = NotificationDelivery.IMMEDIATE, NotificationDelivery.DIGEST
    register_reason(
        STEP_DUE, _("A step of mine is due"), daily,
        help=_("Two days before, and on the day."),
    )  # fmt: skip
    register_reason(
        STEP_LATE, _("A step is late"), at_once,
        help=_("Of mine, of my engagements, or of my reports."),
    )  # fmt: skip
    register_reason(MENTION, _("Somebody mentions me in a comment"), at_once)
    register_reason(HANDOFF, _("A handoff waits for me"), at_once)
    register_reason(
        APPROVAL, _("Something waits for my approval"), at_once,
        help=_("Time off of my reports, work at risk, change orders. Also the answer."),
    )  # fmt: skip
    register_reason(
        CHANGE, _("Something of mine was changed"), daily,
        help=_("Dates that moved, people who changed, time off for which I stand in."),
    )  # fmt: skip
