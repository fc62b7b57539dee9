# ruff: noqa: F811
"""Must be seen: a class moves from 20 days ahead to 9 after its link went out.

And a class of three weeks in Sydney, across the change of clocks of April 2027.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from psdelivery.calendars import end_of_day
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.outbox.services import send_due
from psdelivery.playbooks.models import Step
from tests.confirming import confirmed
from tests.factories.engagements import open_gate
from tests.factories.people import ContactFactory
from tests.factories.shipped import ship_mails
from tests.factories.training import SYDNEY, WHY, CourseFactory, local, plan_class
from tests.outbox.conftest import sink, smtp  # noqa: F401
from training.choices import StepKey
from training.models import Delivery
from training.queries import steps_of_classes
from training.services.deliveries import confirm_delivery, plan_delivery
from training.services.invitations import invite_contact

# 20 days before the class of 6 April, at noon in Berlin.
TODAY = datetime(2027, 3, 17, 11, 0, tzinfo=UTC)
BEFORE = TODAY - timedelta(days=10)
JANE = "jane@acme.example"
REGISTER = "https://zoom.example/register/1"
EARLIER = {"days": "-11", "first_day": "", "cause": "customer", "reason": "asked"}


@pytest.fixture
def known(engagement, trainer, coordinator):
    """A confirmed class on 6 and 7 April, to which the main contact is invited."""
    ship_mails()
    open_gate(engagement)
    engagement.main_contact = ContactFactory(customer=engagement.customer, email=JANE)
    engagement.save()
    delivery = plan_class(
        engagement,
        trainer=trainer,
        by=coordinator,
        registration_url=REGISTER,
        now=BEFORE,
    )
    confirm_delivery(delivery, by=coordinator, now=BEFORE)
    invite_contact(delivery, by=coordinator, now=BEFORE)
    return delivery


def link_steps(delivery):
    steps = Step.objects.filter(
        checklist=delivery.checklist_id, key=StepKey.REGISTRATION_LINK
    )
    return list(steps.order_by("again"))


def send_by_click(client, draft, now):
    """Read and send a draft as a person does; the worker takes it along."""
    seen = client.get(draft.get_absolute_url()).context["seen"]
    client.post(reverse("outbox:draft-send", args=[draft.pk]), {"seen": seen})
    send_due(now, 50)


def send_link(client, step, now):
    client.post(reverse("playbooks:step-mail", args=[step.pk]))
    send_by_click(client, Message.objects.get(step=step, state=State.DRAFT), now)


def subjects_to(smtp, address):
    """What the mail server took for somebody, in order."""
    mails = [one.mail for one in smtp.received]
    return [str(one["Subject"]) for one in mails if address in str(one["To"])]


@pytest.mark.django_db(transaction=True)
def test_r11_r20_a_class_moved_inside_14_days_after_its_link_went_out(
    client, known, coordinator, trainer, smtp
):
    with time_machine.travel(TODAY, tick=False) as clock:
        client.force_login(coordinator)
        send_due(TODAY, 50)
        send_link(client, link_steps(known)[0], TODAY)
        assert not link_steps(known)[0].is_open
        heard = len(smtp.received)

        address = reverse("training:delivery-move", args=[known.pk])
        look = client.post(address, EARLIER).content.decode()
        assert "The registration link went out on Wed 17 Mar 2027." in look
        assert "Generate the code from" in look
        assert "late by design" in look
        confirmed(client, address, EARLIER)

        assert known.sessions.first().starts_at.date() == date(2027, 3, 25)
        _sent, again = link_steps(known)
        assert (again.is_open, again.late_by_design) == (True, True)
        assert again.due_at == end_of_day(date(2027, 3, 17), SYDNEY)
        page = client.get(known.get_absolute_url()).content.decode()
        assert "late by design: send it again today" in page
        news = Message.objects.get(kind="class-moved")
        assert (news.state, news.to) == (State.DRAFT, [JANE])
        code = steps_of_classes([known]).get(key=StepKey.LAB_CODE)
        assert code.due_day < date(2027, 3, 26)

        send_due(TODAY, 50)
        assert len(smtp.received) == heard
        clock.shift(timedelta(minutes=11))
        later = TODAY + timedelta(minutes=11)
        send_due(later, 50)
        send_due(later, 50)
        changed = [one for one in subjects_to(smtp, JANE) if "Changed" in one]
        assert len(changed) == 2
        assert len(smtp.received) == heard + 4
        send_by_click(client, news, later)
        send_link(client, again, later)
        send_due(later, 50)

    assert not link_steps(known)[1].is_open
    links = Message.objects.filter(kind="registration-link", state=State.SENT)
    assert links.count() == 2
    assert len(smtp.received) == heard + 6
    ids = {str(one.mail["Message-ID"]) for one in smtp.received}
    assert len(ids) == len(smtp.received)


@pytest.mark.django_db
def test_r20_three_weeks_in_sydney_are_counted_on_the_calendar_of_each_rule(
    engagement, trainer, coordinator
):
    # Tuesdays; clocks go back in Sydney on 4 April, Easter is 26 to 29 March.
    days = [date(2027, 3, 30), date(2027, 4, 6), date(2027, 4, 13)]
    course = CourseFactory()
    delivery = Delivery(
        engagement=engagement, course=course, title="Weekly", trainer=trainer
    )
    plan_delivery(
        delivery,
        [local(day).moments for day in days],
        reason=WHY,
        by=coordinator,
        now=datetime(2027, 2, 1, 9, 0, tzinfo=UTC),
    )

    steps = steps_of_classes([delivery]).order_by("due_at")
    due = {}
    for step in steps:
        due.setdefault(step.key, []).append((str(step.due_day), step.due_zone))

    assert due["times-confirmed"] == [("2027-03-02", SYDNEY)]
    assert due["registration-link"] == [("2027-03-16", SYDNEY)]
    assert due["meeting-exists"] == [
        ("2027-03-15", SYDNEY),
        ("2027-03-22", SYDNEY),
        ("2027-03-29", SYDNEY),
    ]
    assert due["join-link"] == [
        ("2027-03-24", SYDNEY),
        ("2027-04-02", SYDNEY),
        ("2027-04-09", SYDNEY),
    ]
    assert due["pre-training-checklist"] == [("2027-03-19", SYDNEY)]
    assert due["attendee-report"] == [
        ("2027-03-31", SYDNEY),
        ("2027-04-07", SYDNEY),
        ("2027-04-14", SYDNEY),
    ]
    assert due["next-steps"] == [("2027-04-15", SYDNEY)]
    starts = [one.starts_at for one in delivery.sessions.all()]
    # 09:00 in Sydney is 22:00 UTC before the change, and 23:00 after it.
    assert [at.hour for at in starts] == [22, 23, 23]
