from datetime import date
from decimal import Decimal

import pytest

from engagements.choices import Booking
from scheduling.choices import RequestKind
from scheduling.rules.wishes import ReadWish, kind_for, read_wish

pytestmark = pytest.mark.unit

TODAY = date(2027, 3, 3)


def day(number, month=3, year=2027):
    return date(year, month, number)


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("on 2027-03-15", [(day(15), day(15))]),
        ("2027-03-15 to 2027-03-19", [(day(15), day(19))]),
        ("2027-03-15 – 2027-03-19, 2 h", [(day(15), day(19))]),
        ("on 15 Mar", [(day(15), day(15))]),
        ("15. March 2027", [(day(15), day(15))]),
        ("15–19 March", [(day(15), day(19))]),
        ("from 30 Mar to 2 April", [(day(30), day(2, 4))]),
        ("15 Mar and 17 Mar", [(day(15), day(15)), (day(17), day(17))]),
        # Over already this year: the next one is meant.
        ("1 Mar", [(day(1, 3, 2028), day(1, 3, 2028))]),
        ("31 Feb and 2027-02-31", []),
        ("19–15 March", []),
        ("next week", []),
        ("9999-01-01", []),
        ("00015 Mar", []),
    ],
)
def test_days_are_read(text, ranges):
    assert list(read_wish(text, TODAY).ranges) == ranges


@pytest.mark.parametrize(
    ("text", "per_day", "total"),
    [
        ("8 hours of mentoring", None, 8),
        ("8h", None, 8),
        ("2.5 h a day", Decimal("2.5"), None),
        ("2,5 hrs per day", Decimal("2.5"), None),
        ("1 hour daily", 1, None),
        ("version 15.8 has 3 bugs", None, None),
        ("8 horses", None, None),
    ],
)
def test_hours_are_read(text, per_day, total):
    wish = read_wish(text, TODAY)

    assert (wish.per_day, wish.total) == (per_day, total)


@pytest.mark.parametrize(
    ("text", "kind", "task"),
    [
        ("some Mentoring for Pia", "creditable", "mentoring"),
        ("SKO in Rome", "creditable", "sko"),
        ("sales kick-off", "creditable", "sko"),
        ("training course grading", "creditable", "grading"),
        ("general administration", "non_creditable", "administration"),
        ("meetings and staff time", "non_creditable", "meetings"),
        ("travel on Monday", "non_creditable", "travel"),
        ("unmentoring", "", ""),
        ("a PSE please", "", ""),
    ],
)
def test_internal_tasks_are_read(text, kind, task):
    wish = read_wish(text, TODAY)

    assert (wish.kind, wish.task) == (kind, task)


def test_soft_unless_it_says_hard():
    assert read_wish("8 h mentoring, hard", TODAY).booking == Booking.HARD
    assert read_wish("harder mentoring", TODAY).booking == Booking.SOFT


def test_internal_time_is_whole_with_task_days_and_hours():
    whole = "@carla 8 hours mentoring on 15 Mar, soft"

    assert read_wish(whole, TODAY).is_whole
    assert not read_wish("8 hours mentoring", TODAY).is_whole
    assert not read_wish("8 hours on 15 Mar", TODAY).is_whole
    assert not read_wish("mentoring on 15 Mar", TODAY).is_whole


def test_a_comment_without_a_task_is_about_the_work():
    assert kind_for(ReadWish(), is_internal=False) == RequestKind.ENGAGEMENT
    assert kind_for(ReadWish(), is_internal=True) == RequestKind.CREDITABLE
    named = ReadWish(kind="non_creditable", task="travel")
    assert kind_for(named, is_internal=False) == RequestKind.NON_CREDITABLE
