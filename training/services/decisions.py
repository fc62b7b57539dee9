"""Decide who the doubtful people of a report are; the next time it is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from psdelivery.people.models import User
from psdelivery.registry import Reason, refuse
from training.choices import AttendeeSource, RowFate
from training.models import Attendee, AttendeeAlias, AttendeeReport, ReportRow
from training.roster_queries import ON_ROSTER
from training.rules.matching import Person
from training.rules.roster import reasons_against_roster
from training.services.attendance import count_again_without, joins_kept, recount
from training.services.attendees import find_or_add, learn_about
from training.services.checklists import record_delivery
from training.services.reports import settle_report
from training.services.sessions import lock


@dataclass(frozen=True)
class Decision:
    """What becomes of a row: somebody on the roster, somebody new, or left out."""

    fate: RowFate
    attendee: int | None = None


@transaction.atomic
def decide_rows(
    report: AttendeeReport,
    decisions: Mapping[int, Decision],
    *,
    by: User,
    now: datetime,
) -> int:
    """Decide rows (by id) of a report that wait; return how many it were.

    What somebody else decided meanwhile stays. The last one settles the report. Raises
    RuleRefused for a class called off, and for somebody who is not on its roster.
    """
    report.delivery = lock(report.delivery)
    refuse(reasons_against_roster(report.delivery))
    rows = report.rows.filter(pk__in=decisions, fate=RowFate.DOUBTFUL)
    decided = list(rows)
    for row in decided:
        decide(report, row, decisions[row.pk], now=now)
    if decided:
        changes = {"people": [None, len(decided)]}
        record_delivery("rows-decided", report.delivery, changes, by=by, now=now)
    settle_report(report, by=by, now=now)
    return len(decided)


def decide(
    report: AttendeeReport, row: ReportRow, decision: Decision, *, now: datetime
) -> None:
    """Write what becomes of one row; a new person is put on the roster."""
    person = person_of(row)
    attendee = decision.attendee
    if decision.fate == RowFate.NEW:
        attendee = find_or_add(report, [person], now=now)[row.number]
    elif decision.fate == RowFate.MATCHED:
        refuse(reasons_against_choice(report, attendee))
    row.fate, row.note = decision.fate, ""
    row.attendee_id = attendee if decision.fate in ON_ROSTER else None
    row.save(update_fields=["fate", "note", "attendee"])
    if row.attendee_id is None:
        return
    learn_about({row.attendee_id: person}, now=now)
    if report.session is not None:
        recount(report.session, [row.attendee_id])


def reasons_against_choice(
    report: AttendeeReport, attendee: int | None
) -> list[Reason]:
    """Return the reason against somebody who is not on the roster of the class."""
    on_roster = report.delivery.attendees
    if attendee is not None and on_roster.filter(pk=attendee).exists():
        return []
    return [Reason("attendee", _("Choose somebody who is on the roster."))]


def person_of(row: ReportRow) -> Person:
    """Return the person of a row as the report told of them."""
    names = [row.name, *(one[3] for one in row.joins if len(one) > 3)]
    joins = zip(joins_kept(row.joins), names[1:] or names, strict=False)
    return Person(
        number=row.number,
        names=tuple(dict.fromkeys(filter(None, names))),
        email=row.email,
        joins=tuple(joins),
        minutes=row.minutes,
        registered_at=row.registered_at,
        is_there=bool(row.joins or row.minutes),
    )


@transaction.atomic
def reopen_row(row: ReportRow, *, by: User, now: datetime) -> ReportRow:
    """Take back what was decided of a row: it waits again, and tells of nobody.

    Names that were learned from it are forgotten; somebody who is on the roster by
    this row alone leaves it. Raises RuleRefused for a class called off.
    """
    report = row.report
    report.delivery = lock(report.delivery)
    refuse(reasons_against_roster(report.delivery))
    row = ReportRow.objects.get(pk=row.pk)
    attendee, fate = row.attendee_id, row.fate
    if fate == RowFate.DOUBTFUL:
        return row
    row.fate, row.attendee, row.note = RowFate.DOUBTFUL, None, ""
    row.save(update_fields=["fate", "attendee", "note"])
    if attendee is not None:
        forget(row, attendee)
        count_again_without(report.session, attendee)
        if fate == RowFate.NEW:
            remove_if_alone(attendee)
    AttendeeReport.objects.filter(pk=report.pk).update(settled_at=None)
    record_delivery("row-reopened", report.delivery, {}, by=by, now=now)
    return row


def forget(row: ReportRow, attendee: int) -> None:
    """Forget the names and the address that an attendee was known by from a row."""
    person = person_of(row)
    aliases = AttendeeAlias.objects.filter(attendee=attendee)
    aliases.filter(name__in=person.names).delete()
    if row.email:
        aliases.filter(email=row.email).delete()


def remove_if_alone(attendee: int) -> None:
    """Take somebody off the roster whom nothing but the row told of."""
    Attendee.objects.filter(
        pk=attendee,
        report_rows=None,
        attendances=None,
        submissions=None,
    ).exclude(source=AttendeeSource.HAND).delete()
