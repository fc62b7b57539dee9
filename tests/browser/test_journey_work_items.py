"""From an answer of the discovery to an issue in the customer's project and back."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from engagements.execution.models import CollaborationProject, WorkItem
from engagements.execution.services.project_runs import run_project
from psdelivery.jobs.services import run_one
from psdelivery.people.choices import Role
from tests.execution.gitlab_server import TOKEN, running_gitlab
from tests.execution.work import make_answered, make_session, on_team
from tests.factories.engagements import NOW, EngagementFactory
from tests.factories.people import UserFactory


@pytest.fixture
def gitlab(settings):
    with running_gitlab() as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.host]
        settings.GITLAB_TOKENS = {server.host: TOKEN}
        yield server


@pytest.mark.django_db(transaction=True)
def test_a_work_item_from_the_answer_to_the_customer_and_back(
    open_as, clock_at, gitlab
):
    clock_at(NOW)
    engagement = EngagementFactory(title="Migration", active=True)
    pse = UserFactory(roles=[Role.PSE])
    on_team(engagement, pse)
    make_answered(make_session(engagement))
    page = open_as(pse, width=390)
    tab = reverse("engagements:engagement-tab", args=[engagement.pk, "work"])
    page.goto(tab)
    make_it_ready(page)
    page.goto(tab)
    push_it(page, gitlab)

    theirs = gitlab.issues[1]["description"].replace(
        "- [ ] Which runners?", "- [x] Which runners?\n  Two, on Linux"
    )
    gitlab.change(1, description=theirs)
    run_project(CollaborationProject.objects.get().pk)
    page.goto(WorkItem.objects.get().get_absolute_url())
    page.get_by_role("link", name="Compare both texts").click()
    page.get_by_role("button", name="Take theirs").click()
    expect(page.get_by_text("Two, on Linux")).to_be_visible()
    page.get_by_role("button", name="Start the build").click()
    expect(page.get_by_text("is in build")).to_be_visible()


def make_it_ready(page):
    """Draft the answer, add a question, and write what lacks."""
    page.get_by_role("link", name="Draft from discovery").click()
    page.get_by_label("Which CI system?").check()
    page.get_by_role("button", name="Draft them").click()
    page.get_by_role("link", name="Which CI system?").click()
    expect(page.get_by_text("There are no tasks")).to_be_visible()
    page.get_by_role("link", name="Add a question").click()
    page.get_by_label("What must be known").fill("Which runners?")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Tasks").fill("- [ ] move 300 jobs")
    page.get_by_label("Acceptance Criteria").fill("- [ ] **all** jobs run")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview strong").last).to_have_text("all")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Ready to build").click()
    expect(page.get_by_text("“Which runners?” is open")).to_be_visible()


def push_it(page, gitlab):
    """Name the project and push; the worker is this test."""
    page.get_by_role("link", name="Enter its address").click()
    page.get_by_label("Address of the project").fill(gitlab.url)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Push the complete items").click()
    run_one()
    page.reload()
    expect(page.get_by_text("1 made, 0 updated")).to_be_visible()
    assert "move 300 jobs" in gitlab.issues[1]["description"]
