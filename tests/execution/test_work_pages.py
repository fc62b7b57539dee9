import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.execution.models import OpenQuestion, ProjectRisk, WorkItem
from psdelivery.people.choices import Role
from tests.execution.work import (
    FULL,
    make_assumption,
    make_item,
    make_question,
    on_team,
)
from tests.factories.engagements import EngagementFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement():
    return EngagementFactory(title="Rollout", active=True)


@pytest.fixture
def pse(engagement):
    person = UserFactory(roles=[Role.PSE])
    on_team(engagement, person)
    return person


@pytest.fixture
def browser(client, pse):
    client.force_login(pse)
    return client


def tab(engagement):
    return reverse("engagements:engagement-tab", args=[engagement.pk, "work"])


def url(name, record):
    return reverse(f"execution:{name}", args=[record.pk])


def page(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def test_the_tab_says_what_each_item_lacks(browser, engagement):
    assert "No work item yet" in page(browser.get(tab(engagement)))
    empty = make_item(engagement, acceptance_criteria="- [ ]")
    make_question(empty)
    make_item(engagement, title="Whole")

    text = page(browser.get(tab(engagement)))

    assert "empty: Acceptance Criteria" in text
    assert "1 open question" in text
    assert url("work-item-detail", empty) in text


def test_the_tab_is_there_from_the_start_or_with_data(browser, engagement):
    type(engagement).objects.update(status="prospect")
    assert browser.get(tab(engagement)).status_code == 404

    make_item(engagement)

    assert browser.get(tab(engagement)).status_code == 200
    type(engagement).objects.update(kind="training")
    assert browser.get(tab(engagement)).status_code == 404


@pytest.mark.parametrize("of_item", [False, True])
def test_queries_do_not_grow_with_items_and_questions(browser, engagement, of_item):
    def fill(count):
        for number in range(count):
            item = make_item(engagement, title=f"Item {number}")
            item.assumptions.add(make_assumption(engagement, f"A {number}"))
            make_question(item if not of_item else first)

    first = make_item(engagement)
    path = first.get_absolute_url() if of_item else tab(engagement)

    def asked():
        with CaptureQueriesContext(connection) as found:
            page(browser.get(path))
        return len(found)

    fill(3)
    asked()
    few = asked()
    fill(27)
    assert asked() == few


def test_an_item_is_typed_previewed_and_saved(browser, engagement, pse):
    typed = {"title": "Move", "owner": pse.pk, **FULL}
    add = reverse("execution:work-item-add", args=[engagement.pk])
    assert page(browser.get(add))

    shown = page(browser.post(add, typed | {"preview": "1"}))
    assert "<li>[ ] each project builds" in shown
    assert not WorkItem.objects.exists()
    assert browser.post(add, typed | {"title": ""}).status_code == 422
    answer = browser.post(add, typed)

    item = WorkItem.objects.get()
    assert answer.url == item.get_absolute_url()
    assert (item.tasks, item.owner) == (FULL["tasks"], pse)
    assert "Ready to build" in page(browser.get(answer.url))


def as_read(answer):
    """What a browser would send of the form, before anything is typed."""
    form = answer.context["form"]
    body = {}
    for field in form:
        value = field.value()
        if isinstance(value, list):
            body[field.html_name] = [str(getattr(one, "pk", one)) for one in value]
        else:
            body[field.html_name] = "" if value is None else str(value)
        if field.field.show_hidden_initial:
            seen = body[field.html_name].replace("\n", "\r\n")
            body[field.html_initial_name] = seen
    return body


def test_two_people_who_write_at_once_both_keep_their_texts(browser, engagement):
    item = make_item(engagement)
    first = make_assumption(engagement, "One server")
    second = make_assumption(engagement, "No proxy")
    edit = url("work-item-edit", item)
    mine = as_read(browser.get(edit))
    theirs = mine | {"tasks": "- [ ] theirs", "assumptions": [first.pk]}
    assert browser.post(edit, theirs).status_code == 302
    typed = mine | {
        "tasks": "- [ ] mine",
        "overview": "My overview",
        "assumptions": [second.pk],
    }

    answer = browser.post(edit, typed)

    text = page(answer, 409)
    assert text.count("- [ ] mine") == 2
    assert "- [ ] theirs" in text
    assert WorkItem.objects.get().tasks == "- [ ] theirs"

    # Having seen both, saving again replaces; what each ticked stays ticked.
    again = typed | {"initial-tasks": "- [ ] theirs"}
    assert browser.post(edit, again).status_code == 302
    item = WorkItem.objects.get()
    assert (item.tasks, item.overview) == ("- [ ] mine", "My overview")
    assert set(item.assumptions.all()) == {first, second}


def test_r10_the_refusal_names_what_is_open_and_leads_there(browser, engagement):
    item = make_item(engagement, state="ready")
    question = make_question(item, "Which registry?")
    item.assumptions.add(make_assumption(engagement, "One server"))

    text = page(browser.post(url("work-item-move", item), {"to": "in_build"}), 409)

    assert "Which registry?" in text
    assert url("open-question-answer", question) in text
    assert "One server" in text
    assert WorkItem.objects.get().state == "ready"


def test_an_open_question_is_asked_answered_or_a_risk(browser, engagement, pse):
    item = make_item(engagement, state="in_build")
    browser.post(url("open-question-add", item), {"text": "Which registry?"})
    question = OpenQuestion.objects.get()
    assert "not in build any more" in page(browser.get(item.get_absolute_url()))

    answer = url("open-question-answer", question)
    assert browser.post(answer, {"answer": " "}).status_code == 422
    browser.post(answer, {"answer": "One\r\nof 40 GB", "seen": ""})
    assert OpenQuestion.objects.get().answer == "One\nof 40 GB"
    late = page(browser.post(answer, {"answer": "Two", "seen": ""}), 422)
    assert "Two" in late

    other = make_question(item, "Which day?")
    risk = url("open-question-risk", other)
    assert "Which day?" in page(browser.get(risk))
    browser.post(
        risk,
        {
            "title": "No day",
            "priority": "high",
            "impact": "timeline",
            "owner": pse.pk,
            "mitigation": "Ask",
        },
    )
    assert ProjectRisk.objects.get().open_question == other
    assert "became a risk" in page(browser.get(item.get_absolute_url()))
    last = make_question(item, "Why?")
    browser.post(url("open-question-drop", last))
    assert OpenQuestion.objects.count() == 2


def test_a_draft_is_removed_and_the_tab_shows_no_trace(browser, engagement):
    item = make_item(engagement)
    assert "Remove the work item" in page(browser.get(item.get_absolute_url()))

    answer = browser.post(url("work-item-remove", item))

    assert answer.url == tab(engagement)
    assert not WorkItem.objects.exists()
    type(engagement).objects.update(status="prospect")
    last = make_item(engagement)
    answer = browser.post(url("work-item-remove", last))
    assert answer.url == engagement.get_absolute_url()


def test_who_may_only_read_has_no_buttons(client, engagement):
    client.force_login(UserFactory(roles=[Role.LEADERSHIP]))
    item = make_item(engagement)
    make_question(item)

    text = page(client.get(item.get_absolute_url()))

    assert "Overview" in text
    assert "Turn into a risk" not in text
    assert "Ready to build" not in text
    assert client.post(url("work-item-move", item), {"to": "ready"}).status_code == 403
