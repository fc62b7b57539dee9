"""What stands against a step that somebody asks for, beside the playbook.

Pure: no writes, no clock, no request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from psdelivery.calendars import is_plannable
from psdelivery.people.models import Contact, Pool, User
from psdelivery.playbooks.choices import CalendarKind, EvidenceWanted, Phase
from psdelivery.registry import Reason


@dataclass(frozen=True, kw_only=True)
class AdHocStep:
    """A step of somebody's own: what, whose, and by when.

    Its owner is a role, a person, a pool, or a contact of the customer whom a person
    of ours chases (`assignee`, else the holder of the role, else the lead). Due is
    either a day, met until its end on the owner's calendar, or a moment (UTC).
    Without `reminder_days` those of R-21 apply.
    """

    title: str
    phase: int = Phase.PLAN
    owner_role: str = ""
    assignee: User | None = None
    pool: Pool | None = None
    contact: Contact | None = None
    due_day: date | None = None
    due_at: datetime | None = None
    instructions: str = ""
    subject_url: str = ""
    evidence_wanted: str = EvidenceWanted.NONE
    blocks_move: str = ""
    reminder_days: Mapping[str, Sequence[int]] | None = None

    @property
    def calendar(self) -> CalendarKind:
        """Whose calendar it is due on: what a customer does is due on theirs."""
        return CalendarKind.CUSTOMER if self.contact else CalendarKind.OWNER


def reasons_against_asking(asked: AdHocStep) -> list[Reason]:
    """Return what is missing before a step may be asked for: words, owner, one date."""
    return [
        *reasons_without_title(asked),
        *reasons_without_owner(asked),
        *reasons_without_date(asked),
    ]


def reasons_without_title(asked: AdHocStep) -> list[Reason]:
    """Return the reason against a step that does not say what to do."""
    if asked.title.strip():
        return []
    return [Reason("title-missing", _("Say what is to be done."))]


def reasons_without_owner(asked: AdHocStep) -> list[Reason]:
    """Return what is wrong with the owner: nobody, two, or somebody who has left."""
    if asked.assignee is not None and asked.pool is not None:
        sentence = _("A step belongs to a person or to a pool, not to both.")
        return [Reason("two-owners", sentence)]
    if asked.assignee is not None and not asked.assignee.is_active:
        sentence = _("%(person)s no longer works here.") % {"person": asked.assignee}
        return [Reason("owner-left", sentence)]
    named = (asked.owner_role, asked.assignee, asked.pool, asked.contact)
    if not any(named):
        return [Reason("owner-missing", _("Say who does it."))]
    if asked.contact is not None and not asked.contact.is_active:
        sentence = _("%(person)s no longer works at the customer.")
        return [Reason("contact-left", sentence % {"person": asked.contact})]
    return []


def reasons_without_date(asked: AdHocStep) -> list[Reason]:
    """Return what is wrong with the date: none, two, or one that nobody can mean."""
    if asked.due_day is None and asked.due_at is None:
        return [Reason("due-missing", _("Say by when."))]
    if asked.due_day is not None and asked.due_at is not None:
        return [Reason("two-dates", _("A step is due on a day or at a moment."))]
    day = asked.due_day or (asked.due_at.date() if asked.due_at else None)
    if day is not None and not is_plannable(day):
        return [Reason("due-far", _("This day is too far off."))]
    return []
