from datetime import date, timedelta

import pytest

from psdelivery.outbox.access import kinds_to_write, may_write
from psdelivery.outbox.choices import State
from psdelivery.outbox.letters import letter_for
from psdelivery.outbox.models import Message
from psdelivery.outbox.rules.drafts import sight_of
from psdelivery.outbox.services.drafting import prepare_draft, send_draft
from psdelivery.outbox.templates import mail_kind
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.registry import RuleRefused
from tests.factories.engagements import open_gate
from tests.factories.mails import colleague
from tests.factories.people import ContactFactory, CustomerFactory, PracticeFactory
from tests.factories.shipped import ship_mails, ship_playbooks
from tests.factories.training import (
    NOW,
    SYDNEY,
    CourseFactory,
    make_engagement,
    plan_class,
    submit,
)
from training.choices import DeliveryState, Result
from training.mail_facts import delivery_rows, session_line, submission_rows
from training.mails import DELIVERY
from training.services.deliveries import enter_registration_link, move_delivery

pytestmark = pytest.mark.django_db
LINK = "https://zoom.example/r/_1(2)"


@pytest.fixture
def people(db):
    return {
        "tc": colleague("Tina Coordinator", Role.COORDINATOR),
        "trainer": colleague("Tara Trainer", Role.TRAINER),
    }


@pytest.fixture
def engagement(people):
    ship_playbooks()
    ship_mails()
    customer = CustomerFactory(name="Acme", zone=SYDNEY, country="AU")
    contact = ContactFactory(
        customer=customer, name="Cora Client", email="cora@acme.example"
    )
    lead = colleague("Petra Lead", Role.PRACTICE_MANAGER)
    return make_engagement(
        title="Git for all",
        customer=customer,
        main_contact=contact,
        practice=PracticeFactory(manager=lead),
        team=[
            (EngagementRole.TC, people["tc"]),
            (EngagementRole.TRAINER, people["trainer"]),
            (EngagementRole.CSM, colleague("Chris Success", Role.ACCOUNT)),
        ],
    )


@pytest.fixture
def delivery(engagement, people):
    course = CourseFactory(title="CI/CD", certification_title="CI/CD Specialist")
    return plan_class(engagement, trainer=people["trainer"], course=course)


def letter(key, record):
    kind = mail_kind(key)
    return letter_for(kind, kind.topic.rows().get(pk=record.pk))


def missing(found):
    return [reason.code for reason in found.missing]


def put(delivery, **fields):
    type(delivery).objects.filter(pk=delivery.pk).update(**fields)


def test_times_are_told_on_the_clock_of_the_session_with_its_zone(delivery):
    # The clocks change in Sydney on 4 April.
    assert session_line(delivery.sessions.first()) == (
        "Tue 6 Apr 2027, 09:00–13:00 (Sydney time, AEST)"
    )


def test_r15_a_class_without_link_names_it_and_where_to_enter_it(delivery):
    found = letter("registration-link", delivery)

    assert [reason.sentence for reason in found.missing] == [
        "Registration link of “CI/CD” is missing."
    ]
    assert found.missing[0].fix_url == f"/training/classes/{delivery.pk}/link/"


def test_the_link_can_be_clicked_in_both_bodies(delivery):
    put(delivery, registration_url=LINK)
    found = letter("registration-link", delivery)

    text, html = found.bodies
    assert "Register here: https://zoom.example/r/_1%282%29" in text
    assert '<a href="https://zoom.example/r/_1%282%29">Register here</a>' in html
    assert "- Tue 6 Apr 2027, 09:00–13:00 (Sydney time, AEST)\n- Wed 7 Apr" in text
    assert not found.missing


def test_r11_a_class_inside_14_days_says_so_in_its_mail(engagement, delivery):
    put(delivery, registration_url=LINK)
    near = plan_class(engagement, first=date(2027, 2, 8), registration_url=LINK)

    assert "less than two weeks" in letter("registration-link", near).body
    assert "less than two weeks" not in letter("registration-link", delivery).body


def test_r11_a_class_moved_inside_14_days_says_so_too(delivery, people):
    put(delivery, registration_url=LINK)
    move_delivery(delivery, -55, by=people["tc"], reason="Asked", now=NOW)

    assert "less than two weeks" in letter("registration-link", delivery).body


def test_moving_the_class_makes_the_draft_of_its_link_out_of_date(
    engagement, delivery, people
):
    open_gate(engagement)
    put(delivery, registration_url=LINK)
    draft = prepare_draft("registration-link", delivery, by=people["tc"], now=NOW)
    move_delivery(delivery, 7, by=people["tc"], reason="Asked", now=NOW)

    with pytest.raises(RuleRefused, match="Changed since it was written: .*Sessions"):
        send(draft, people["tc"])

    draft.refresh_from_db()
    assert draft.state == State.STALE


def send(draft, by):
    seen = sight_of(draft.subject, draft.text)
    return send_draft(draft, seen=seen, by=by, now=NOW)


def test_r2_no_mail_promises_dates_before_the_gate_is_open(
    engagement, delivery, people
):
    put(delivery, registration_url=LINK)
    draft = prepare_draft("registration-link", delivery, by=people["tc"], now=NOW)

    with pytest.raises(RuleRefused):
        send(draft, people["tc"])
    open_gate(engagement)

    assert send(draft, people["tc"]).state == State.READY


def test_training_mail_has_one_thread_a_class(delivery, people):
    found = [
        prepare_draft(kind, delivery, by=people["tc"], now=NOW)
        for kind in ("planning-meeting", "next-steps")
    ]

    assert {one.thread_key for one in found} == {f"class-{delivery.pk}-customer"}


def test_r4_the_welcome_of_a_training_proposes_dates_with_trainer(engagement, delivery):
    found = letter("welcome-training", engagement)

    assert "CI/CD: Tue 6 Apr 2027, 09:00–13:00" in found.body
    assert "with Tara Trainer" in found.body
    assert list(found.addressing.cc) == ["chris@ps.example", "petra@ps.example"]
    assert found.addressing.reply_to == "tina@ps.example"
    assert not found.missing


def test_r15_a_training_without_classes_has_no_dates_to_propose(engagement):
    found = letter("welcome-training", engagement)

    assert missing(found) == ["missing-class_dates"]
    assert found.missing[0].fix_url.endswith("/dates/propose/")


def test_next_steps_tell_until_when_work_is_handed_in(delivery):
    found = letter("next-steps", delivery)

    assert "until Wed 21 Apr 2027" in found.body
    put(delivery, with_certification=False)
    assert "Certification" not in letter("next-steps", delivery).body


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        (Result.PASSED, "certification-passed"),
        (Result.NOT_PASSED, "certification-not-passed"),
    ],
)
def test_a_result_goes_to_the_attendee_alone(delivery, result, kind):
    submission = submit(
        delivery, attendee_name="Ada", attendee_email="ada@acme.example"
    )
    type(submission).objects.filter(pk=submission.pk).update(
        result=result, score=85, released_at=NOW
    )

    found = letter(kind, submission)

    assert list(found.addressing.to) == ["ada@acme.example"]
    assert not found.addressing.cc
    assert "85 %" in found.body
    assert not found.missing
    assert mail_kind(kind).is_offered(submission_rows().get(pk=submission.pk))


def test_mails_are_offered_where_they_fit(delivery, people):
    def offered():
        record = delivery_rows().get(pk=delivery.pk)
        return {kind.key for kind in kinds_to_write(people["tc"], DELIVERY, record)}

    assert "registration-link" in offered()
    assert "class-cancelled" not in offered()
    put(delivery, state=DeliveryState.CANCELLED)
    assert offered() == {"class-cancelled"}


def test_trainers_write_about_their_own_classes_only(engagement, delivery, people):
    trainer, kind = people["trainer"], mail_kind("registration-link")
    other = plan_class(
        engagement, first=date(2027, 5, 4), trainer=colleague("Otto Other")
    )

    assert may_write(trainer, kind, delivery)
    assert not may_write(trainer, kind, other)
    assert may_write(people["tc"], kind, other)


def test_the_link_of_the_class_ticks_its_step(engagement, delivery, people):
    open_gate(engagement)
    enter_registration_link(delivery, LINK, by=people["tc"], now=NOW)
    step = delivery.checklist.steps.get(key="registration-link")
    kind = mail_kind(step.mail_template)

    draft = prepare_draft(
        kind.key, kind.topic.of_step(step), step=step, by=people["tc"], now=NOW
    )

    assert kind.closes_step
    assert Message.objects.get(step=step) == draft


def test_no_text_of_the_mail_stands_in_the_history(engagement, delivery, people):
    from psdelivery.history.models import Event

    put(delivery, registration_url=LINK)
    prepare_draft("registration-link", delivery, by=people["tc"], now=NOW)

    told = str(list(Event.objects.values_list("changes", "reason", "subject_label")))
    assert "zoom.example" not in told


def test_a_session_in_another_zone_says_its_own(delivery):
    session = delivery.sessions.last()
    session.zone = "America/New_York"
    session.starts_at += timedelta(hours=12)
    session.ends_at += timedelta(hours=12)
    session.save()

    assert "New York time" in letter("planning-meeting", delivery).facts["sessions"]
