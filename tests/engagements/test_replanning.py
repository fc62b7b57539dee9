from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from engagements.models import Engagement
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.models import Move, Step
from psdelivery.playbooks.services.moves import reasons_against_undo, undo_move
from tests.factories.engagements import NOW, open_gate, registered
from tests.factories.people import UserFactory
from tests.factories.shipped import ship_playbooks

pytestmark = pytest.mark.django_db

WHY = {"why-cause": "customer", "why-reason": "Their expert is away"}


@pytest.fixture
def coordinator(client):
    person = UserFactory(roles=[Role.COORDINATOR])
    with time_machine.travel(NOW, tick=False):
        client.force_login(person)
        yield person


@pytest.fixture
def engagement(coordinator):
    ship_playbooks()
    planned = {"wished_start": date(2027, 3, 1), "planned_end": date(2027, 6, 30)}
    made = registered(team=[(EngagementRole.PC, coordinator)], **planned)
    return open_gate(made)


def address(engagement):
    return reverse("engagements:engagement-edit", args=[engagement.pk])


def typed(client, engagement, **fields):
    """What a browser sends of the intake, with these fields typed anew."""
    page = client.get(address(engagement))
    sent = {}
    for form in (page.context["form"], page.context["paper_form"]):
        for bound in form:
            value = bound.value()
            sent[bound.html_name] = "" if value in (None, False) else value
            sent[f"initial-{bound.html_name}"] = sent[bound.html_name]
    return {**{k: v for k, v in sent.items() if not hasattr(v, "read")}, **fields}


def anchors(engagement):
    dated = engagement.checklist.anchors.filter(key__startswith="planned")
    return {anchor.key: anchor.day for anchor in dated}


def replan(client, engagement):
    body = typed(client, engagement, wished_start="2027-04-01")
    first = client.post(address(engagement), body)
    token = first.context["look"].preview.token
    return first, body | WHY | {"confirm": token}


def test_r20_a_new_planned_start_shows_first_what_moves(client, engagement):
    first, _body = replan(client, engagement)

    assert first.status_code == 200
    assert "What moves with it" in first.content.decode()
    assert first.context["look"].preview.moving
    assert Engagement.objects.get().wished_start == date(2027, 3, 1)
    assert not Move.objects.exists()


def test_r20_confirmed_it_is_one_move_with_its_cause(client, engagement):
    _first, body = replan(client, engagement)

    answer = client.post(address(engagement), body, follow=True)

    move = Move.objects.get()
    assert "Undo until" in answer.content.decode()
    assert (move.cause, move.reason) == ("customer", "Their expert is away")
    assert anchors(engagement)["planned_start"] == date(2027, 4, 1)


def test_r20_without_a_cause_nothing_is_saved(client, engagement):
    _first, body = replan(client, engagement)

    answer = client.post(address(engagement), body | {"why-cause": ""})

    assert answer.status_code == 422
    assert Engagement.objects.get().wished_start == date(2027, 3, 1)


def test_r20_undo_gives_the_intake_its_days_back(client, engagement, coordinator):
    before = dict(Step.objects.values_list("pk", "due_at"))
    _first, body = replan(client, engagement)
    client.post(address(engagement), body)

    undo_move(Move.objects.get(), by=coordinator, now=NOW + timedelta(minutes=1))

    assert Engagement.objects.get().wished_start == date(2027, 3, 1)
    assert anchors(engagement)["planned_start"] == date(2027, 3, 1)
    assert (
        dict(Step.objects.filter(pk__in=before).values_list("pk", "due_at")) == before
    )


def test_r20_an_intake_changed_since_is_not_put_back(client, engagement):
    _first, body = replan(client, engagement)
    client.post(address(engagement), body)
    Engagement.objects.update(wished_start=date(2027, 5, 1))

    codes = [r.code for r in reasons_against_undo(Move.objects.get(), now=NOW)]

    assert codes == ["replanned"]


def test_another_field_of_the_intake_is_saved_at_once(client, engagement):
    answer = client.post(
        address(engagement), typed(client, engagement, notes="Call first")
    )

    assert answer.status_code == 302
    assert Engagement.objects.get().notes == "Call first"
