import pytest
from django.urls import reverse

from engagements.execution.models import WorkItem
from psdelivery.dashboards.demo.work_items import draft_some_work
from psdelivery.history.models import Event
from psdelivery.people.choices import Role
from tests.execution.work import (
    make_answered,
    make_assumption,
    make_item,
    make_question,
    make_session,
    on_team,
)
from tests.factories.engagements import NOW, EngagementFactory
from tests.factories.people import CustomerFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement():
    return EngagementFactory(
        title="Rollout", active=True, customer=CustomerFactory(name="<b>Acme</b>")
    )


@pytest.fixture
def browser(client, engagement):
    person = UserFactory(roles=[Role.PSE])
    on_team(engagement, person)
    client.force_login(person)
    return client


def url(name, engagement):
    return reverse(f"execution:{name}", args=[engagement.pk])


def test_findings_become_drafts_once(browser, engagement):
    session, other = make_session(engagement), make_session(engagement, "Second")
    wrong = make_assumption(
        engagement, "One server", state="invalidated", evidence="It is three"
    )
    make_assumption(engagement, "No proxy", state="validated")
    answered, later = make_answered(session), make_answered(other, "Which day?", "May")
    make_answered(session, "Which registry?", "")
    draft = url("work-draft", engagement)

    text = browser.get(draft).content.decode()
    assert "One server → It is three" in text
    assert "No proxy" not in text
    assert "Which registry?" not in text
    of_one = browser.get(f"{draft}?session={session.pk}").content.decode()
    assert "Which CI system?" in of_one
    assert "Which day?" not in of_one
    assert browser.post(draft).status_code == 422

    typed = {"assumptions": [wrong.pk], "questions": [answered.pk]}
    browser.post(draft, typed)
    # The second click, or somebody else with the same page open.
    answer = browser.post(draft, typed | {"questions": [answered.pk, later.pk]})

    assert answer.status_code == 302
    first, second, third = WorkItem.objects.order_by("order")
    assert (first.title, first.state) == ("One server", "draft")
    assert "Discovery showed: It is three" in first.overview
    assert list(first.assumptions.all()) == [wrong]
    assert second.overview == "**Which CI system?**\n\nJenkins, 300 jobs"
    assert (second.session, third.session) == (session, other)
    told = Event.objects.filter(verb="work-items-drafted").order_by("pk")
    assert [event.changes["work_items"][1] for event in told] == [
        ["One server", "Which CI system?"],
        ["Which day?"],
    ]
    again = browser.get(draft).content.decode()
    assert "Nothing to draft from" in again
    assert second.get_absolute_url() in again


def test_the_demo_shows_drafts_and_one_that_is_ready(engagement):
    session = make_session(engagement)
    for text in ("Which CI system?", "Which registry?"):
        make_answered(session, text)

    assert draft_some_work(UserFactory(), NOW) == 1
    assert draft_some_work(UserFactory(), NOW) == 1

    first, second = WorkItem.objects.order_by("order")
    assert (first.state, second.open_questions.count()) == ("ready", 1)


def test_what_belongs_to_others_is_no_finding(browser, engagement):
    foreign = make_answered(make_session(EngagementFactory()))

    answer = browser.post(url("work-draft", engagement), {"questions": [foreign.pk]})

    assert answer.status_code == 422
    assert not WorkItem.objects.exists()


def test_the_export_is_one_markdown_file_without_html(browser, engagement):
    item = make_item(engagement, title="Move <script>x</script>", order=1)
    make_question(item, "Which?", answer="<i>17</i>")
    make_item(engagement, title="=1+1", order=2, overview="", tasks="`<b>` stays")

    answer = browser.get(url("work-markdown", engagement))

    text = answer.content.decode()
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment")
    assert text.startswith("# Work items: &lt;b>Acme&lt;/b> · Rollout\n\n2 work items")
    assert "## 1. Move &lt;script>x&lt;/script>" in text
    assert "### Open Questions\n\n- [x] Which?\n  &lt;i>17&lt;/i>" in text
    assert "## 2. =1+1\n\nState: draft\n\n### Overview\n\nNothing yet." in text
    assert "`<b>` stays" in text
