"""What changed on the board, noted in the same transaction for those who look at it."""

from collections.abc import Iterable
from datetime import datetime

from psdelivery.people.events import RecordChanged
from psdelivery.people.models import User
from psdelivery.registry import reactions
from scheduling.choices import BoardPart
from scheduling.events import AllocationChanged, RequestMoved
from scheduling.models import BoardChange

# After the capacity was written anew.
LATE = 500


@reactions.on(AllocationChanged, order=LATE)
def note_booking(event: AllocationChanged) -> None:
    """Note the rows that a booking stood and stands in."""
    both = [one for one in (event.before, event.after) if one.days]
    people = {one.person.pk for one in both if one.person is not None}
    changes = [BoardChange(part=BoardPart.ROW, person_id=pk) for pk in sorted(people)]
    if any(one.person is None for one in both):
        changes.append(BoardChange(part=BoardPart.UNNAMED))
    note(changes, event.now)


@reactions.on(RecordChanged, order=LATE)
def note_record(event: RecordChanged) -> None:
    """Note the row of a person whose name, place or country is another."""
    if isinstance(event.subject, User):
        note_person(event.subject, event.at)


@reactions.on(RequestMoved, order=LATE)
def note_request(event: RequestMoved) -> None:
    """Note that other requests wait."""
    note([BoardChange(part=BoardPart.REQUESTS)], event.now)


def note_person(person: User, at: datetime) -> None:
    """Note that the row of a person is another."""
    note([BoardChange(part=BoardPart.ROW, person=person)], at)


def note(changes: Iterable[BoardChange], at: datetime) -> None:
    """Write what changed."""
    rows = list(changes)
    for one in rows:
        one.at = at
    BoardChange.objects.bulk_create(rows)
