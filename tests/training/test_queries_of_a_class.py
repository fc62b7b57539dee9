"""How many queries the pages of a class take when every part has something to say."""

from datetime import timedelta

import pytest

from engagements.models import GateCondition
from psdelivery.people.choices import EngagementRole
from scheduling.choices import Hold
from tests.factories.engagements import TeamMemberFactory, open_gate
from tests.factories.people import ContactFactory, TimeOffFactory, UserFactory
from tests.factories.shipped import ship_mails
from tests.factories.training import (
    NOW,
    SYDNEY,
    LabCodeFactory,
    LabExtensionFactory,
    certified,
    plan_class,
    submit,
)
from training.choices import AttendeeSource, DeliveryState
from training.models import (
    Attendee,
    AttendeeReport,
    Delivery,
    ParkedQuestion,
    SeatOrder,
)
from training.services.deliveries import confirm_delivery, move_delivery
from training.services.event_plan import begin_plan
from training.services.planning_meetings import MeetingDraft, book_meeting
from training.services.trainer_bookings import book_trainer

pytestmark = pytest.mark.django_db
MOST = 25
BEFORE = NOW - timedelta(hours=1)


@pytest.fixture
def busy(engagement, trainer, coordinator):
    """A class that was confirmed, booked and moved a minute ago, with all its parts."""
    ship_mails()
    open_gate(engagement)
    engagement.main_contact = ContactFactory(customer=engagement.customer)
    engagement.save()
    TeamMemberFactory(
        engagement=engagement, role=EngagementRole.TRAINER, person=trainer
    )
    by = {"by": coordinator, "now": BEFORE}
    delivery = plan_class(
        engagement, trainer=trainer, with_labs=True, by=coordinator, now=BEFORE
    )
    plan_class(engagement, trainer=None, by=coordinator, now=BEFORE)
    certified(trainer, delivery.course)
    confirm_delivery(delivery, **by)
    delivery.refresh_from_db()
    book_trainer(delivery, Hold.HARD, **by)
    begin_plan(delivery, **by)
    start = NOW + timedelta(days=20)
    book_meeting(
        engagement,
        MeetingDraft(
            deliveries=[delivery],
            starts_at=start,
            ends_at=start + timedelta(minutes=30),
            zone=SYDNEY,
            people=[trainer, coordinator],
            contacts=[engagement.main_contact],
        ),
        **by,
    )
    fill(delivery, coordinator)
    move_delivery(
        delivery, 7, by=coordinator, cause="customer", reason="asked", now=NOW
    )
    delivery.refresh_from_db()
    return delivery


def fill(delivery, by):
    """Attendees, a report, an order, parked questions, codes and submissions."""
    LabCodeFactory(delivery=delivery, generated_by=by)
    LabExtensionFactory(delivery=delivery, asked_by=by)
    at = {"delivery": delivery}
    for number in range(3):
        Attendee.objects.create(
            **at,
            name=f"A {number}",
            email=f"a{number}@acme.example",
            source=AttendeeSource.REGISTRATION,
            created_at=BEFORE,
        )
        submit(delivery, at=NOW - timedelta(hours=number + 1), now=NOW)
        ParkedQuestion.objects.create(**at, text="Why?", parked_at=NOW, parked_by=by)
    AttendeeReport.objects.create(
        **at, kind="registration", imported_at=NOW, imported_by=by, file_name="r.csv"
    )
    SeatOrder.objects.create(**at, seats=2, asked_at=NOW, asked_by=by)


def away(person):
    """Who is away makes every reader ask for whom they stand in (R-23)."""
    days = {"starts_on": NOW.date(), "ends_on": NOW.date()}
    TimeOffFactory(person=person, deputy=UserFactory(), **days)


@pytest.mark.parametrize("reader", ["coordinator", "trainer", "manager"])
def test_each_page_of_a_class_takes_at_most_25_queries(
    busy, client, at_now, reader, request, queries_of, stranger
):
    away(stranger)
    client.force_login(request.getfixturevalue(reader))

    tabs = client.get(busy.get_absolute_url()).context["class_tabs"]
    taken = {tab.title: queries_of(client, tab.url) for tab in tabs}

    assert {title: n for title, n in taken.items() if n > MOST} == {}
    assert len(taken) == 6


@pytest.mark.parametrize("reader", ["coordinator", "manager"])
def test_the_page_takes_at_most_25_queries_in_each_state(
    busy, client, at_now, reader, request, queries_of, stranger
):
    away(stranger)
    client.force_login(request.getfixturevalue(reader))
    taken = {}
    for state in DeliveryState:
        Delivery.objects.filter(pk=busy.pk).update(state=state)
        taken[state] = queries_of(client, busy.get_absolute_url())
    GateCondition.objects.update(met_on=None, evidence=None)
    Delivery.objects.filter(pk=busy.pk).update(state=DeliveryState.PLANNED)
    taken["gate"] = queries_of(client, busy.get_absolute_url())

    assert {state: n for state, n in taken.items() if n > MOST} == {}
