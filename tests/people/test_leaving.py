from datetime import date, timedelta

import pytest
from django.urls import reverse

from psdelivery.people.choices import Role
from psdelivery.registry import Absentee, holdings
from tests.factories.people import PracticeFactory, TimeOffFactory, UserFactory
from tests.factories.playbooks import StepFactory

pytestmark = pytest.mark.django_db


def held(person, viewer, now, last=None):
    absentee = Absentee(person, now.date(), last)
    found = holdings.held_by(absentee, viewer, now)
    return {one.title: one for one in found}


def test_r23_leaving_lists_what_somebody_holds_and_where_it_goes(now, coordinator):
    leaver = UserFactory(roles=[Role.PRACTICE_MANAGER])
    StepFactory(assignee=leaver, title="Send the agenda")
    UserFactory(manager=leaver)
    PracticeFactory(manager=leaver)
    TimeOffFactory(deputy=leaver, starts_on=date(2027, 5, 3), ends_on=date(2027, 5, 7))
    TimeOffFactory(person__manager=leaver)

    found = held(leaver, coordinator, now)

    assert {title: one.count for title, one in found.items()} == {
        "Open steps": 1,
        "Time off to approve": 1,
        "People to stand in for": 1,
        "People who report to them": 2,
        "Practices they manage": 1,
    }
    assert found["Open steps"].goes_to == "They go back to the pool of coordinators."
    assert [item.title for item in found["Open steps"].items] == ["Send the agenda"]


def test_who_may_not_see_a_step_sees_only_that_there_is_one(now, administrator):
    leaver = UserFactory()
    StepFactory(assignee=leaver)

    steps = held(leaver, administrator, now)["Open steps"]

    assert (steps.count, list(steps.items)) == (1, [])


def test_time_off_asks_only_for_what_falls_into_it(now, coordinator):
    person = UserFactory(roles=[Role.PSE])
    other = UserFactory(manager=person)
    TimeOffFactory(person=other, deputy=person)
    TimeOffFactory(deputy=person, starts_on=date(2027, 5, 3), ends_on=date(2027, 5, 7))

    found = held(person, coordinator, now, now.date() + timedelta(days=14))

    assert {title: one.count for title, one in found.items()} == {
        "People to stand in for": 1
    }


def test_the_page_before_leaving_shows_it(as_administrator):
    leaver = UserFactory()
    StepFactory(assignee=leaver)

    html = as_administrator.get(
        reverse("people:person-leave", args=[leaver.pk])
    ).content.decode()

    assert "Open steps: 1" in html
    assert "They go back to the pool of coordinators." in html
