from datetime import UTC, date, datetime, time, timedelta

import factory
from factory.django import DjangoModelFactory

from engagements.choices import Condition
from engagements.models import Engagement, Paper, TeamMember
from engagements.services.gate import Evidence, record_condition
from engagements.services.intake import Intake, register_engagement
from psdelivery.documents.services import add_link
from psdelivery.people.choices import EngagementRole
from tests.factories.people import CustomerFactory, PracticeFactory, RegionFactory
from training.models import Course, Delivery, Submission
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


def make_engagement(*, team=(), now=NOW, by=None, **fields):
    """An engagement of kind training with its checklist, for a customer in Sydney."""
    given = {
        "title": "Git training",
        "kind": "training",
        "customer": None,
        "region": None,
        "practice": None,
    } | fields
    engagement = Engagement(
        **given
        | {
            "customer": given["customer"] or CustomerFactory(zone=SYDNEY, country="AU"),
            "region": given["region"] or RegionFactory(),
            "practice": given["practice"] or PracticeFactory(),
        }
    )
    members = [TeamMember(role=role, person=person) for role, person in team]
    register_engagement(Intake(engagement, Paper(), team=members), by=by, now=now)
    return engagement


def team_of(tc=None, trainer=None, pm=None):
    """Members by role for `make_engagement`."""
    named = {
        EngagementRole.TC: tc,
        EngagementRole.TRAINER: trainer,
        EngagementRole.PM: pm,
    }
    return [(role, person) for role, person in named.items() if person]


def open_gate(engagement, *, by, now=NOW):
    """Put the customer's signature and the billing terms on file (R-2)."""
    document = add_link(
        "https://example.com/sow", title="SOW", engagement=engagement, by=by, now=now
    )
    for code in (Condition.CUSTOMER_SIGNATURE, Condition.BILLING_TERMS):
        evidence = Evidence(met_on=now.date(), document=document)
        record_condition(engagement, code, evidence, by=by, now=now)


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
