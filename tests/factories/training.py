from datetime import UTC, date, datetime, time, timedelta

import factory
from factory.django import DjangoModelFactory

from psdelivery.people.choices import EngagementRole
from tests.factories.engagements import EngagementFactory, registered
from tests.factories.people import CustomerFactory, UserFactory
from tests.factories.shipped import ship_mails
from training.choices import TrainerState
from training.models import (
    Course,
    Criterion,
    Delivery,
    FormImport,
    LabCode,
    LabExtension,
    Session,
    Submission,
    TrainerCertification,
)
from training.rules.rubric import Marking, Points
from training.rules.times import LocalTimes
from training.services.deliveries import plan_delivery
from training.services.releasing import release_result
from training.services.submissions import enter_submission

SYDNEY = "Australia/Sydney"
NOW = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
FIRST_DAY = date(2027, 4, 6)
# trainers of tests are certified only where a test says so.
WHY = "Nobody else is free"


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course

    key = factory.Sequence("course-{}".format)
    title = factory.Sequence("Course {}".format)
    has_certification = True


class CertificationFactory(DjangoModelFactory):
    """Somebody on the way to a course, by plain models: no checklist."""

    class Meta:
        model = TrainerCertification

    person = factory.SubFactory(UserFactory)
    course = factory.SubFactory(CourseFactory)


def certified(person, course, *, on=date(2026, 1, 12), until=None):
    """Somebody who may teach the course, by plain models."""
    return CertificationFactory(
        person=person,
        course=course,
        state=TrainerState.CERTIFIED,
        certified_on=on,
        expires_on=until,
    )


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


class LabCodeFactory(DjangoModelFactory):
    """A code by plain models, in use; generated at NOW."""

    class Meta:
        model = LabCode

    delivery = factory.SubFactory(DeliveryFactory)
    code = factory.Sequence("code-{}".format)
    generated_at = NOW
    generated_by = factory.SubFactory(UserFactory)
    expires_at = NOW + timedelta(days=7)
    seats = 12
    entered_at = NOW


class LabExtensionFactory(DjangoModelFactory):
    """A request for a longer life by plain models, not answered."""

    class Meta:
        model = LabExtension

    delivery = factory.SubFactory(DeliveryFactory)
    until = NOW + timedelta(days=90)
    asked_at = NOW
    asked_by = factory.SubFactory(UserFactory)


class FormImportFactory(DjangoModelFactory):
    """Two responses that wait to be entered."""

    class Meta:
        model = FormImport

    delivery = factory.SubFactory(DeliveryFactory)
    file_name = "responses.csv"
    fingerprint = factory.Sequence("{:064d}".format)
    header = ["Timestamp", "Email", "Name"]
    rows = [
        [2, "2027-01-30 10:00", "ada@customer.example", "Ada Byron"],
        [3, "2027-01-31 10:00", "bob@customer.example", "Bob Stone"],
    ]
    columns = {"submitted": 0, "email": 1, "name": 2}
    zone = SYDNEY
    date_order = "ymd"
    with_strangers = True
    uploaded_at = NOW
    uploaded_by = factory.SubFactory(UserFactory)


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


def plan_class(
    engagement, *, days=2, first=FIRST_DAY, reason=WHY, by=None, now=NOW, **fields
):
    """A class with so many sessions on following days, 09:00 to 13:00 Sydney."""
    sessions = [local(first + timedelta(days=n)).moments for n in range(days)]
    course = fields.pop("course", None) or CourseFactory()
    given = {"title": course.title, "with_certification": True} | fields
    delivery = Delivery(engagement=engagement, course=course, **given)
    return plan_delivery(delivery, sessions, reason=reason, by=by, now=now)


def submit(delivery, *, at=NOW, now=None, by=None, **fields):
    """A submission that was handed in at this moment."""
    number = Submission.objects.count()
    given = {
        "attendee_name": f"Attendee {number}",
        "attendee_email": f"attendee{number}@customer.example",
    } | fields
    submission = Submission(delivery=delivery, submitted_at=at, **given)
    return enter_submission(submission, by=by, now=now or at)


def give_rubric(course, *points):
    """The lines of a rubric with so many points each; two lines if none are given."""
    return [
        Criterion.objects.create(course=course, order=n, title=f"Line {n}", points=most)
        for n, most in enumerate(points or (60, 40), 1)
    ]


def marking(submission, score=90, **fields):
    """Points in all lines of the course that make so many per cent of 100."""
    points, left = {}, score
    for line in submission.delivery.course.criteria.filter(is_active=True):
        points[line.pk] = Points(min(left, line.points))
        left -= points[line.pk].points
    return Marking(points, **fields)


def ready_to_release(delivery):
    """Whatever a release needs of a class: a rubric, and the texts of the mails."""
    ship_mails()
    if not delivery.course.criteria.exists():
        give_rubric(delivery.course)
    return delivery


def release(submission, score=90, *, by, now=NOW, **fields):
    """Release what so many per cent give; rubric and mail texts are made."""
    ready_to_release(submission.delivery)
    given = marking(submission, score, **fields)
    return release_result(submission, given, by=by, now=now)
