from datetime import UTC, date, datetime, time, timedelta

import factory
from factory.django import DjangoModelFactory

from psdelivery.people.choices import EngagementRole
from tests.factories.engagements import EngagementFactory, registered
from tests.factories.people import CustomerFactory
from training.models import Course, Delivery, Session, Submission
from training.rules.times import LocalTimes
from training.services.deliveries import plan_delivery
from training.services.submissions import enter_submission

SYDNEY = "Australia/Sydney"
NOW = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
FIRST_DAY = date(2027, 4, 6)


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course

    key = factory.Sequence("course-{}".format)
    title = factory.Sequence("Course {}".format)
    has_certification = True


class DeliveryFactory(DjangoModelFactory):
    """A class by plain models: no sessions, no checklist."""

    class Meta:
        model = Delivery

    engagement = factory.SubFactory(EngagementFactory, kind="training")
    course = factory.SubFactory(CourseFactory)
    title = factory.Sequence("Class {}".format)
    with_certification = True
    created_at = NOW


class SessionFactory(DjangoModelFactory):
    class Meta:
        model = Session

    delivery = factory.SubFactory(DeliveryFactory)
    starts_at = datetime(2027, 4, 5, 23, tzinfo=UTC)
    ends_at = datetime(2027, 4, 6, 3, tzinfo=UTC)
    zone = SYDNEY


class SubmissionFactory(DjangoModelFactory):
    class Meta:
        model = Submission

    delivery = factory.SubFactory(DeliveryFactory)
    attendee_name = factory.Sequence("Attendee {}".format)
    attendee_email = factory.Sequence("attendee{}@customer.example".format)
    submitted_at = NOW


def make_engagement(**fields):
    """A training engagement with its checklist, for a customer in Sydney."""
    fields.setdefault("kind", "training")
    if "customer" not in fields:
        fields["customer"] = CustomerFactory(zone=SYDNEY, country="AU")
    return registered(**fields)


def team_of(tc=None, trainer=None, pm=None):
    """Members by role for `make_engagement`."""
    named = {
        EngagementRole.TC: tc,
        EngagementRole.TRAINER: trainer,
        EngagementRole.PM: pm,
    }
    return [(role, person) for role, person in named.items() if person]


def local(day, start="09:00", stop="13:00", zone=SYDNEY):
    """A session as people type it."""
    begin, end = time.fromisoformat(start), time.fromisoformat(stop)
    return LocalTimes(day, begin, end, zone)


def plan_class(engagement, *, days=2, first=FIRST_DAY, by=None, now=NOW, **fields):
    """A class with so many sessions on following days, 09:00 to 13:00 Sydney."""
    sessions = [local(first + timedelta(days=n)).moments for n in range(days)]
    course = fields.pop("course", None) or CourseFactory()
    given = {"title": course.title, "with_certification": True} | fields
    delivery = Delivery(engagement=engagement, course=course, **given)
    return plan_delivery(delivery, sessions, by=by, now=now)


def submit(delivery, *, at=NOW, now=None, by=None, **fields):
    """A submission that was handed in at this moment."""
    number = Submission.objects.count()
    given = {
        "attendee_name": f"Attendee {number}",
        "attendee_email": f"attendee{number}@customer.example",
    } | fields
    submission = Submission(delivery=delivery, submitted_at=at, **given)
    return enter_submission(submission, by=by, now=now or at)
