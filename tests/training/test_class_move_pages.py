from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from psdelivery.playbooks.models import Move, Step
from tests.confirming import confirmed
from tests.factories.training import plan_class

pytestmark = pytest.mark.django_db


def action(name, delivery):
    return reverse(f"training:delivery-{name}", args=[delivery.pk])


def first_start(delivery):
    return delivery.sessions.first().starts_at


ASKED = {"days": "9", "first_day": "", "cause": "customer", "reason": "asked"}


def test_r20_moving_shows_first_what_moves_and_writes_nothing(as_coordinator, delivery):
    before = first_start(delivery)

    response = as_coordinator.post(action("move", delivery), ASKED)

    page = response.content.decode()
    assert response.status_code == 200
    lines = {line.title: line for line in response.context["look"].preview.moving}
    link = lines["Send the registration link to the main contact"]
    assert (str(link.old.day), str(link.new.day)) == ("2027-03-23", "2027-04-01")
    assert "Thu 1 Apr 2027" in page
    assert 'value="asked"' in page
    assert f'name="exempt" value="{link.step.pk}"' in page
    assert first_start(delivery) == before
    assert not Move.objects.exists()


def test_r20_a_confirmed_move_is_made_and_can_be_undone_from_the_class(
    as_coordinator, delivery
):
    response = confirmed(as_coordinator, action("move", delivery), ASKED, follow=True)

    page = response.content.decode()
    move = Move.objects.get()
    assert first_start(delivery).date() == date(2027, 4, 14)
    assert "The class is 9 days later now." in page
    assert page.count(reverse("playbooks:move-undo", args=[move.pk])) == 2
    assert "Undo until" in page
    assert (move.cause, move.reason, move.title) == (
        "customer",
        "asked",
        delivery.title,
    )


def test_r20_steps_that_are_exempted_keep_their_date(as_coordinator, delivery):
    link = delivery.checklist.steps.get(key="registration-link")

    confirmed(as_coordinator, action("move", delivery), ASKED, exempt=[link.pk])

    link.refresh_from_db()
    assert (link.due_day, link.pinned) == (date(2027, 3, 23), True)


def test_r20_what_was_exempted_stays_ticked_when_the_list_is_shown_again(
    as_coordinator, delivery
):
    link = delivery.checklist.steps.get(key="registration-link")
    typed = ASKED | {"exempt": [link.pk], "confirm": "something else"}

    response = as_coordinator.post(action("move", delivery), typed)

    page = response.content.decode()
    assert "The list has changed since you saw it." in page
    assert [line.step.pk for line in response.context["look"].preview.moving
            if line.is_exempt] == [link.pk]  # fmt: skip
    assert not Move.objects.exists()


def test_r20_a_list_that_changed_meanwhile_is_shown_again(as_coordinator, delivery):
    address = action("move", delivery)
    look = as_coordinator.post(address, ASKED).context["look"]
    step = delivery.checklist.steps.get(key="registration-link")
    Step.objects.filter(pk=step.pk).update(pinned=True)

    again = as_coordinator.post(address, ASKED | {"confirm": look.preview.token})

    assert again.context["look"].is_stale
    assert not Move.objects.exists()


@pytest.mark.parametrize("bad", ["x", "-1", "9" * 50, "١", "1.5", ""])
def test_a_box_that_is_none_moves_nothing_else(as_coordinator, delivery, bad):
    response = as_coordinator.post(action("move", delivery), ASKED | {"exempt": [bad]})

    assert response.status_code == 200


def test_r20_the_preview_takes_the_same_queries_for_one_and_eight_sessions(
    as_coordinator, engagement, queries_of
):
    counts = []
    for days in (1, 8):
        delivery = plan_class(engagement, days=days)
        with CaptureQueriesContext(connection) as queries:
            as_coordinator.post(action("move", delivery), ASKED)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 32
