"""Minutes of attendees in sessions: from all reports together, or entered by hand."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from psdelivery.people.models import User
from psdelivery.registry import refuse
from training.imports import Join
from training.models import Attendance, ReportRow, Session
from training.roster_queries import ON_ROSTER
from training.rules.classes import reasons_against_held
from training.rules.roster import merged, minutes_within, reasons_against_roster
from training.services.checklists import record_delivery
from training.services.roster import follow_roster
from training.services.sessions import lock


@dataclass
class Told:
    """What all reports of a session tell of one attendee."""

    joins: list[Join] = field(default_factory=list)
    # Of reports that sum up; the longest, since each is the whole.
    counted: int = 0


def recount(session: Session, attendees: Collection[int]) -> None:
    """Count the minutes of these attendees anew, from the rows of all reports.

    A report that came twice, or a newer one of the same session, changes nothing that
    the others told; one of a second part of the session adds to it. Minutes entered by
    hand give way where a report tells of the person. The caller holds the class.
    """
    told = told_of(session, attendees)
    Attendance.objects.bulk_create(
        [attendance_of(session, pk, one) for pk, one in told.items()],
        update_conflicts=True,
        unique_fields=["attendee", "session"],
        update_fields=["minutes", "joined_at", "left_at"],
    )


def told_of(session: Session, attendees: Collection[int]) -> dict[int, Told]:
    """Return what the reports of a session tell of those who were there."""
    rows = ReportRow.objects.filter(
        report__session=session, attendee__in=attendees, fate__in=ON_ROSTER
    )
    told: dict[int, Told] = defaultdict(Told)
    for attendee, joins, minutes in rows.order_by().values_list(
        "attendee", "joins", "minutes"
    ):
        if joins or minutes:
            told[attendee].joins += joins_kept(joins)
            told[attendee].counted = max(told[attendee].counted, minutes)
    return dict(told)


def joins_kept(joins: Iterable[list[str]]) -> list[Join]:
    """Return the joins of a row as they were told."""
    return [
        Join(datetime.fromisoformat(one[0]), datetime.fromisoformat(one[1]))
        for one in joins
    ]


def attendance_of(session: Session, attendee: int, told: Told) -> Attendance:
    """Return what counts of one attendee in a session (not saved)."""
    joins = merged(told.joins)
    counted = 0 if joins else told.counted
    return Attendance(
        attendee_id=attendee,
        session=session,
        minutes=minutes_within(
            joins, session.starts_at, session.ends_at, counted=counted
        ),
        joined_at=joins[0].joined if joins else None,
        left_at=joins[-1].left if joins else None,
    )


def count_again_without(session: Session | None, attendee: int) -> None:
    """Take back what a row told of an attendee; what others tell stays.

    The caller holds the class, and has changed the row.
    """
    if session is None:
        return
    Attendance.objects.filter(session=session, attendee=attendee).delete()
    recount(session, [attendee])


@transaction.atomic
def enter_attendance(
    session: Session, minutes: Mapping[int, int], *, by: User, now: datetime
) -> None:
    """Keep by hand for how long attendees (by id) were in a session; 0: not at all.

    Raises RuleRefused before the session has begun, and for a class called off.
    """
    delivery = lock(session.delivery)
    refuse(reasons_against_roster(delivery) + reasons_against_held(session, now=now))
    before = dict(
        Attendance.objects.filter(
            session=session, attendee__in=minutes.keys()
        ).values_list("attendee", "minutes")
    )
    changed = {pk: n for pk, n in minutes.items() if before.get(pk) != n}
    on_roster = delivery.attendees.filter(pk__in=changed).values_list("pk", flat=True)
    Attendance.objects.bulk_create(
        [
            Attendance(attendee_id=pk, session=session, minutes=changed[pk])
            for pk in on_roster
        ],
        update_conflicts=True,
        unique_fields=["attendee", "session"],
        update_fields=["minutes", "joined_at", "left_at"],
    )
    if changed:
        changes = {"people": [None, len(changed)]}
        record_delivery("attendance-entered", delivery, changes, by=by, now=now)
    follow_roster(delivery, by=by, now=now)
