"""Reads of rosters: who is known, who came, what is still to be decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from psdelivery.people.models import User
from psdelivery.people.moments import day_text
from psdelivery.people.register import portal_settings
from training.choices import AttendeeSource, RowFate, SeatOrderState
from training.models import (
    Attendance,
    Attendee,
    AttendeeReport,
    Delivery,
    RegistrationCount,
    ReportRow,
    SeatOrder,
    Session,
)
from training.rules.classes import day_of
from training.rules.matching import Known, Memory
from training.rules.roster import RosterState

PRESENT_MINUTES = "roster.present_minutes"
REPORT_MEGABYTES = "roster.report_megabytes"
ON_ROSTER = frozenset({RowFate.MATCHED, RowFate.NEW})

STANDING = Q(cancelled_at__isnull=True)
REGISTERED = STANDING & ~Q(source=AttendeeSource.REPORT)


def least_minutes() -> int:
    """Return from how many minutes on somebody counts as having been there."""
    return int(portal_settings()[PRESENT_MINUTES])


def with_presence(
    attendees: QuerySet[Attendee], least: int | None = None
) -> QuerySet[Any]:
    """Annotate `was_there`: for long enough in one session at least.

    `least` are the minutes of `least_minutes`, read here where they are not given.
    """
    least = least_minutes() if least is None else least
    there = Attendance.objects.filter(attendee=OuterRef("pk"), minutes__gte=least)
    return attendees.annotate(was_there=Exists(there))


@dataclass(frozen=True)
class RosterCounts:
    """How many people of a class registered, came, did not come, called off."""

    registered: int = 0
    came: int = 0
    no_shows: int = 0
    called_off: int = 0
    # There without having registered.
    walk_ins: int = 0
    everybody: int = 0


def counts_of(delivery: Delivery, least: int | None = None) -> RosterCounts:
    """Return the numbers of a roster (one query, and one for the minutes)."""
    came = Q(was_there=True)
    found = with_presence(delivery.attendees.order_by(), least).aggregate(
        registered=Count("pk", filter=REGISTERED),
        came=Count("pk", filter=came),
        no_shows=Count("pk", filter=REGISTERED & ~came),
        called_off=Count("pk", filter=~STANDING),
        walk_ins=Count("pk", filter=came & Q(source=AttendeeSource.REPORT)),
        everybody=Count("pk"),
    )
    return RosterCounts(**found)


def no_shows_of(delivery: Delivery) -> QuerySet[Any]:
    """Return who registered and came to no session."""
    found = with_presence(delivery.attendees.all())
    return found.filter(REGISTERED, was_there=False)


def known_people(delivery: Delivery) -> list[Known]:
    """Return the roster as reports are matched against it (two queries)."""
    people = delivery.attendees.order_by("pk").prefetch_related("aliases")
    return [known_of(attendee) for attendee in people]


def known_of(attendee: Attendee) -> Known:
    """Return all names and addresses that are known of somebody."""
    aliases = list(attendee.aliases.all())
    names = [attendee.name, *(alias.name for alias in aliases)]
    emails = [attendee.email, *(alias.email for alias in aliases)]
    return Known(
        attendee.pk, tuple(filter(None, names)), frozenset(filter(None, emails))
    )


def memory_of(delivery: Delivery, emails: Iterable[str]) -> Memory:
    """Return what is known beside the roster: our people, and who was left out.

    Rows that were left out by themselves say why in their note; those without one a
    person left out.
    """
    team = [member.person for member in delivery.engagement.team.all()]
    ours = [one for one in (delivery.trainer, delivery.alternative_host, *team) if one]
    addresses = [one.email for one in ours]
    if delivery.host is not None:
        addresses.append(delivery.host.email)
    staff = User.objects.filter(email__in=[email for email in emails if email])
    addresses += staff.values_list("email", flat=True)
    left_out = ReportRow.objects.filter(
        report__delivery=delivery, fate=RowFate.IGNORED, note=""
    )
    return Memory(
        staff_emails=frozenset(one.lower() for one in addresses if one),
        staff_names=tuple(one.display_name for one in ours),
        left_out=frozenset(
            (name.casefold(), email)
            for name, email in left_out.values_list("name", "email")
        ),
        expects=delivery.attendees.filter(REGISTERED).exists(),
    )


def doubtful_rows(delivery: Delivery) -> QuerySet[ReportRow]:
    """Return the rows that somebody has to decide, the oldest report first."""
    waiting = ReportRow.objects.filter(report__delivery=delivery, fate=RowFate.DOUBTFUL)
    return waiting.select_related("report").order_by("report", "number", "pk")


def known_sessions(delivery: Delivery) -> set[int]:
    """Return of which sessions it is known who came: settled report, or by hand."""
    told = AttendeeReport.objects.filter(
        delivery=delivery, session__isnull=False, settled_at__isnull=False
    ).order_by()
    counted = Attendance.objects.filter(session__delivery=delivery).order_by()
    both = told.values_list("session").union(counted.values_list("session"))
    return {pk for (pk,) in both}


def roster_state(delivery: Delivery, known: set[int] | None = None) -> RosterState:
    """Return what decides whether the roster of a class is complete (five queries).

    `known` are those of `known_sessions`, read here where they are not given.
    """
    sessions = list(delivery.sessions.all())
    for session in sessions:
        session.delivery = delivery
    known = known_sessions(delivery) if known is None else known
    waiting = doubtful_rows(delivery).values_list("report", flat=True)
    reports = list(waiting)
    url = f"{delivery.get_absolute_url()}roster/"
    return RosterState(
        delivery=delivery,
        people=delivery.attendees.count(),
        doubtful=len(reports),
        not_held=[one for one in sessions if one.held_on is None],
        unknown=[one for one in sessions if one.held_on and one.pk not in known],
        url=url,
        review_url=f"{url}reports/{reports[0]}/" if reports else "",
    )


@dataclass(frozen=True)
class Seats:
    """Seats of a class: those sold with it, and those ordered on top."""

    total: int
    extra: int
    asked: SeatOrder | None
    count: RegistrationCount | None

    @property
    def sold(self) -> int:
        return self.total - self.extra

    @property
    def missing(self) -> int:
        """How many have registered above the seats."""
        return max(0, self.count.registered - self.total) if self.count else 0


def seats_of(delivery: Delivery) -> Seats:
    """Return the seats of a class and the newest count (two queries)."""
    orders = list(delivery.seat_orders.all())
    asked = (one for one in orders if one.state == SeatOrderState.ASKED)
    return Seats(
        total=delivery.seats,
        extra=sum(one.seats for one in orders if one.state == SeatOrderState.ORDERED),
        asked=next(asked, None),
        count=delivery.counts.first(),
    )


def with_card_numbers(deliveries: QuerySet[Delivery]) -> QuerySet[Any]:
    """Annotate what the card on the first page tells of a roster."""
    newest = RegistrationCount.objects.filter(delivery=OuterRef("pk"))
    people = Attendee.objects.filter(delivery=OuterRef("pk"))
    doubtful = ReportRow.objects.filter(
        report__delivery=OuterRef("pk"), fate=RowFate.DOUBTFUL
    )
    return deliveries.annotate(
        roster_registered=number_of(people.filter(REGISTERED), "delivery"),
        roster_everybody=number_of(people, "delivery"),
        roster_doubtful=number_of(doubtful, "report__delivery"),
        roster_counted=Subquery(newest.values("registered")[:1]),
        roster_counted_on=Subquery(newest.values("counted_on")[:1]),
    )


def number_of(rows: QuerySet[Any], by: str) -> Coalesce:
    """Return how many rows belong to the record outside."""
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


@dataclass(frozen=True)
class Cell:
    """One session of one person: minutes, and what they count as."""

    session: Session
    minutes: int | None
    is_known: bool
    was_there: bool

    @property
    def label(self) -> str:
        return day_text(day_of(self.session))


@dataclass(frozen=True)
class RosterRow:
    """A person of the roster with all sessions."""

    attendee: Attendee
    cells: Sequence[Cell]

    @property
    def came(self) -> bool:
        return any(cell.was_there for cell in self.cells)

    @property
    def is_no_show(self) -> bool:
        """Registered, and in none of the sessions that are known."""
        known = [cell for cell in self.cells if cell.is_known]
        registered = self.attendee.source != AttendeeSource.REPORT
        stands = self.attendee.cancelled_at is None
        return bool(known) and registered and stands and not self.came


def roster_rows(
    attendees: Iterable[Attendee],
    sessions: Sequence[Session],
    known: set[int],
    least: int,
) -> list[RosterRow]:
    """Return the people with their sessions; one query however many there are.

    `least` are the minutes of `least_minutes`.
    """
    people = list(attendees)
    found = Attendance.objects.filter(attendee__in=people).order_by()
    minutes = {(one.attendee_id, one.session_id): one.minutes for one in found}
    return [
        RosterRow(
            attendee,
            [
                cell_of(session, minutes.get((attendee.pk, session.pk)), known, least)
                for session in sessions
            ],
        )
        for attendee in people
    ]


def cell_of(session: Session, minutes: int | None, known: set[int], least: int) -> Cell:
    """Return what is known of one person in one session."""
    return Cell(
        session=session,
        minutes=minutes,
        is_known=session.pk in known,
        was_there=minutes is not None and minutes >= least,
    )
