"""The classes in the world of the fuzzed forms, with labs, trainers and submissions."""

from datetime import timedelta

from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.outbox.services.drafting import prepare_draft
from tests.factories.engagements import NOW
from tests.factories.training import (
    CourseFactory,
    DeliveryFactory,
    FormImportFactory,
    LabCodeFactory,
    LabExtensionFactory,
    SessionFactory,
    give_rubric,
    plan_class,
    submit,
)
from training.choices import AttendeeSource
from training.models import Attendee
from training.services.certifications import add_certification, withdraw
from training.services.submissions import withdraw_submission


def make_classes(training, people):
    course = CourseFactory(title="Git basics")
    delivery = plan_class(
        training, course=course, trainer=people["trainer"], by=people["me"]
    )
    give_rubric(course)
    # One of several: a single box would be taken for a yes or no.
    submit(delivery, by=people["me"], reviewer=people["me"])
    return {
        "mailing": delivery.checklist.steps.get(key="next-steps"),
        "draft": prepare_draft("next-steps", delivery, by=people["me"], now=NOW),
        "stale": make_stale(delivery, people["me"]),
        **make_ways(course, people),
        "course": course,
        "old_course": CourseFactory(title="Subversion", is_active=False),
        "delivery": delivery,
        "session": delivery.sessions.last(),
        "submission": submit(delivery, by=people["me"], reviewer=people["me"]),
        "withdrawn": make_withdrawn(delivery, people["me"]),
        "form_import": FormImportFactory(
            # Without sessions: nothing is handed in before it began.
            delivery=DeliveryFactory(engagement=training, course=course),
            uploaded_by=people["me"],
        ),
        **make_labs(training, course),
    }


def make_labs(training, course):
    """A class in the window of its code, and two others with a code and a request."""
    one, other, third = (
        SessionFactory(
            delivery__engagement=training,
            delivery__course=course,
            delivery__title=title,
            starts_at=NOW + timedelta(days=2),
            ends_at=NOW + timedelta(days=2, hours=4),
        ).delivery
        for title in ("Labs today", "Labs with a code", "Labs for longer")
    )
    enroll(other)
    return {
        "lab_class": one,
        "coded_class": other,
        "lab_code": LabCodeFactory(delivery=other, code="amber-7"),
        "lab_extension": LabExtensionFactory(delivery=third),
    }


def enroll(delivery):
    """Somebody whom a report brought to the roster, with an address."""
    return Attendee.objects.create(
        delivery=delivery,
        name="Ida",
        email="ida@acme.example",
        source=AttendeeSource.REGISTRATION,
        created_at=NOW,
    )


def make_ways(course, people):
    """Somebody on the way to a course, and somebody who is no more."""
    me = people["me"]
    way = add_certification(people["trainer"], course, by=me, now=NOW)
    gone = add_certification(people["colleague"], course, by=me, now=NOW)
    return {
        "second_course": CourseFactory(title="CI/CD"),
        "way": way,
        "withdrawn_way": withdraw(gone, reason="Long leave", by=me, now=NOW),
    }


def make_withdrawn(delivery, me):
    """A submission that was entered by mistake."""
    mistake = submit(delivery, by=me, reviewer=me)
    return withdraw_submission(mistake, by=me, reason="A test", now=NOW)


def make_stale(delivery, me):
    """A draft made from facts that have changed since."""
    draft = prepare_draft("class-moved", delivery, by=me, now=NOW)
    Message.objects.filter(pk=draft.pk).update(fingerprint="other", state=State.STALE)
    return draft
