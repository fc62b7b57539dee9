"""The people on a roster: found or added, and what is learned about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from psdelivery.people.models import User
from psdelivery.registry import Reason, RuleRefused, refuse
from training.choices import AttendeeSource, ReportKind
from training.models import Attendee, AttendeeAlias, AttendeeReport, Delivery
from training.rules.matching import Person
from training.rules.names import forms_of
from training.rules.roster import reasons_against_roster
from training.services.checklists import record_delivery
from training.services.sessions import lock

NAME_LENGTH = 120


def find_or_add(
    report: AttendeeReport, people: Sequence[Person], *, now: datetime
) -> dict[int, int]:
    """Add new people to the roster; return their ids by number in the report.

    Somebody who came onto it meanwhile with the same address is found. The caller
    holds the class.
    """
    emails = [person.email for person in people if person.email]
    there = report.delivery.attendees.filter(email__in=emails)
    found = dict(there.values_list("email", "pk"))
    fresh = [one for one in people if not one.email or one.email not in found]
    added = Attendee.objects.bulk_create(
        attendee_of(report, person, now) for person in fresh
    )
    ids = {person.number: one.pk for person, one in zip(fresh, added, strict=True)}
    known = {one.number: found[one.email] for one in people if one.email in found}
    return ids | known


def attendee_of(report: AttendeeReport, person: Person, now: datetime) -> Attendee:
    """Return the attendee (not saved) whom a report tells of for the first time."""
    return Attendee(
        delivery=report.delivery,
        name=person.name[:NAME_LENGTH],
        email=person.email,
        source=source_of(report, person),
        registered_at=person.registered_at,
        created_at=now,
    )


def source_of(report: AttendeeReport, person: Person) -> AttendeeSource:
    """Return whether somebody registered, or just came."""
    registered = (
        report.kind == ReportKind.REGISTRATION
        or person.registered_at is not None
        or not person.is_there
    )
    return AttendeeSource.REGISTRATION if registered else AttendeeSource.REPORT


def learn_about(people: Mapping[int, Person], *, now: datetime) -> None:
    """Keep what a report tells of attendees by id: names, address, registration.

    The caller holds the class.
    """
    found = Attendee.objects.in_bulk(list(people))
    taken = set(
        Attendee.objects.filter(
            delivery__in={one.delivery_id for one in found.values()},
            email__in=[one.email for one in people.values() if one.email],
        ).values_list("email", flat=True)
    )
    changed = [
        attendee
        for pk, attendee in found.items()
        if follows(attendee, people[pk], taken, now)
    ]
    fields = ["email", "source", "registered_at", "cancelled_at"]
    Attendee.objects.bulk_update(changed, fields, batch_size=200)
    remember((found[pk], person) for pk, person in people.items() if pk in found)


def follows(attendee: Attendee, person: Person, taken: set[str], now: datetime) -> bool:
    """Bring an attendee (not saved) up to what a report tells; tell whether it changed.

    An address that is free fills an empty one. A cancelled registration calls off; one
    that is newer than that brings back.
    """
    before = (attendee.email, attendee.registered_at, attendee.cancelled_at)
    if not attendee.email and person.email and person.email not in taken:
        attendee.email = person.email
        taken.add(person.email)
    if person.registered_at is not None and attendee.registered_at is None:
        attendee.registered_at = person.registered_at
        attendee.source = AttendeeSource.REGISTRATION
    off = attendee.cancelled_at
    if person.is_off and not person.joins:
        attendee.cancelled_at = off or now
    elif off and person.registered_at and person.registered_at > off:
        attendee.cancelled_at = None
        attendee.registered_at = person.registered_at
    return before != (attendee.email, attendee.registered_at, attendee.cancelled_at)


def remember(pairs: Iterable[tuple[Attendee, Person]]) -> None:
    """Keep the other names and addresses of attendees, known the next time.

    Names of devices say nobody, so they are not kept.
    """
    aliases = [
        AttendeeAlias(attendee=attendee, name=name[:NAME_LENGTH], email=email)
        for attendee, person in pairs
        for name, email in others_of(attendee, person)
    ]
    AttendeeAlias.objects.bulk_create(aliases, ignore_conflicts=True)


def others_of(attendee: Attendee, person: Person) -> list[tuple[str, str]]:
    """Return names and addresses of a person that the attendee is not called by."""
    names = [name for name in person.names if forms_of(name) and name != attendee.name]
    email = person.email if person.email != attendee.email else ""
    found = [(name, email) for name in names]
    return found or ([("", email)] if email else [])


@dataclass(frozen=True, kw_only=True)
class Entered:
    """An attendee as somebody typed it."""

    name: str
    email: str = ""
    registered_at: datetime | None = None


@transaction.atomic
def add_attendee(
    delivery: Delivery, entered: Entered, *, by: User, now: datetime
) -> Attendee:
    """Put somebody on the roster by hand.

    Raises RuleRefused for a class called off, and an address that is there already.
    """
    delivery = lock(delivery)
    refuse(reasons_against_roster(delivery))
    attendee = Attendee(delivery=delivery, source=AttendeeSource.HAND, created_at=now)
    save_entered(attendee, entered)
    record_delivery("attendee-added", delivery, {}, by=by, now=now)
    return attendee


@transaction.atomic
def edit_attendee(
    attendee: Attendee, entered: Entered, *, by: User, now: datetime
) -> Attendee:
    """Correct somebody on the roster; the former name stays known for reports.

    The history says that it happened, never the names. Raises RuleRefused as above.
    """
    delivery = lock(attendee.delivery)
    refuse(reasons_against_roster(delivery))
    attendee = Attendee.objects.get(pk=attendee.pk)
    former = Person(0, (attendee.name,), attendee.email)
    if (attendee.name, attendee.email) == (entered.name, entered.email.lower()):
        return attendee
    save_entered(attendee, entered)
    remember([(attendee, former)])
    record_delivery("attendee-edited", delivery, {}, by=by, now=now)
    return attendee


def save_entered(attendee: Attendee, entered: Entered) -> None:
    """Save what was typed; raises RuleRefused where the address is taken."""
    attendee.name, attendee.email = entered.name, entered.email.lower()
    if entered.registered_at is not None:
        attendee.registered_at = entered.registered_at
    try:
        with transaction.atomic():
            attendee.save()
    except IntegrityError as error:
        sentence = _("This address is on the roster already.")
        raise RuleRefused([Reason("email", sentence)]) from error


@transaction.atomic
def call_off(attendee: Attendee, *, is_off: bool, by: User, now: datetime) -> Attendee:
    """Note that somebody does not come, or comes after all; twice changes nothing."""
    delivery = lock(attendee.delivery)
    refuse(reasons_against_roster(delivery))
    attendee = Attendee.objects.get(pk=attendee.pk)
    if (attendee.cancelled_at is not None) == is_off:
        return attendee
    attendee.cancelled_at = now if is_off else None
    attendee.save(update_fields=["cancelled_at"])
    verb = "attendee-called-off" if is_off else "attendee-back"
    record_delivery(verb, delivery, {}, by=by, now=now)
    return attendee
