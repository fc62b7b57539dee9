"""Decisions about time off: what may be entered, changed and decided, and by whom."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from psdelivery.access import Action, Scope, scope_for
from psdelivery.calendars import is_plannable
from psdelivery.people.choices import Role, TimeOffKind, TimeOffState
from psdelivery.people.models import TimeOff, User
from psdelivery.people.moments import span_text
from psdelivery.people.rules.hours import LONGEST_DAY, QUARTER
from psdelivery.registry import Reason

# They happen whatever anybody says, so nobody is asked.
FACTS = frozenset({TimeOffKind.SICKNESS, TimeOffKind.PARENTAL})
COUNTING = frozenset({TimeOffState.REQUESTED, TimeOffState.APPROVED})
# Parental leave of three years; more is a slip of the keyboard.
LONGEST_DAYS = 1_100


@dataclass(frozen=True, kw_only=True)
class TimeOffDraft:
    """Time off as somebody enters it; both days are included."""

    kind: str
    starts_on: date
    ends_on: date
    deputy: User | None = None
    note: str = ""
    hours_per_day: Decimal | None = None


def is_fact(kind: str) -> bool:
    """Whether this kind of time off is entered and not asked for."""
    return kind in FACTS


def state_on_entry(kind: str) -> TimeOffState:
    """Return the state in which time off begins: a fact is approved at once."""
    return TimeOffState.APPROVED if is_fact(kind) else TimeOffState.REQUESTED


def state_after_change(before: TimeOff, draft: TimeOffDraft) -> TimeOffState:
    """Return the state after a change: days that nobody approved are asked for anew.

    Shorter time off, another deputy or note leave the approval as it is.
    """
    if is_fact(draft.kind):
        return TimeOffState.APPROVED
    was_asked = before.state == TimeOffState.APPROVED and not is_fact(before.kind)
    if was_asked and _is_within(draft, before):
        return TimeOffState.APPROVED
    return TimeOffState.REQUESTED


def _is_within(draft: TimeOffDraft, before: TimeOff) -> bool:
    is_within = before.starts_on <= draft.starts_on and draft.ends_on <= before.ends_on
    whole = LONGEST_DAY
    return is_within and (draft.hours_per_day or whole) <= (
        before.hours_per_day or whole
    )


def reasons_against_hours_away(hours: Decimal | None) -> list[Reason]:
    """Part of a day is counted in quarter hours; without hours it is whole days."""
    if hours is None:
        return []
    if not 0 < hours < LONGEST_DAY:
        sentence = _("Part of a day has 0.25 to 23.75 hours.")
        return [Reason("hours-away", sentence)]
    if hours % QUARTER:
        sentence = _("Hours are counted in quarters: 3.25, 3.5, 3.75.")
        return [Reason("hours-away", sentence)]
    return []


def reasons_against_days(starts_on: date, ends_on: date) -> list[Reason]:
    """Return what is wrong with the days themselves."""
    if not (is_plannable(starts_on) and is_plannable(ends_on)):
        return [Reason("day-far", _("Choose days between 2000 and 2099."))]
    if ends_on < starts_on:
        return [Reason("order", _("The last day lies before the first."))]
    if (ends_on - starts_on).days >= LONGEST_DAYS:
        return [Reason("long", _("This is longer than three years."))]
    return []


def reasons_against_overlap(
    draft: TimeOffDraft, others: Iterable[TimeOff]
) -> list[Reason]:
    """Nobody is away twice at once; but a fact may fall into a holiday.

    `others` is the person's other time off that counts.
    """
    return [
        _overlap(other)
        for other in others
        if other.starts_on <= draft.ends_on
        and draft.starts_on <= other.ends_on
        and (is_fact(other.kind) or not is_fact(draft.kind))
    ]


def _overlap(other: TimeOff) -> Reason:
    sentence = _("There is time off from %(days)s already. Change that one instead.")
    return Reason(
        "overlap",
        sentence % {"days": span_text(other.starts_on, other.ends_on)},
        fix_url=reverse("people:time-off-detail", args=[other.pk]),
        fix_label=_("Open it"),
    )


def reasons_against_deputy(person: User, deputy: User | None) -> list[Reason]:
    """R-23: whoever stands in is somebody else, and works here."""
    if deputy is None:
        return []
    if deputy == person:
        return [Reason("deputy-self", _("Nobody stands in for themselves."))]
    if not deputy.is_active:
        sentence = _("%(person)s has left and cannot stand in.")
        return [Reason("deputy-left", sentence % {"person": deputy.display_name})]
    return []


def reasons_against_changing_time_off(time_off: TimeOff) -> list[Reason]:
    """What was refused or cancelled is over: it is entered anew."""
    if time_off.state in COUNTING:
        return []
    return [Reason("state", _("This time off does not count any more. Enter it anew."))]


def reasons_against_deciding(time_off: TimeOff, by: User) -> list[Reason]:
    """Nobody approves their own time off, and a fact or a decision is not decided."""
    if by.pk == time_off.person_id:
        return [Reason("own", _("Nobody approves their own time off."))]
    if time_off.state != TimeOffState.REQUESTED:
        return [Reason("decided", _("There is nothing to decide any more."))]
    return []


def is_over(time_off: TimeOff, today: date) -> bool:
    """Whether the last day of it has passed; `today` is the person's."""
    return time_off.ends_on < today


def approvers_of(
    person: User,
    *,
    managers: Mapping[int, int | None],
    roles: Mapping[int, Collection[Role]],
) -> list[int]:
    """Return the ids of who is asked: the nearest manager who approves time off.

    Without one the manager of the practice, without that all of leadership. `roles`
    are those of the active people who may approve at all, `managers` says who reports
    to whom. Never the person.
    """
    seen = {person.pk}
    above = person.manager_id
    while above is not None and above not in seen:
        if above in roles:
            return [above]
        seen.add(above)
        above = managers.get(above)
    of_practice = person.practice.manager_id if person.practice else None
    if of_practice is not None and of_practice in roles and of_practice != person.pk:
        return [of_practice]
    return sorted(
        pk for pk, held in roles.items() if pk != person.pk and _reaches_all(held)
    )


def _reaches_all(roles: Collection[Role]) -> bool:
    return scope_for(roles, Action.TIME_OFF_APPROVE) is Scope.ALL
