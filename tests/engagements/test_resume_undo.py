"""R-20: what a resume moved is taken back from the page of the engagement."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from engagements.choices import Status
from engagements.models import Engagement
from engagements.services.status import MoveOptions, move_status
from psdelivery.people.choices import Role
from psdelivery.playbooks.models import Move
from tests.engagements.dating import due, kicked_off
from tests.factories.engagements import NOW
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

BACK = NOW + timedelta(days=14)
SOON, TOO_LATE = BACK + timedelta(minutes=3), BACK + timedelta(minutes=10)
STEP = "plan-milestones"


@pytest.fixture
def active(consulting):
    return kicked_off(consulting)


@pytest.fixture
def due_before(active):
    """When a step was due before two weeks on hold, by which it moved."""
    day = due(active, STEP)
    go(active, Status.ON_HOLD, NOW)
    go(active, Status.ACTIVE, BACK, shift_days=14)
    assert due(active, STEP) == day + timedelta(days=14)
    return day


def go(engagement, target, now, **options):
    move_status(
        engagement,
        target,
        by=None,
        reason="Summer",
        options=MoveOptions(**options),
        now=now,
    )


def undo_url():
    return reverse("playbooks:move-undo", args=[Move.objects.get(undo_of=None).pk])


def page(client, engagement, tab=""):
    return client.get(f"{engagement.get_absolute_url()}{tab}").content.decode()


@pytest.mark.parametrize("tab", ["", "checklist/", "history/"])
@time_machine.travel(SOON, tick=False)
def test_r20_every_tab_takes_back_what_resuming_moved(
    client, active, due_before, coordinator, tab
):
    client.force_login(coordinator)
    assert f'action="{undo_url()}"' in page(client, active, tab)

    here = f"{active.get_absolute_url()}{tab}"
    answer = client.post(undo_url(), {"next": here})

    assert answer.url == here
    assert due(active, STEP) == due_before
    assert Engagement.objects.get(pk=active.pk).status == Status.ACTIVE
    assert f'action="{undo_url()}"' not in page(client, active, tab)


@time_machine.travel(SOON, tick=False)
def test_r20_who_only_looks_is_told_and_takes_nothing_back(client, active, due_before):
    client.force_login(UserFactory(roles=[Role.LEADERSHIP]))

    text = page(client, active)

    assert "Moved: Resumed" in text
    assert undo_url() not in text


@time_machine.travel(TOO_LATE, tick=False)
def test_r20_after_its_time_nothing_is_offered(client, active, due_before, coordinator):
    client.force_login(coordinator)

    assert "Moved: Resumed" not in page(client, active)
