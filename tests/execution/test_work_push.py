from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from engagements.execution.models import (
    CollaborationProject,
    WorkItem,
    WorkItemComment,
)
from engagements.execution.services.collaboration import claim_project, set_project
from engagements.execution.services.open_questions import answer_open_question
from engagements.execution.services.project_runs import look_at_projects
from engagements.execution.services.pushing import ask_for_push
from engagements.execution.services.taking_theirs import there_of
from engagements.execution.services.work_items import save_item
from engagements.execution.work_jobs import start_push
from psdelivery.history.models import Event
from psdelivery.jobs.models import Job
from psdelivery.jobs.services import run_one
from psdelivery.people.choices import Role
from psdelivery.registry import RuleRefused
from tests.execution.gitlab_server import TOKEN, running_gitlab
from tests.execution.work import make_item, make_question, on_team
from tests.factories.engagements import NOW, EngagementFactory, registered
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def gitlab(settings):
    with running_gitlab() as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.host]
        settings.GITLAB_TOKENS = {server.host: TOKEN}
        yield server


@pytest.fixture
def traveller():
    with time_machine.travel(NOW, tick=False) as found:
        yield found


@pytest.fixture
def engagement(traveller):
    return EngagementFactory(title="Rollout", active=True)


@pytest.fixture
def pse(engagement):
    person = UserFactory(roles=[Role.PSE])
    on_team(engagement, person)
    return person


@pytest.fixture
def items(engagement, pse, gitlab):
    set_project(engagement, f"{gitlab.url}/-/issues", by=pse, now=NOW)
    return [
        make_item(engagement, title=f"Item {number}", order=number)
        for number in range(1, 9)
    ]


def step(engagement, key):
    return engagement.steps.get(key=key)


def pushed(engagement, pse):
    """Ask for a push as the button does, and let the worker do it."""
    job = start_push(engagement, by=pse, now=NOW)
    run_one()
    return Job.objects.get(pk=job.pk)


def edited(item, pse, **values):
    item = WorkItem.objects.get(pk=item.pk)
    return save_item(item, values, seen=item.version, by=pse, now=NOW)


def item_of(item):
    return WorkItem.objects.get(pk=item.pk)


def test_eight_items_are_pushed_and_one_is_updated(engagement, pse, items, gitlab):
    make_question(items[0], "Which registry?")
    make_item(engagement, title="Not complete", tasks="")

    first = pushed(engagement, pse)
    edited(items[2], pse, tasks="- [ ] another way")
    gitlab.asked.clear()
    second = pushed(engagement, pse)

    assert first.result["text"].startswith("8 made, 0 updated")
    assert second.result["text"].startswith("0 made, 1 updated, 7 as they were")
    assert len(gitlab.issues) == 8
    assert (gitlab.count("POST"), gitlab.count("PUT")) == (0, 1)
    assert "another way" in gitlab.issues[3]["description"]
    assert "- [ ] Which registry?" in gitlab.issues[1]["description"]
    found = item_of(items[0])
    assert (found.push_state, found.issue_number) == ("pushed", 1)
    assert found.issue_url == f"{gitlab.url}/-/issues/1"
    assert Event.objects.filter(verb="work-item-pushed").count() == 9


def test_what_the_customer_changed_is_shown_and_not_overwritten(
    engagement, pse, items, gitlab, client
):
    pushed(engagement, pse)
    theirs = gitlab.issues[2]["description"].replace("import them", "import 39 of them")
    gitlab.change(2, description=theirs, title="Item two")
    edited(items[1], pse, overview="Ours is new too")

    job = pushed(engagement, pse)

    assert "1 changed there and not overwritten" in job.result["text"]
    assert gitlab.issues[2]["description"] == theirs
    found = item_of(items[1])
    assert (found.push_state, found.overview) == ("differs", "Ours is new too")
    client.force_login(pse)
    page = client.get(reverse("execution:work-item-there", args=[found.pk]))
    assert "import 39 of them" in page.content.decode()
    assert "Ours is new too" in page.content.decode()

    take = reverse("execution:work-item-take", args=[found.pk])
    assert client.post(take, {"seen": "another text"}).status_code == 409
    assert client.post(take, {"seen": there_of(found).digest}).status_code == 302
    found = item_of(items[1])
    assert (found.title, found.push_state) == ("Item two", "pushed")
    assert "import 39 of them" in found.tasks
    gitlab.asked.clear()
    pushed(engagement, pse)
    assert gitlab.count("PUT") == 0


def test_ours_replaces_only_the_text_that_was_seen(
    engagement, pse, items, gitlab, client
):
    pushed(engagement, pse)
    gitlab.change(1, description="Theirs")
    gitlab.change(2, description="Theirs")
    pushed(engagement, pse)
    client.force_login(pse)
    for item in items[:2]:
        found = item_of(item)
        overwrite = reverse("execution:work-item-overwrite", args=[found.pk])
        client.post(overwrite, {"seen": there_of(found).digest})
    gitlab.change(2, description="Theirs, once more")

    run_one()

    assert gitlab.issues[1]["description"].startswith("## Overview")
    assert gitlab.issues[2]["description"] == "Theirs, once more"
    assert [item_of(one).push_state for one in items[:2]] == ["pushed", "differs"]


def test_a_connection_lost_after_creating_does_not_double(
    engagement, pse, items, gitlab, traveller
):
    gitlab.mood = [("POST", "drop")]

    job = pushed(engagement, pse)
    assert "cannot be reached" in job.result["lines"][0]
    assert (len(gitlab.issues), item_of(items[0]).push_state) == (1, "failed")
    assert look_at_projects() == 0
    traveller.move_to(NOW + timedelta(minutes=2))
    assert look_at_projects() == 1

    assert len(gitlab.issues) == 8
    assert {item_of(one).push_state for one in items} == {"pushed"}


class Killed(BaseException):
    """The worker dies."""


def test_a_worker_killed_between_creating_and_noting_does_not_double(
    engagement, pse, items, gitlab, traveller, monkeypatch
):
    from engagements.execution.services import pushing

    def die(*_arguments):
        raise Killed

    ask_for_push(engagement, by=pse, now=NOW)
    with monkeypatch.context() as patch:
        patch.setattr(pushing, "keep_pushed", die)
        with pytest.raises(Killed):
            look_at_projects()
    assert len(gitlab.issues) == 1
    # Until its claim has run out nobody else touches the project.
    assert look_at_projects() == 0
    gitlab.per_page = 1
    traveller.move_to(NOW + timedelta(minutes=6))
    look_at_projects()

    assert len(gitlab.issues) == 8
    assert sorted(item_of(one).issue_number for one in items) == list(range(1, 9))


def test_state_and_new_comments_are_read_back(
    engagement, pse, items, gitlab, traveller, client
):
    pushed(engagement, pse)
    gitlab.say(1, "Please use the proxy")
    gitlab.say(1, "changed the label", system=True)
    gitlab.change(3, state="closed")
    gitlab.change(4, description="Another text")

    traveller.move_to(NOW + timedelta(minutes=14))
    assert look_at_projects() == 0
    traveller.move_to(NOW + timedelta(minutes=16))
    assert look_at_projects() == 1
    gitlab.asked.clear()
    traveller.move_to(NOW + timedelta(minutes=32))
    look_at_projects()

    comment = WorkItemComment.objects.get()
    assert (comment.author, comment.text) == ("Cy Ops", "Please use the proxy")
    assert item_of(items[2]).there_state == "closed"
    assert item_of(items[3]).push_state == "differs"
    # What has no news costs one question for all of them.
    assert gitlab.asked == ["GET /issues"]
    client.force_login(pse)
    page = client.get(items[0].get_absolute_url()).content.decode()
    assert "Please use the proxy" in page


TROUBLE = [
    ((401, {}), "does not accept"),
    ((403, {}), "may not do this"),
    ((404, {}), "no such project"),
    ((301, {"Location": "http://127.0.0.1:9/else"}), "has moved"),
    ((500, {}), "trouble of its own"),
    ("html", "no JSON"),
]


@pytest.mark.parametrize(("mood", "words"), TROUBLE)
def test_trouble_is_told_and_tried_again(
    engagement, pse, items, gitlab, traveller, mood, words
):
    gitlab.mood = [("GET", mood)]

    job = pushed(engagement, pse)

    project = CollaborationProject.objects.get()
    assert words in project.error
    assert words in job.result["lines"][0]
    assert project.next_look_at == NOW + timedelta(minutes=1)
    assert gitlab.issues == {}
    traveller.move_to(NOW + timedelta(minutes=1))
    look_at_projects()
    assert len(gitlab.issues) == 8
    assert CollaborationProject.objects.get().error == ""


def test_whoever_is_asked_too_often_is_left_alone_as_long_as_wanted(
    engagement, pse, items, gitlab
):
    gitlab.mood = [("POST", (429, {"Retry_After": "600"}))]

    pushed(engagement, pse)

    project = CollaborationProject.objects.get()
    assert project.next_look_at == NOW + timedelta(minutes=10)


def test_one_refused_issue_does_not_hold_up_the_others(engagement, pse, items, gitlab):
    gitlab.mood = [("POST", (422, {}))]

    job = pushed(engagement, pse)

    assert len(gitlab.issues) == 7
    assert "refused it" in job.result["lines"][0]
    assert item_of(items[0]).push_error


def test_an_issue_that_is_gone_is_made_anew_when_asked_again(
    engagement, pse, items, gitlab
):
    pushed(engagement, pse)
    gone = gitlab.issues.pop(8)

    job = pushed(engagement, pse)
    assert "gone" in job.result["lines"][0]
    pushed(engagement, pse)

    assert gitlab.issues[8]["title"] == gone["title"]


def test_a_slow_server_is_not_waited_for(engagement, pse, items, gitlab, monkeypatch):
    from engagements.execution.gitlab import client

    monkeypatch.setattr(client, "WHOLE_SECONDS", -1.0)

    pushed(engagement, pse)

    assert "takes too long" in CollaborationProject.objects.get().error


def test_too_long_an_answer_is_not_read_to_its_end(
    engagement, pse, items, gitlab, monkeypatch
):
    from engagements.execution.gitlab import client

    gitlab.make("Long", "x" * 5_000)
    monkeypatch.setattr(client, "MOST_BYTES", 1_000)

    pushed(engagement, pse)

    assert "too much" in CollaborationProject.objects.get().error


def test_nothing_leaves_for_a_host_that_nobody_allowed(
    engagement, pse, items, gitlab, settings
):
    settings.GITLAB_TOKENS = {}
    with pytest.raises(RuleRefused, match="no token"):
        start_push(engagement, by=pse, now=NOW)
    settings.OUTBOUND_ALLOWED_HOSTS = []
    with pytest.raises(RuleRefused, match="OUTBOUND_ALLOWED_HOSTS"):
        start_push(engagement, by=pse, now=NOW)

    assert gitlab.asked == []


def test_two_workers_do_not_talk_to_one_project_at_once(engagement, pse, items, gitlab):
    claim_project(engagement.collaboration_project.pk, NOW)

    job = pushed(engagement, pse)

    assert "already" in job.result["text"]
    assert gitlab.asked == []


def test_another_project_gets_issues_of_its_own(engagement, pse, items, gitlab):
    pushed(engagement, pse)

    set_project(engagement, f"{gitlab.url}-two", by=pse, now=NOW)

    assert {item_of(one).push_state for one in items} == {"never"}
    assert set(engagement.work_items.values_list("issue_number", flat=True)) == {None}


def test_the_steps_of_the_checklist_follow_what_was_done(
    shipped, traveller, gitlab, pse, client
):
    engagement = registered(title="Steps", team=[("pse", pse)], by=pse)
    set_project(engagement, gitlab.url, by=pse, now=NOW)
    assert not step(engagement, "collaboration-project").is_open
    item = make_item(engagement, owner=pse)
    question = make_question(item)
    step(engagement, "work-items").blockers.clear()

    pushed(engagement, pse)

    made = step(engagement, "work-items")
    assert (made.state, made.evidence.url) == ("done", gitlab.url)
    assert step(engagement, "open-questions").is_open
    answer_open_question(question, "17.4", seen="", by=pse, now=NOW)
    assert not step(engagement, "open-questions").is_open

    gitlab.change(1, description="Theirs")
    pushed(engagement, pse)
    client.force_login(pse)
    assert "changed the text of your work item" in client.get("/").content.decode()
    page = client.get(made.get_absolute_url()).content.decode()
    assert f"{engagement.get_absolute_url()}work/" in page
