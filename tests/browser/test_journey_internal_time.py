"""Internal time is asked for in a comment, and becomes a request by one click."""

import pytest
from playwright.sync_api import expect

from engagements.choices import Kind, Status
from engagements.models import Engagement
from psdelivery.outbox.models import Message
from psdelivery.people.choices import Role
from scheduling.choices import RequestKind
from scheduling.models import ResourceRequest
from tests.factories.engagements import EngagementFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def internal(office):
    """The standing engagement that creditable time is asked from."""
    known = Engagement.objects.filter(kind=Kind.INTERNAL, status=Status.ACTIVE)
    return known.first() or EngagementFactory(
        kind=Kind.INTERNAL, status=Status.ACTIVE, title="Creditable time"
    )


def say(page, office, text):
    page.goto(f"{office.active.get_absolute_url()}comments/")
    page.locator("main textarea[name=text]").fill(text)
    page.get_by_role("button", name="Comment", exact=True).click()


def test_a_comment_with_a_mention_becomes_a_request(office, internal, open_as):
    coordinator, engineer = office[Role.COORDINATOR], office[Role.PSE]
    page = open_as(engineer, width=390)

    words = f"@{coordinator.username} 6 hours mentoring on 17 Mar, soft please"
    say(page, office, words)
    comment = page.locator(".timeline li").filter(has_text="6 hours mentoring")
    comment.get_by_role("button", name="Make it a request").click()

    # Everything was said, so it is sent; nothing else is asked.
    expect(page.locator("#notices")).to_contain_text("The request is sent.")
    expect(page.locator("main")).to_contain_text("Wed 17 Mar 2027")
    asked = ResourceRequest.objects.latest("pk")
    assert page.url.endswith(asked.get_absolute_url())
    assert (asked.kind, asked.task) == (RequestKind.CREDITABLE, "mentoring")
    assert (asked.engagement, asked.person) == (internal, engineer)
    assert asked.hours_total == 6

    # The comment leads to it now, for whoever reads it; it is made once.
    page.goto(f"{office.active.get_absolute_url()}comments/")
    expect(comment.get_by_role("button", name="Make it a request")).to_have_count(0)
    comment.get_by_role("link", name="Became a request").click()
    expect(page.locator("main")).to_contain_text("Wed 17 Mar 2027")

    # Who was mentioned was told, and answers.
    assert Message.objects.filter(to=[coordinator.email], kind="mention").exists()
    other = open_as(coordinator)
    other.goto("/schedule/requests/")
    other.locator(f"#request-{asked.pk}").get_by_role("link").first.click()
    expect(other.locator("main")).to_contain_text("mentoring")
    expect(other.get_by_role("button", name="I take it")).to_be_visible()


def test_what_a_comment_leaves_open_is_asked_in_the_form(office, internal, open_as):
    page = open_as(office[Role.PSE])

    say(page, office, f"@{office[Role.COORDINATOR].username} I need some mentoring")
    comment = page.locator(".timeline li").filter(has_text="some mentoring")
    comment.get_by_role("button", name="Make it a request").click()

    expect(page.locator("h1")).to_have_text("Internal, creditable")
    expect(page.get_by_label("Task", exact=False).first).to_have_value("mentoring")
    assert ResourceRequest.objects.filter(comment__isnull=False).count() == 0
