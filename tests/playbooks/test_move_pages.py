from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from psdelivery.outbox.choices import State
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.models import Move, Step
from tests.factories.engagements import EngagementFactory, TeamMemberFactory
from tests.factories.outbox import MessageFactory
from tests.factories.people import UserFactory
from tests.playbooks.moving import KICKOFF, LATER, NOW, checklist_with, move, tick

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(minutes=4)


@pytest.fixture(autouse=True)
def at_soon():
    with time_machine.travel(SOON, tick=False):
        yield


@pytest.fixture
def pm(client):
    person = UserFactory(roles=[Role.PM])
    client.force_login(person)
    return person


@pytest.fixture
def moved(pm):
    """A move that the person at hand made on an engagement of theirs."""
    engagement = EngagementFactory()
    TeamMemberFactory(engagement=engagement, role=EngagementRole.PM, person=pm)
    checklist = checklist_with(
        "open", "exempted", "link", again=["link"], engagement_id=engagement.pk
    )
    tick(checklist, "link")
    exempt = [checklist.steps.get(key="exempted").pk]
    return move(checklist, by=pm, exempt=exempt, title="Kickoff")


def url(name, made):
    return reverse(f"playbooks:move-{name}", args=[made.pk])


def test_r20_the_page_tells_what_moved_who_why_and_until_when_it_can_be_undone(
    client, moved, pm
):
    page = client.get(url("detail", moved)).content.decode()

    assert "Moved: Kickoff" in page
    assert "1 open step moved, 1 done step comes back." in page
    assert "Re-send: Do link" in page
    assert "Thu 15 Apr 2027" in page
    assert "Sat 15 May 2027" in page
    assert "keeps its date" in page
    assert "They asked" in page
    assert pm.display_name in page
    assert "Undo until 10:10." in page
    assert url("undo", moved) in page


def test_r20_the_button_undoes_the_move(client, moved):
    answer = client.post(url("undo", moved), follow=True)

    assert "The move is undone" in answer.content.decode()
    assert moved.checklist.anchors.get().day == KICKOFF
    assert Move.objects.get(pk=moved.pk).undone_at == SOON


def test_r20_after_an_undo_the_page_says_so(client, moved):
    client.post(url("undo", moved))

    page = client.get(url("detail", moved)).content.decode()

    assert "This move was undone" in page
    assert url("undo", moved) not in page


def test_r20_a_refused_undo_says_why_and_changes_nothing(client, moved):
    again = Step.objects.get(again=1)
    MessageFactory(
        step=again, subject="Welcome to PS", to=["jane@acme.example"],
        state=State.SENT, sent_at=SOON,
    )  # fmt: skip

    answer = client.post(url("undo", moved))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "“Welcome to PS” left to jane@acme.example already" in page
    assert f'action="{url("undo", moved)}"' not in page
    assert moved.checklist.anchors.get().day == LATER


def test_r20_too_late_is_told(client, moved):
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        page = client.get(url("detail", moved)).content.decode()
        answer = client.post(url("undo", moved))

    assert "It could be undone until 10:10." in page
    assert answer.status_code == 409


def test_a_stranger_finds_no_move(client, moved):
    client.force_login(UserFactory(roles=[Role.PSE]))

    assert client.get(url("detail", moved)).status_code == 404
    assert client.post(url("undo", moved)).status_code == 404


def test_who_may_only_look_cannot_undo(client, moved):
    client.force_login(UserFactory(roles=[Role.LEADERSHIP]))

    page = client.get(url("detail", moved))

    assert page.status_code == 200
    assert url("undo", moved) not in page.content.decode()
    assert client.post(url("undo", moved)).status_code == 403


def test_a_move_is_undone_by_post_only(client, moved):
    assert client.get(url("undo", moved)).status_code == 405


def test_an_undo_leads_back_where_the_reader_was(client, moved):
    assert client.post(url("undo", moved), {"next": "/steps/"}).url == "/steps/"


def page_queries(client, pm, count):
    keys = [f"s{number}" for number in range(count)]
    made = move(checklist_with(*keys), by=pm)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url("detail", made)).status_code == 200
    return len(queries)


def test_the_page_takes_the_same_queries_with_3_and_30_steps(client, pm):
    page_queries(client, pm, 1)  # fills caches of the process

    assert page_queries(client, pm, 3) == page_queries(client, pm, 30) <= 25


def test_r20_the_history_leads_to_the_move_and_its_undo(client, moved):
    page = f"{moved.engagement.get_absolute_url()}history/"

    before = client.get(page).content.decode()
    client.post(url("undo", moved))
    after = client.get(page).content.decode()

    assert f'href="{moved.get_absolute_url()}"' in before
    assert "Undo it, or see what moved" in before
    assert "Undo it, or see what moved" not in after
