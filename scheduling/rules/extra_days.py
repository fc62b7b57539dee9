"""Decisions about agreed extra days: weekend, overtime, travel (R-6)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from psdelivery.calendars import is_plannable
from psdelivery.people.models import User
from psdelivery.people.rules.hours import LONGEST_DAY, QUARTER
from psdelivery.registry import Reason
from scheduling.choices import ExtraDayState
from scheduling.models import ExtraDay
from scheduling.rules.booking import reasons_against_person


@dataclass(frozen=True, kw_only=True)
class ExtraDayDraft:
    """An extra day as somebody asks for it: whose, when, how many hours, and why."""

    person: User
    day: date
    hours: Decimal
    kind: str
    reason: str


def reasons_against_asking(draft: ExtraDayDraft, *, today: date) -> list[Reason]:
    """R-6: an extra day has a day to come, quarter hours and a reason.

    `today` is the person's day.
    """
    reasons = reasons_against_person(draft.person)
    if not is_plannable(draft.day) or draft.day < today:
        reasons.append(Reason("day", _("Choose a day to come.")))
    if not 0 < draft.hours <= LONGEST_DAY or draft.hours % QUARTER:
        sentence = _("Say 0.25 to 24 hours, in quarters.")
        reasons.append(Reason("hours", sentence))
    if not draft.reason.strip():
        reasons.append(Reason("reason", _("Say why.")))
    return reasons


def reasons_against_answering(extra: ExtraDay) -> list[Reason]:
    """What was agreed, declined or taken back is not answered again."""
    if extra.state == ExtraDayState.ASKED:
        return []
    sentence = _("This was decided meanwhile: %(state)s.")
    return [Reason("decided", sentence % {"state": extra.get_state_display()})]


def reasons_against_granting(extra: ExtraDay, by: User) -> list[Reason]:
    """R-6: the manager grants it, once; nobody grants their own."""
    if extra.person_id == by.pk:
        return [Reason("own", _("Nobody grants an extra day to themselves."))]
    if extra.granted_at is not None:
        return [Reason("granted", _("It is granted already."))]
    return reasons_against_answering(extra)


def reasons_against_consenting(extra: ExtraDay, by: User) -> list[Reason]:
    """R-6: only the person consents, once."""
    if extra.person_id != by.pk:
        return [Reason("other", _("Only the person agrees to an extra day."))]
    if extra.consented_at is not None:
        return [Reason("consented", _("You agreed to it already."))]
    return reasons_against_answering(extra)


def reasons_against_taking_back(extra: ExtraDay) -> list[Reason]:
    """What was declined or taken back is over."""
    if extra.state in {ExtraDayState.ASKED, ExtraDayState.AGREED}:
        return []
    sentence = _("This does not count any more: %(state)s.")
    return [Reason("over", sentence % {"state": extra.get_state_display()})]


def is_agreed(extra: ExtraDay) -> bool:
    """R-6: it counts once the manager granted it and the person consents."""
    return extra.granted_at is not None and extra.consented_at is not None
