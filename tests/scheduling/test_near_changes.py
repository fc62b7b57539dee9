"""What changes inside 48 hours goes out by mail at once."""

from datetime import timedelta

import pytest

from psdelivery.outbox.models import Message
from scheduling.choices import Hold
from scheduling.services.bookings import Change, change, release
from tests.factories.scheduling import NOW, booked, startable, wanted, workdays

pytestmark = pytest.mark.django_db
# NOW is a Monday.
TOMORROW = NOW.date() + timedelta(days=1)
LATER = NOW.date() + timedelta(days=9)


def mails():
    return list(Message.objects.filter(kind="booking-near").order_by("pk"))


def test_a_booking_for_tomorrow_is_mailed_to_whom_it_is(ann, ben):
    booked(ann, days=workdays(TOMORROW, 2), by=ben)

    [mail] = mails()
    assert mail.to == [ann.email]
    assert "You are booked Tue 2 Mar 2027 – Wed 3 Mar 2027, 16 hours." in mail.text


def test_what_is_far_off_is_not(ann):
    allocation = booked(ann, days=workdays(LATER, 2))
    release(allocation, Change(reason="No need"), by=None, now=NOW)

    assert mails() == []


def test_taking_a_near_day_away_is_told_with_the_reason(ann):
    allocation = booked(ann, by=ann, days=workdays(TOMORROW, 2))
    release(allocation, Change(reason="The customer is ill"), by=None, now=NOW)

    [mail] = mails()
    assert "You are not booked any more." in mail.text
    assert "The customer is ill" in mail.text


def test_who_takes_over_and_who_gives_up_are_both_told(ann, ben):
    engagement = startable()
    days = workdays(TOMORROW, 1)
    allocation = booked(ann, engagement, by=ann, days=days)

    change(allocation, wanted(ben, engagement, days=days), Change(), by=None, now=NOW)

    assert {mail.to[0] for mail in mails()} == {ann.email, ben.email}


def test_whoever_did_it_and_days_that_stay_the_same_give_no_mail(ann):
    engagement = startable()
    near = workdays(TOMORROW, 1)
    allocation = booked(ann, engagement, by=ann, days=near)
    more = {**near, **workdays(LATER, 1)}

    change(allocation, wanted(ann, engagement, days=more), Change(), by=None, now=NOW)

    assert mails() == []


def test_soft_that_becomes_hard_is_told(ann):
    engagement = startable()
    near = workdays(TOMORROW, 1)
    allocation = booked(ann, engagement, by=ann, days=near)
    hard = wanted(ann, engagement, days=near, hold=Hold.HARD)

    # Its first day comes before the papers that R-2 asks for then.
    change(allocation, hard, Change(), by=None, now=NOW)

    assert len(mails()) == 1
