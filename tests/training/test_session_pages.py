from datetime import date, timedelta

import pytest
from django.urls import reverse

from tests.confirming import confirmed
from tests.factories.training import FIRST_DAY, SYDNEY
from training.models import Session

pytestmark = pytest.mark.django_db


def page(name, pk):
    return reverse(f"training:{name}", args=[pk])


SESSION = {
    "day": "2027-04-09",
    "start": "10:00",
    "stop": "12:00",
    "zone_name": SYDNEY,
    "platform": "meeting",
    "cause": "customer",
}


def test_adding_changing_and_removing_a_session(as_coordinator, delivery):
    confirmed(as_coordinator, page("session-add", delivery.pk), SESSION)
    added = delivery.sessions.last()
    assert added.platform == "meeting"

    changed = SESSION | {"stop": "13:00", "reason": "more time"}
    confirmed(as_coordinator, page("session-edit", added.pk), changed)
    added.refresh_from_db()
    assert added.ends_at - added.starts_at == timedelta(hours=3)

    why = {"reason": "enough", "cause": "us"}
    confirmed(as_coordinator, page("session-remove", added.pk), why)
    assert delivery.sessions.count() == 2


def test_the_form_of_a_new_session_begins_with_the_hours_of_the_last(
    as_coordinator, delivery
):
    form = as_coordinator.get(page("session-add", delivery.pk)).context["form"]

    assert 'value="09:00"' in str(form["start"])
    assert form["zone_name"].value() == SYDNEY
    assert form["day"].value() is None


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"day": "2027-04-06", "start": "09:00", "stop": "13:00"}, "start"),
        ({"day": ""}, "day"),
        ({"stop": "09:00"}, "stop"),
        ({"day": "2027-10-03", "start": "02:30", "stop": "05:00"}, "start"),
        ({"zone_name": "Mars"}, "zone_name"),
        ({"platform": "tent"}, "platform"),
        ({"day": "2040-01-01"}, "day"),
    ],
)
def test_a_session_that_cannot_be_is_refused(as_coordinator, delivery, fields, name):
    second = delivery.sessions.last()

    for address in (page("session-add", delivery.pk), page("session-edit", second.pk)):
        response = as_coordinator.post(address, SESSION | fields)
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [name]

    assert Session.objects.count() == 2
    assert Session.objects.get(pk=second.pk).starts_at == second.starts_at


def test_r22_a_session_past_midnight_is_taken_and_said_to_count_on_both_days(
    as_coordinator, delivery
):
    typed = SESSION | {"start": "22:00", "stop": "01:30"}

    response = confirmed(
        as_coordinator, page("session-add", delivery.pk), typed, follow=True
    )

    added = delivery.sessions.last()
    assert added.ends_at - added.starts_at == timedelta(hours=3, minutes=30)
    assert "it ends on Sat 10 Apr 2027 at 01:30 in Sydney, and counts on both days" in (
        response.content.decode()
    )


def test_a_city_is_enough_for_a_zone(as_coordinator, delivery):
    typed = SESSION | {"zone_name": "new york"}

    confirmed(as_coordinator, page("session-add", delivery.pk), typed)

    assert delivery.sessions.last().zone == "America/New_York"


def test_a_held_session_is_not_changed(as_coordinator, delivery):
    session = delivery.sessions.first()
    Session.objects.filter(pk=session.pk).update(held_on=FIRST_DAY)

    for name in ("session-edit", "session-remove"):
        assert as_coordinator.get(page(name, session.pk)).status_code == 409
        assert as_coordinator.post(page(name, session.pk), {}).status_code == 409


def test_two_people_changing_a_session_are_told(as_coordinator, delivery):
    session = delivery.sessions.last()
    address = page("session-edit", session.pk)
    form = as_coordinator.get(address).context["form"]
    confirmed(as_coordinator, address, SESSION | {"seen": form["seen"].value()})

    typed = SESSION | {"day": "2027-04-20", "seen": form["seen"].value()}
    response = as_coordinator.post(address, typed)

    assert response.status_code == 422
    session.refresh_from_db()
    assert session.starts_at.date() == date(2027, 4, 9)


def test_r20_a_change_of_times_says_what_caused_it_and_one_of_the_room_need_not(
    as_coordinator, delivery
):
    session = delivery.sessions.last()
    address = page("session-edit", session.pk)
    form = as_coordinator.get(address).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    typed |= {"start": "09:00", "stop": "13:00", "platform": "meeting", "reason": ""}

    moved = as_coordinator.post(address, typed | {"start": "10:00", "cause": ""})
    other_room = as_coordinator.post(address, typed | {"cause": ""})

    assert (moved.status_code, other_room.status_code) == (422, 302)
    assert "Say who or what caused it." in moved.content.decode()
    session.refresh_from_db()
    assert session.platform == "meeting"


def test_r20_taking_a_session_out_shows_its_steps_and_can_be_undone(
    as_coordinator, delivery
):
    session = delivery.sessions.last()
    address = page("session-remove", session.pk)
    why = {"reason": "enough", "cause": "us"}

    first = as_coordinator.post(address, why)

    assert "No longer needed" in first.content.decode()
    assert delivery.sessions.count() == 2
    confirmed(as_coordinator, address, why)
    move = delivery.checklist.moves.get()
    as_coordinator.post(reverse("playbooks:move-undo", args=[move.pk]))
    back = delivery.sessions.last()
    assert (back.pk, back.starts_at) == (session.pk, session.starts_at)
    assert not back.checklist.steps.filter(state="cancelled").exists()
