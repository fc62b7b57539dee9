from datetime import date

import pytest
from django.urls import reverse

from psdelivery.calendars import end_of_day
from psdelivery.people.choices import Role, TimeOffState
from psdelivery.people.models import TimeOff
from tests.factories.people import TimeOffFactory, UserFactory
from tests.factories.playbooks import StepFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

SEEN = "2027-03-15/2027-03-19/"
VALUES = {
    "kind": "holiday",
    "starts_on": "2027-03-15",
    "ends_on": "2027-03-19",
    "deputy": "",
    "note": "Alps",
}


@pytest.fixture
def frozen(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def manager():
    return UserFactory(roles=[Role.PRACTICE_MANAGER], first_name="Mona", last_name="M")


@pytest.fixture
def anna(manager):
    return UserFactory(
        roles=[Role.PSE], first_name="Anna", last_name="A", manager=manager
    )


@pytest.fixture
def as_anna(client, anna):
    client.force_login(anna)
    return client


def add_page(person):
    return reverse("people:time-off-add", args=[person.pk])


def page_of(client, path, **values):
    answer = client.post(path, values) if values else client.get(path)
    return answer.status_code, " ".join(answer.content.decode().split())


def step_of(person, due_day, title):
    due_at = end_of_day(due_day, "Europe/Berlin")
    return StepFactory(assignee=person, title=title, due_day=due_day, due_at=due_at)


def test_what_falls_into_it_is_listed_before_anything_is_saved(as_anna, anna):
    step_of(anna, date(2027, 3, 15), "Send the agenda")
    step_of(anna, date(2027, 3, 20), "Send the minutes")

    status, html = page_of(as_anna, add_page(anna), **VALUES)

    assert status == 200
    assert "Open steps: 1" in html
    assert "Send the agenda" in html
    assert "Send the minutes" not in html
    assert "Mona M stands in" in html
    assert "To be approved by: Mona M." in html
    assert 'value="Alps"' in html
    assert not TimeOff.objects.exists()


def test_what_was_seen_is_saved(as_anna, anna):
    answer = as_anna.post(add_page(anna), {**VALUES, "seen": SEEN})

    time_off = TimeOff.objects.get()
    assert answer.url == time_off.get_absolute_url()
    assert (time_off.person, time_off.state, time_off.note) == (
        anna,
        TimeOffState.REQUESTED,
        "Alps",
    )


def test_other_days_than_were_seen_are_shown_again(as_anna, anna):
    status, html = page_of(
        as_anna, add_page(anna), **{**VALUES, "ends_on": "2027-03-22", "seen": SEEN}
    )

    assert status == 200
    assert 'value="2027-03-15/2027-03-22/"' in html
    assert not TimeOff.objects.exists()


def test_a_deputy_who_is_away_too_is_told(as_anna, anna):
    ben = UserFactory(first_name="Ben", last_name="B")
    TimeOffFactory(person=ben, starts_on=date(2027, 3, 18), ends_on=date(2027, 3, 25))

    _status, html = page_of(as_anna, add_page(anna), **{**VALUES, "deputy": ben.pk})

    assert "Ben B is away Thu 18 Mar 2027 – Thu 25 Mar 2027" in html


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"ends_on": "2027-03-14"}, "The last day lies before the first."),
        ({"ends_on": "2127-03-14"}, "This day is too far off."),
        ({"ends_on": "soon"}, "Enter a valid date."),
        ({"starts_on": ""}, "This field is required."),
        ({"deputy": "self"}, "Select a valid choice."),
        ({"kind": "moon"}, "Select a valid choice."),
    ],
)
def test_bad_input_is_told_and_kept_and_nothing_is_written(as_anna, anna, wrong, told):
    deputy = {"deputy": anna.pk} if "deputy" in wrong else {}
    status, html = page_of(
        as_anna, add_page(anna), **{**VALUES, **wrong, **deputy, "seen": SEEN}
    )

    assert status == 422
    assert told in html
    assert 'value="Alps"' in html
    assert not TimeOff.objects.exists()


def test_an_overlap_names_the_time_off_that_is_there(as_anna, anna):
    TimeOffFactory(person=anna, starts_on=date(2027, 3, 19), ends_on=date(2027, 3, 26))

    status, html = page_of(as_anna, add_page(anna), **VALUES)

    assert status == 422
    assert "There is time off from Fri 19 Mar 2027 – Fri 26 Mar 2027 already" in html


def test_a_coordinator_enters_it_for_somebody_who_fell_ill(as_coordinator, anna):
    values = {**VALUES, "kind": "sickness", "seen": SEEN}

    as_coordinator.post(add_page(anna), values)

    time_off = TimeOff.objects.get()
    assert (time_off.person, time_off.state) == (anna, TimeOffState.APPROVED)


def test_a_leaver_has_no_time_off(as_coordinator):
    leaver = UserFactory(is_active=False)

    assert page_of(as_coordinator, add_page(leaver))[0] == 404


def test_the_own_page_shows_time_off_and_for_whom_one_stands_in(as_anna, anna):
    mine = TimeOffFactory(person=anna)
    TimeOffFactory(deputy=anna, person__first_name="Ben")
    TimeOffFactory(
        deputy=anna,
        person__first_name="Past",
        starts_on=date(2027, 3, 1),
        ends_on=date(2027, 3, 8),
    )

    _status, html = page_of(as_anna, reverse("people:my-time-off"))

    assert mine.get_absolute_url() in html
    assert "You stand in" in html
    assert "Ben" in html
    assert "Past" not in html


def test_colleagues_see_that_somebody_is_away_and_not_why(client, anna):
    TimeOffFactory(person=anna, kind="sickness", note="Flu")
    client.force_login(UserFactory(roles=[Role.PSE]))

    _status, html = page_of(client, anna.get_absolute_url())

    assert "Mon 8 Mar 2027 – Fri 12 Mar 2027" in html
    assert "sickness" not in html
    assert "Flu" not in html


def test_the_manager_approves_from_the_page(client, anna, manager):
    time_off = TimeOffFactory(person=anna)
    client.force_login(manager)
    path = reverse("people:time-off-decide", args=[time_off.pk])

    assert "Your decision" in page_of(client, time_off.get_absolute_url())[1]
    client.post(path, {"decision": "approve"})

    time_off.refresh_from_db()
    assert (time_off.state, time_off.decided_by) == (TimeOffState.APPROVED, manager)


def test_a_refusal_without_a_reason_is_not_taken(client, anna, manager):
    time_off = TimeOffFactory(person=anna)
    client.force_login(manager)
    path = reverse("people:time-off-decide", args=[time_off.pk])

    status, html = page_of(client, path, decision="refuse", reason="")

    assert status == 422
    assert "Say why" in html
    assert TimeOff.objects.get().state == TimeOffState.REQUESTED


def test_a_decision_taken_meanwhile_is_told(client, anna, manager):
    time_off = TimeOffFactory(person=anna, state=TimeOffState.APPROVED)
    client.force_login(manager)
    path = reverse("people:time-off-decide", args=[time_off.pk])

    status, html = page_of(client, path, decision="approve")

    assert status == 422
    assert "There is nothing to decide any more." in html


def test_r23_whoever_stands_in_for_the_manager_opens_and_decides_it(
    client, anna, manager
):
    ben = UserFactory(roles=[Role.PSE])
    TimeOffFactory(person=manager, deputy=ben)
    time_off = TimeOffFactory(person=anna)
    client.force_login(ben)

    _status, html = page_of(client, time_off.get_absolute_url())

    assert "You decide for Mona M, who is away." in html


def test_cancelling_says_so_and_gives_the_days_free(as_anna, anna):
    time_off = TimeOffFactory(person=anna)

    as_anna.post(
        reverse("people:time-off-cancel", args=[time_off.pk]), {"reason": "Rain"}
    )

    time_off.refresh_from_db()
    assert (time_off.state, time_off.decision_reason) == ("cancelled", "Rain")


def test_the_list_shows_first_what_waits_and_filters_the_rest(client, anna, manager):
    TimeOffFactory(person=anna)
    coming = UserFactory(manager=manager, first_name="Carl")
    TimeOffFactory(
        person=coming,
        state=TimeOffState.APPROVED,
        starts_on=date(2027, 4, 1),
        ends_on=date(2027, 4, 2),
    )
    TimeOffFactory(person__first_name="Stranger")
    client.force_login(manager)
    path = reverse("people:time-off-list")

    waiting, coming_too = (
        page_of(client, path)[1],
        page_of(client, f"{path}?show=coming&q=carl")[1],
    )

    assert ("Anna" in waiting, "Carl" in waiting) == (True, False)
    assert ("Anna" in coming_too, "Carl" in coming_too) == (False, True)
    assert "Stranger" not in page_of(client, f"{path}?show=all")[1]
    assert page_of(client, f"{path}?show=moon")[0] == 422


@pytest.mark.parametrize("name", ["people:time-off-list", "people:my-time-off"])
def test_lists_take_the_same_queries_for_3_and_for_30(
    client, manager, name, queries_of
):
    client.force_login(manager)

    def make(count):
        TimeOff.objects.all().delete()
        for _ in range(count):
            TimeOffFactory(person__manager=manager, deputy=UserFactory())
            TimeOffFactory(person=manager, deputy=UserFactory())

    make(3)
    few = queries_of(reverse(name))
    make(30)

    assert queries_of(reverse(name)) == few
