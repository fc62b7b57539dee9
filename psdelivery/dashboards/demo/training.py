"""Classes and submissions of the demo data."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta

from psdelivery.calendars import local_moment, working_day_on_or_after
from psdelivery.dashboards.demo import names
from psdelivery.dashboards.demo.slots import Mood
from psdelivery.dashboards.demo.story import HOUR, Story
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.models import User
from psdelivery.registry import RuleRefused
from training.models import Course, Delivery, Submission
from training.rules.rubric import Marking, Points
from training.rules.times import SessionTimes
from training.services.deliveries import plan_delivery
from training.services.releasing import release_result
from training.services.submissions import enter_submission
from training.trainer_queries import last_day_in, warnings_for

DAY = timedelta(days=1)
# Hours since hand-in of the submissions that wait: the first is due within a day.
WAITING = (152, 100, 49, 20)


def plan_classes(story: Story) -> None:
    """Enter the classes; the last one of a short notice is entered only now."""
    planned_at = story.at("okay", 12)
    days = story.timeline.classes
    for day in days:
        is_late = story.slot.mood == Mood.SHORT_NOTICE and day == days[-1]
        plan_class(story, day, story.now - HOUR if is_late else planned_at)


def plan_class(story: Story, day: date, at: datetime) -> Delivery:
    """Enter one class with its sessions on consecutive working days."""
    course = course_of(story)
    number = story.random.randint(10**8, 10**9)
    times = session_times(story, course, day)
    for trainer in trainers_of(story):
        # the next one, where this one teaches elsewhere at that time.
        with suppress(RuleRefused):
            return plan_delivery(
                class_of(story, course, trainer, number),
                times,
                reason=why(course, trainer, times),
                by=story.coordinator,
                now=at,
            )
    unnamed = class_of(story, course, None, number)
    return plan_delivery(unnamed, times, by=story.coordinator, now=at)


def why(course: Course, trainer: User, times: list[SessionTimes]) -> str:
    """Return why somebody teaches who is not certified; "" for the certified (R-14)."""
    warnings = warnings_for(course, trainer, last_day_in(times))
    return names.UNCERTIFIED_REASON if warnings else ""


def trainers_of(story: Story) -> list[User]:
    """Return the trainer of the team, then everybody else who trains."""
    first = story.team[EngagementRole.TRAINER]
    others = story.stage.cast.by_role[Role.TRAINER]
    return [first, *(one for one in others if one != first)]


def class_of(
    story: Story, course: Course, trainer: User | None, number: int
) -> Delivery:
    """Return a class (not saved) of the course, with what the course brings."""
    return Delivery(
        engagement=story.engagement,
        course=course,
        title=f"{course.title} · {story.engagement.customer.name}",
        trainer=trainer,
        seats=course.seats,
        with_labs=course.has_labs,
        with_certification=course.has_certification,
        registration_url=f"https://meet.example/register/{number}",
    )


def course_of(story: Story) -> Course:
    """Return the course that was sold, or any where the offering names none."""
    for offering in story.engagement.offerings.order_by("pk"):
        if offering.course is not None:
            return offering.course
    return story.random.choice(story.stage.courses)


def session_times(story: Story, course: Course, day: date) -> list[SessionTimes]:
    """Return one session a working day, mornings on the customer's clock."""
    calendar = story.engagement.customer.calendar
    hour = story.random.choice([9, 9, 10, 13])
    length = timedelta(hours=float(course.hours_per_session))
    times = []
    for _number in range(course.session_count):
        day = working_day_on_or_after(day, calendar)
        start = local_moment(day, time(hour), calendar.zone)
        times.append(SessionTimes(start, start + length, calendar.zone))
        day += DAY
    return times


def enter_submissions(story: Story, until: datetime) -> None:
    """Enter what was handed in after the classes that have been held."""
    for delivery in held_classes(story, until):
        if not delivery.with_certification or delivery.submissions.exists():
            continue
        if story.slot.mood == Mood.REVIEWS:
            enter_waiting(story, delivery)
        last = max(session.ends_at for session in delivery.sessions.all())
        for number in range(story.random.randint(2, 5)):
            at = last + DAY * story.random.randint(0, 2) + HOUR * number
            enter_reviewed(story, delivery, at, until)


def held_classes(story: Story, until: datetime) -> list[Delivery]:
    """Return the classes whose last session is over."""
    found = story.engagement.deliveries.prefetch_related("sessions").order_by("pk")
    return [
        delivery
        for delivery in found.select_related("trainer")
        if all(session.ends_at < until for session in delivery.sessions.all())
    ]


def enter_waiting(story: Story, delivery: Delivery) -> None:
    """Enter submissions whose reviews are still to come."""
    for number, hours in enumerate(WAITING):
        enter_one(story, delivery, story.now - HOUR * hours, number)


def enter_reviewed(
    story: Story, delivery: Delivery, at: datetime, until: datetime
) -> None:
    """Enter a submission and release its result, where both were before `until`."""
    reviewed = at + DAY * story.random.randint(2, 5)
    share = story.random.randint(60, 100)
    number = story.random.randint(10, 10**6)
    if reviewed >= until:
        return
    submission = enter_one(story, delivery, at, number)
    reviewer = story.team[EngagementRole.TRAINER]
    release_result(submission, marked(delivery, share), by=reviewer, now=reviewed)


def marked(delivery: Delivery, share: int) -> Marking:
    """Return the points of a review: about so many per cent of each line."""
    lines = delivery.course.criteria.filter(is_active=True)
    return Marking({line.pk: Points(line.points * share // 100) for line in lines})


def enter_one(
    story: Story, delivery: Delivery, at: datetime, number: int
) -> Submission:
    """Enter one submission, an hour after it was handed in."""
    first = story.random.choice(names.FIRST_NAMES)
    last = story.random.choice(names.LAST_NAMES)
    submission = Submission(
        delivery=delivery,
        attendee_name=f"{first} {last}",
        attendee_email=f"{first}.{last}.{number}@customer.example".lower(),
        submitted_at=at,
        response_url=f"https://forms.example/response/{story.random.randint(1, 10**6)}",
    )
    return enter_submission(submission, by=story.coordinator, now=at + HOUR)
