"""Approve the hours that wait, or send them back to who told them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import Reason, refuse
from scheduling.choices import HoursState
from scheduling.models import HoursEntry, HoursPart, HoursWeek
from scheduling.queries.hours import PART_NEEDS
from scheduling.rules.hours_approval import (
    Decider,
    reasons_against_deciding,
    reasons_against_version,
    reasons_without_words,
)
from scheduling.services.hours import asking, budgets
from scheduling.services.hours.reopening import ask_again
from scheduling.services.hours.weeks import current_settings, reasons_while_imported

# A part -> as what somebody decides it.
Right = Callable[[HoursPart], Decider]


@dataclass(frozen=True)
class Deciding:
    """Who decides, for whom where that one is away (R-23), and when."""

    by: User
    right: Right
    now: datetime
    on_behalf_of: Callable[[HoursPart], User | None] = lambda part: None


@dataclass(frozen=True)
class Decided:
    """What came of approving several at once: those approved, and those that were not.

    `refused` says of each why, in a sentence that names it.
    """

    approved: Sequence[HoursPart]
    refused: Sequence[Reason]


def locked_part(pk: int) -> HoursPart:
    """Return a part as it is stored; it waits for other writers.

    The week is locked first, as by whoever confirms it.
    """
    HoursWeek.objects.select_for_update(of=("self",)).get(parts=pk)
    rows = HoursPart.objects.select_for_update(of=("self",))
    needs = ("engagement__practice__manager", "engagement__region")
    return rows.select_related(*PART_NEEDS, *needs, "week__person__manager").get(pk=pk)


def approve(part: HoursPart, seen: int | None, deciding: Deciding) -> HoursPart:
    """Approve hours that wait; corrections that wait count with them.

    domain.md, section 4. Raises RuleRefused: for the own hours, for somebody else's to
    approve, for those decided already, and for those changed since they were `seen`.
    """
    with one_transaction():
        stored = locked_part(part.pk)
        refuse(reasons_against(stored, seen, deciding))
        put_approval(stored, deciding)
        asking.settle([asking.key_of(stored)], by=deciding.by, now=deciding.now)
        budgets.follow_budget(stored, by=deciding.by, now=deciding.now)
        return stored


def approve_many(seen: Sequence[tuple[int, int]], deciding: Deciding) -> Decided:
    """Approve what still stands as it was seen; `seen` is key and version of each.

    What somebody else decided, or was changed meanwhile, is told and stays as it is.
    """
    approved: list[HoursPart] = []
    refused: list[Reason] = []
    with one_transaction():
        versions = dict(seen)
        for pk in in_locking_order(versions):
            stored = locked_part(pk)
            reasons = reasons_against(stored, versions[pk], deciding)
            refused += [named(stored, reason) for reason in reasons]
            if not reasons:
                put_approval(stored, deciding)
                approved.append(stored)
        keys = [asking.key_of(part) for part in approved]
        asking.settle(keys, by=deciding.by, now=deciding.now)
        for part in approved:
            budgets.follow_budget(part, by=deciding.by, now=deciding.now)
    return Decided(approved, refused)


def in_locking_order(keys: Iterable[int]) -> list[int]:
    """One order for all, so that two who approve at once do not wait for each other."""
    rows = HoursPart.objects.filter(pk__in=list(keys)).order_by("week_id", "pk")
    return list(rows.values_list("pk", flat=True))


def named(part: HoursPart, reason: Reason) -> Reason:
    """Say of whom and of what a reason tells, among many."""
    sentence = _("%(person)s, %(work)s: %(why)s") % {
        "person": part.week.person,
        "work": part.engagement,
        "why": reason.sentence,
    }
    return Reason(reason.code, sentence, part.get_absolute_url(), _("Open it"))


def reasons_against(
    part: HoursPart, seen: int | None, deciding: Deciding
) -> list[Reason]:
    """Return what stands against this decision; the first thing first."""
    return (
        reasons_while_imported(current_settings())
        or reasons_against_deciding(part, deciding.right(part))
        or reasons_against_version(part, seen)
    )


def put_approval(part: HoursPart, deciding: Deciding) -> None:
    """Write that the hours are approved, with those that corrected them."""
    old = part.approved_hours
    part.state, part.approved_hours = HoursState.APPROVED, part.hours
    part.decided_by, part.decided_at = deciding.by, deciding.now
    part.version += 1
    part.save()
    HoursEntry.objects.filter(part=part, waits=True).update(waits=False)
    record_decision("hours-approved", part, deciding, old=old)


def send_back(
    part: HoursPart, reason: str, seen: int | None, deciding: Deciding
) -> HoursPart:
    """Send hours back with a reason: who told them corrects and confirms them again.

    Of hours that were approved before it is the correction that is refused: a
    counter-entry takes it back, and what was approved counts again. Raises RuleRefused
    as `approve` does, and without a reason.
    """
    with one_transaction():
        stored = locked_part(part.pk)
        against = reasons_against(stored, seen, deciding)
        words = reasons_without_words(reason, _("Say what is to be corrected."))
        refuse(against or words)
        if stored.is_correction:
            take_corrections_back(stored, reason, deciding)
        else:
            put_return(stored, reason, deciding)
        asking.settle([asking.key_of(stored)], by=deciding.by, now=deciding.now)
        budgets.follow_budget(stored, by=deciding.by, now=deciding.now)
        return stored


def put_return(part: HoursPart, reason: str, deciding: Deciding) -> None:
    """Write that the hours went back, and ask the person for the week again."""
    part.state, part.returned_reason = HoursState.RETURNED, reason
    part.decided_by, part.decided_at = deciding.by, deciding.now
    part.version += 1
    part.save()
    record_decision("hours-returned", part, deciding, reason=reason)
    ask_again(part.week, by=deciding.by, reason=reason, now=deciding.now)


def take_corrections_back(part: HoursPart, reason: str, deciding: Deciding) -> None:
    """Enter the opposite of each correction that waits; what was approved stands."""
    waiting = list(HoursEntry.objects.filter(part=part, waits=True).order_by("pk"))
    HoursEntry.objects.bulk_create(
        HoursEntry(
            part=part,
            day=entry.day,
            hours=-entry.hours,
            note=(_("Not approved: %(why)s") % {"why": reason})[:200],
            is_counter=True,
            by=deciding.by,
            at=deciding.now,
        )
        for entry in waiting
    )
    HoursEntry.objects.filter(pk__in=[entry.pk for entry in waiting]).update(
        waits=False
    )
    part.hours, part.state = part.approved_hours, HoursState.APPROVED
    part.returned_reason = reason
    part.decided_by, part.decided_at = deciding.by, deciding.now
    part.version += 1
    part.save()
    record_decision("hours-correction-refused", part, deciding, reason=reason)


def record_decision(
    verb: str,
    part: HoursPart,
    deciding: Deciding,
    *,
    old: object = None,
    reason: str = "",
) -> None:
    """Write the decision into the history of the engagement."""
    record(
        verb,
        by=deciding.by,
        on_behalf_of=deciding.on_behalf_of(part),
        subject=part,
        engagement=part.engagement,
        changes={"approved_hours": [old, part.hours]} if old is not None else {},
        reason=reason,
        now=deciding.now,
    )
