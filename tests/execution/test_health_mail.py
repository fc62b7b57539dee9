"""The customer's mail of a report: what it says, and what it never says."""

import pytest
from django.urls import reverse

from engagements.choices import BillingTerms
from engagements.execution.health_mail import report_facts, report_rows
from engagements.execution.services.health import prepare_report_mail, save_report
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.registry import RuleRefused
from tests.execution.health import (
    GREEN,
    NOW,
    YELLOW,
    rolling,
    tell_hours,
    weeks,
)
from tests.factories.people import ContactFactory, CustomerFactory, UserFactory
from tests.factories.shipped import ship_mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def pse():
    return UserFactory(roles=[Role.PSE])


@pytest.fixture
def engagement(monkeypatch, pse):
    ship_mails()
    tell_hours(monkeypatch, weeks((20, "18.25"), (20, 0)))
    customer = CustomerFactory(name="Acme")
    contact = ContactFactory(
        customer=customer, name="Jane Doe", email="jane@acme.example"
    )
    return rolling(
        customer=customer, main_contact=contact, team=[(EngagementRole.PSE, pse)]
    )


def facts(report):
    return report_facts(report_rows().get(pk=report.pk))


def test_the_mail_says_why_and_the_path_to_green_and_nothing_internal(engagement):
    values = YELLOW | {"done": "One\nTwo", "internal_note": "They argue"}
    report = save_report(engagement, values, by=engagement.pm, now=NOW)

    draft = prepare_report_mail(report, by=engagement.pm, now=NOW)

    assert draft.to == ["jane@acme.example"]
    assert draft.subject == "Rollout: where we stand on Tue 9 Feb 2027"
    said = ["The firewall is late.", "Acme opens it by Friday.", "- One", "at risk"]
    assert [words for words in said if words not in draft.source["body"]] == []
    unsaid = ["They argue", "Client", "Risks", "Hours", "{{"]
    assert [words for words in unsaid if words in draft.source["body"]] == []
    # A second click leads to the same draft; sent, there is no other.
    assert prepare_report_mail(report, by=engagement.pm, now=NOW) == draft
    Message.objects.update(state=State.SENT, sent_at=NOW)
    with pytest.raises(RuleRefused, match="mail of this report is"):
        prepare_report_mail(report, by=engagement.pm, now=NOW)


def test_hours_are_told_to_whom_they_are_billed(engagement):
    report = save_report(engagement, GREEN, by=engagement.pm, now=NOW)
    assert facts(report)["hours"] == ""

    engagement.paper.billing_terms = BillingTerms.TIME_AND_MATERIALS
    engagement.paper.save()
    assert facts(report)["hours"].splitlines() == [
        "Worked: 18.25 of 200 h",
        "Left: 181.75 h",
        "Planned from now on: 21.75 h",
    ]
    report.hours["over"] = "2027-03-12"
    report.save()
    assert "week until Fri 12 Mar 2027" in facts(report)["hours"]


def test_how_the_client_is_seen_is_not_told(engagement):
    values = GREEN | {"client": "red", "reason": "They argue", "path_to_green": "Call"}
    report = save_report(engagement, values, by=engagement.pm, now=NOW)

    assert facts(report)["reason"] == facts(report)["path_to_green"] == ""


def test_r9_only_the_newest_version_of_a_day_is_mailed(engagement):
    first = save_report(engagement, GREEN, by=engagement.pm, now=NOW)
    save_report(engagement, YELLOW, seen=1, by=engagement.pm, now=NOW)

    with pytest.raises(RuleRefused, match="newer version"):
        prepare_report_mail(first, by=engagement.pm, now=NOW)


def test_the_lead_prepares_it_and_an_engineer_only_their_own(client, engagement, pse):
    report = save_report(engagement, GREEN, by=engagement.pm, now=NOW)
    url = reverse("execution:health-mail", args=[report.pk])
    client.force_login(pse)
    assert client.post(url).status_code == 403

    client.force_login(engagement.pm)
    assert "Prepare the mail" in client.get(report.get_absolute_url()).content.decode()
    assert client.post(url).url == Message.objects.get().get_absolute_url()
    assert "Check the mail" in client.get(report.get_absolute_url()).content.decode()
    Message.objects.update(state=State.SENT, sent_at=NOW)
    assert client.post(url).status_code == 409
