from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from psdelivery.history.models import Event
from psdelivery.people import services
from psdelivery.people.choices import Role
from psdelivery.people.models import WorkingHours
from psdelivery.people.rules.hours import (
    hours_on,
    may_remove,
    reasons_against_hours,
    usual_week,
    week_sum,
)
from psdelivery.registry import RuleRefused
from tests.factories.people import UserFactory, WorkingHoursFactory

FULL = [Decimal(8)] * 5 + [Decimal(0)] * 2
SHORT = [Decimal(8)] * 4 + [Decimal("5.25"), Decimal(0), Decimal(0)]
APRIL = date(2027, 4, 1)


def hours(valid_from, friday):
    return WorkingHours(valid_from=valid_from, friday=Decimal(friday))


def codes(reasons):
    return [reason.code for reason in reasons]


@pytest.mark.unit
@given(st.decimals(min_value=-2, max_value=26, places=2))
def test_a_day_has_quarter_hours_between_0_and_24(one):
    fits = 0 <= one <= 24 and one * 4 == int(one * 4)

    assert (reasons_against_hours([one]) == []) is fits


@pytest.mark.unit
def test_the_week_is_summed():
    assert week_sum(SHORT) == Decimal("37.25")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("day", "friday"),
    [(date(2027, 3, 31), 4), (APRIL, 2), (date(2030, 1, 1), 2), (date(2026, 1, 1), 8)],
)
def test_of_the_hours_that_have_begun_the_latest_hold(day, friday):
    rows = [hours(date(2027, 1, 1), 4), hours(APRIL, 2)]

    assert hours_on(rows, day, "DE")[4] == friday


@pytest.mark.unit
@pytest.mark.parametrize(
    ("country", "off"), [("DE", {5, 6}), ("", {5, 6}), ("SA", {4, 5})]
)
def test_without_any_it_is_eight_hours_on_each_day_but_the_weekend(country, off):
    week = usual_week(country)

    assert {day for day, one in enumerate(week) if not one} == off
    assert week_sum(week) == 40


@pytest.mark.unit
def test_only_what_has_not_begun_is_taken_back():
    assert may_remove(hours(APRIL, 4), date(2027, 3, 31))
    assert not may_remove(hours(APRIL, 4), APRIL)


@pytest.mark.django_db
def test_hours_are_kept_from_a_day_on_and_the_history_tells_the_difference(
    coordinator, now
):
    person = UserFactory(country="DE")
    for day in (APRIL, date(2027, 5, 1)):
        services.set_working_hours(person, day, SHORT, by=coordinator, now=now)

    assert person.working_hours.count() == 2
    assert Event.objects.filter(verb="hours-set").first().changes == {
        "valid_from": [None, "2027-05-01"]
    }
    assert Event.objects.filter(verb="hours-set").last().changes == {
        "valid_from": [None, "2027-04-01"],
        "friday": ["8", "5.25"],
    }


@pytest.mark.django_db
def test_the_same_day_again_corrects_the_hours(coordinator, now):
    person = UserFactory()
    services.set_working_hours(person, APRIL, SHORT, by=coordinator, now=now)
    services.set_working_hours(person, APRIL, FULL, by=coordinator, now=now)
    services.set_working_hours(person, APRIL, FULL, by=coordinator, now=now)

    assert person.working_hours.get().friday == 8
    assert Event.objects.filter(verb="hours-set").count() == 2


@pytest.mark.django_db
def test_wrong_hours_and_hours_that_have_begun_are_refused(coordinator, now):
    person = UserFactory()
    with pytest.raises(RuleRefused):
        services.set_working_hours(
            person, APRIL, [Decimal("7.1")] * 7, by=coordinator, now=now
        )
    begun = WorkingHoursFactory(valid_from=date(2027, 3, 9))
    with pytest.raises(RuleRefused):
        services.remove_working_hours(begun, by=coordinator, now=now)

    assert WorkingHours.objects.get() == begun


@pytest.mark.django_db
def test_a_coordinator_sets_hours_and_the_person_reads_them(as_coordinator, client):
    person = UserFactory(roles=[Role.PSE], country="DE")
    path = reverse("people:hours-add", args=[person.pk])
    week = dict.fromkeys(["monday", "tuesday", "wednesday", "thursday"], "8")
    typed = {**week, "friday": "5.25", "saturday": "0", "sunday": "0"}

    answer = as_coordinator.post(path, {**typed, "valid_from": "2027-04-01"})
    assert answer.url == reverse("people:person-hours", args=[person.pk])
    client.force_login(person)
    html = client.get(reverse("people:my-hours")).content.decode()

    assert "37.25" in html
    assert "Take back" not in html


@pytest.mark.django_db
def test_hours_that_are_no_quarters_are_told_and_kept(as_coordinator):
    path = reverse("people:hours-add", args=[UserFactory().pk])
    typed = dict.fromkeys(
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
        "7.1",
    )

    answer = as_coordinator.post(path, {**typed, "valid_from": "2027-04-01"})

    assert answer.status_code == 422
    assert "Hours are counted in quarters" in answer.content.decode()
    assert 'value="7.1"' in answer.content.decode()
    assert not WorkingHours.objects.exists()


@pytest.mark.django_db
def test_nobody_sets_their_own_but_who_sets_everybodys(client, coordinator):
    manager = UserFactory(roles=[Role.PRACTICE_MANAGER])
    client.force_login(manager)
    own = reverse("people:hours-add", args=[manager.pk])

    assert client.get(own).status_code == 403
    client.force_login(coordinator)
    assert client.get(own).status_code == 200
