# ruff: noqa: F811
"""The weekly report of a yellow engagement: drafted in one click, mailed after one."""

from datetime import date

import pytest
from playwright.sync_api import expect

from engagements.execution.models import Deliverable, ProjectRisk
from engagements.queries import step_of
from psdelivery import clock
from psdelivery.outbox.services import send_due
from psdelivery.people.choices import EngagementRole, Role
from tests.execution.health import NOW, rolling
from tests.factories.people import ContactFactory, CustomerFactory, UserFactory
from tests.outbox.conftest import sink, smtp  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def engagement(shipped, clock_at):
    clock_at(NOW)
    customer = CustomerFactory(name="Acme", zone="Europe/Berlin", country="DE")
    contact = ContactFactory(customer=customer, email="jane@acme.example")
    coordinator = UserFactory(roles=[Role.COORDINATOR])
    engagement = rolling(
        customer=customer,
        main_contact=contact,
        team=[(EngagementRole.PC, coordinator)],
    )
    Deliverable.objects.create(
        engagement=engagement,
        title="Migration plan",
        is_milestone=False,
        due_on=date(2027, 2, 5),
        created_at=NOW,
    )
    ProjectRisk.objects.create(
        engagement=engagement,
        title="The firewall is closed",
        priority="high",
        impact="timeline",
        mitigation="Acme opens it by Friday",
        opened_on=NOW.date(),
    )
    return engagement


def test_a_yellow_report_is_drafted_in_one_click_and_reaches_the_customer(
    engagement, open_as, smtp
):
    page = open_as(engagement.pm)
    page.goto(f"{engagement.get_absolute_url()}health/")
    page.get_by_role("link", name="Draft this week's report").click()

    # The data say why, and the risk says how it gets green.
    overall = page.get_by_role("group", name="Overall")
    expect(overall.get_by_label("yellow: at risk")).to_be_checked()
    why = page.get_by_label("Why is it not green?")
    expect(why).to_have_value("Late: Migration plan.")
    way = page.get_by_label("Path to green")
    expect(way).to_have_value("Acme opens it by Friday")
    refuse_it_without_a_way(page, way)

    way.fill("Acme opens the firewall by Friday; the plan follows on Monday.")
    page.get_by_label("For us only").fill("They are short of people.")
    page.get_by_role("button", name="Save the report").click()
    expect(page.get_by_text("The report is saved.")).to_be_visible()
    assert step_of(engagement, "weekly-status").due_day == date(2027, 2, 18)

    page.get_by_role("button", name="Prepare the mail").click()
    page.get_by_role("button", name="Send it now").click()
    expect(page.locator("h1")).to_contain_text("Ready to leave")
    send_due(clock.now(), limit=10)
    look_into_the_mail(smtp)
    page.goto(f"{engagement.get_absolute_url()}health/")
    expect(page.get_by_text("mail to the customer:")).to_contain_text("Sent")


def refuse_it_without_a_way(page, way):
    """Nothing typed is lost, and the field says what it wants."""
    way.fill("")
    page.get_by_role("button", name="Save the report").click()
    expect(page.get_by_text("Say what leads back to green")).to_be_visible()
    expect(page.get_by_label("Why is it not green?")).to_have_value(
        "Late: Migration plan."
    )


def look_into_the_mail(smtp):
    [mail] = [one.mail for one in smtp.received]
    assert mail["To"] == "jane@acme.example"
    text = mail.get_body(("plain",)).get_content()
    said = ["Late: Migration plan.", "firewall by Friday", "High: The firewall"]
    assert [words for words in said if words not in text] == []
    assert "short of people" not in text
