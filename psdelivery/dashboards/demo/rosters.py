"""Rosters of the classes of the demo data that have been held."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from psdelivery.dashboards.demo import names
from psdelivery.dashboards.demo.slots import Mood
from psdelivery.dashboards.demo.story import HOUR, Story
from psdelivery.dashboards.demo.training import held_classes
from training.choices import AttendeeSource
from training.imports import Reading, read_report
from training.models import (
    Attendance,
    Attendee,
    Delivery,
    ParkedQuestion,
    RegistrationCount,
    Session,
    SurveyResult,
)
from training.services.reports import Upload, import_report

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
# Of ten who registered about one does not come to a session.
MISSES = 0.12
HEAD = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest"
CLOCK = "%m/%d/%Y %I:%M:%S %p"


def fill_rosters(story: Story, until: datetime) -> None:
    """Put people on the rosters of the classes held by that moment.

    Of one class the last session comes as the report of the meeting platform, with
    somebody in it who is still to be decided.
    """
    for delivery in held_classes(story, until):
        if delivery.attendees.exists():
            continue
        # Dice of its own, so that the stories stay as they are.
        random = Random(f"roster-{delivery.title}-{story.timeline.start}")
        sessions = list(delivery.sessions.all())
        people = register_people(delivery, sessions[0], random)
        is_shown = story.slot.mood == Mood.REVIEWS
        for session in sessions[:-1] if is_shown else sessions:
            note_attendance(session, people, random)
        if is_shown:
            import_last(story, delivery, sessions[-1], people)
            leave_questions(story, delivery)


def register_people(
    delivery: Delivery, first: Session, random: Random
) -> list[Attendee]:
    """Register some people in the three weeks before the class."""
    count = random.randint(min(6, delivery.seats), delivery.seats)
    firsts = random.sample(names.FIRST_NAMES, min(count, len(names.FIRST_NAMES)))
    people = []
    for number, name in enumerate(firsts):
        last = random.choice(names.LAST_NAMES)
        at = first.starts_at - DAY * random.randint(5, 13) - HOUR * random.randint(1, 9)
        people.append(
            Attendee(
                delivery=delivery,
                name=f"{name} {last}",
                email=f"{name}.{last}.{number}@customer.example".lower(),
                source=AttendeeSource.REGISTRATION,
                registered_at=at,
                created_at=at,
            )
        )
    return Attendee.objects.bulk_create(people)


def note_attendance(session: Session, people: list[Attendee], random: Random) -> None:
    """Let most of them come to a session, and a few leave early."""
    length = int((session.ends_at - session.starts_at) / MINUTE)
    Attendance.objects.bulk_create(
        attendance_of(person, session, random.randint(length * 2 // 3, length))
        for person in people
        if random.random() > MISSES
    )


def attendance_of(person: Attendee, session: Session, minutes: int) -> Attendance:
    """Return how long somebody was in a session (not saved)."""
    return Attendance(
        attendee=person,
        session=session,
        minutes=minutes,
        joined_at=session.starts_at,
        left_at=session.starts_at + MINUTE * minutes,
    )


def import_last(
    story: Story, delivery: Delivery, session: Session, people: list[Attendee]
) -> None:
    """Import the report of a session as the meeting platform exports it."""
    data = report_of(session, people).encode()
    told = read_report(data, Reading(ZoneInfo(session.zone)))
    upload = Upload("participants_91234567890.csv", data, told, session)
    import_report(delivery, upload, by=story.coordinator, now=story.now - HOUR)


def report_of(session: Session, people: list[Attendee]) -> str:
    """Return a report: all but one came, the first joined by telephone in the end."""
    start = session.starts_at.astimezone(ZoneInfo(session.zone))
    stop = session.ends_at.astimezone(ZoneInfo(session.zone))
    break_at = start + (stop - start) / 2
    lines = [HEAD]
    for person in people[:-1]:
        left = break_at if person == people[0] else stop
        lines.append(line_of(person.name, person.email, start, left))
    phone = f"iPhone von {people[0].name.split()[0]}"
    lines.append(line_of(phone, "", break_at, stop))
    return "\n".join([*lines, ""])


def line_of(name: str, email: str, joined: datetime, left: datetime) -> str:
    minutes = int((left - joined) / MINUTE)
    return f"{name},{email},{joined:{CLOCK}},{left:{CLOCK}},{minutes},Yes"


def leave_questions(story: Story, delivery: Delivery) -> None:
    """Leave questions parked, count registrations, and note what the survey said."""
    first, last = delivery.sessions.first(), delivery.sessions.last()
    trainer = delivery.trainer or story.coordinator
    if first is None or last is None:
        return
    told: dict[str, object] = {
        "delivery": delivery,
        "parked_by": trainer,
        "parked_at": last.ends_at,
    }
    ParkedQuestion.objects.create(
        text="Can one runner serve two groups with different limits?", **told
    )
    ParkedQuestion.objects.create(
        text="Where do job logs go after a year?",
        answer="Into the object storage, where your administrator set one up.",
        answered_by=trainer,
        answered_at=min(last.ends_at + 3 * HOUR, story.now),
        **told,
    )
    RegistrationCount.objects.create(
        delivery=delivery,
        counted_on=(first.starts_at - 7 * DAY).date(),
        registered=max(1, delivery.attendees.count() - 1),
        by=story.coordinator,
        at=first.starts_at - 7 * DAY,
    )
    SurveyResult.objects.create(
        delivery=delivery,
        answers=max(1, delivery.attendees.count() - 3),
        score="4.42",
        note="More time for the exercises; the slides on runners were liked.",
        by=story.coordinator,
        at=min(last.ends_at + DAY, story.now),
    )
