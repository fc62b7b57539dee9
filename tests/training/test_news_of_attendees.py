"""R-20: attendees who know the old dates of a class get the new ones by mail."""

from datetime import timedelta

import pytest
from django.urls import reverse

from psdelivery.outbox.models import Message
from psdelivery.registry import RuleRefused
from tests.factories.shipped import ship_mails
from tests.factories.training import NOW
from training.choices import AttendeeSource
from training.models import Attendee
from training.services.deliveries import move_delivery
from training.services.news import (
    MOVED_ATTENDEES,
    attendees_of_old_dates,
    draft_news_of_attendees,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster(delivery):
    """Two who come, one who called off, one without an address."""
    ship_mails()
    people = [
        ("Ada", "ada@acme.example", None),
        ("Bo", "bo@acme.example", None),
        ("Cy", "cy@acme.example", NOW),
        ("Di", "", None),
    ]
    return [
        Attendee.objects.create(
            delivery=delivery,
            name=name,
            email=email,
            cancelled_at=off,
            source=AttendeeSource.REGISTRATION,
            created_at=NOW,
        )
        for name, email, off in people
    ]


def move(delivery, coordinator, now=NOW):
    move_delivery(delivery, 7, by=coordinator, reason="customer asked", now=now)


def test_r20_nobody_is_told_of_a_class_that_never_moved(delivery, roster, coordinator):
    assert attendees_of_old_dates(delivery) == []
    with pytest.raises(RuleRefused):
        draft_news_of_attendees(delivery, by=coordinator, now=NOW)


def test_r20_each_who_comes_gets_the_new_dates_once(delivery, roster, coordinator):
    move(delivery, coordinator)

    drafts = draft_news_of_attendees(delivery, by=coordinator, now=NOW)

    told = sorted(draft.to[0] for draft in drafts)
    assert told == ["ada@acme.example", "bo@acme.example"]
    assert all("13 Apr 2027" in draft.text for draft in drafts)
    assert attendees_of_old_dates(delivery) == []
    with pytest.raises(RuleRefused):
        draft_news_of_attendees(delivery, by=coordinator, now=NOW)

    # A second move is news again.
    move(delivery, coordinator, NOW + timedelta(hours=1))
    assert len(attendees_of_old_dates(delivery)) == 2


def test_the_page_offers_the_mails_only_after_a_move(
    delivery, roster, coordinator, as_coordinator
):
    words = "Attendees know the old dates"
    before = as_coordinator.get(delivery.get_absolute_url()).content.decode()
    move(delivery, coordinator)
    after = as_coordinator.get(delivery.get_absolute_url()).content.decode()
    assert words not in before
    assert words in after

    answer = as_coordinator.post(
        reverse("training:moved-attendees", args=[delivery.pk])
    )

    assert answer.url.endswith(f"kind={MOVED_ATTENDEES}")
    assert Message.objects.filter(kind=MOVED_ATTENDEES).count() == 2
