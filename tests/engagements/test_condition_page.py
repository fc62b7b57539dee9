from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from engagements.choices import Condition
from engagements.models import GateCondition
from psdelivery.documents.models import Document
from psdelivery.history.models import Event
from psdelivery.people.choices import Role
from psdelivery.playbooks.models import Step
from tests.factories.engagements import EngagementFactory, meet
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
LINK = "https://docs.example.com/signed"


def url_of(engagement, code="customer_signature"):
    return reverse("engagements:engagement-condition", args=[engagement.pk, code])


def withdraw_url(engagement, code="customer_signature"):
    return reverse("engagements:condition-withdraw", args=[engagement.pk, code])


def errors_of(response):
    assert response.status_code == 422
    return set(response.context["form"].errors)


def condition_of(engagement, code="customer_signature"):
    return GateCondition.objects.get(engagement=engagement, code=code)


def test_a_signature_is_put_on_file_by_link(client, coordinator, consulting, at_now):
    client.force_login(coordinator)

    response = client.post(
        url_of(consulting),
        {"met_on": "2027-01-29", "evidence_link": LINK, "note": "Signed by the CIO"},
    )
    condition = condition_of(consulting)
    assert response.url == consulting.get_absolute_url()
    assert condition.met_on.isoformat() == "2027-01-29"
    assert condition.evidence.url == LINK
    assert (condition.recorded_by, condition.note) == (coordinator, "Signed by the CIO")


def test_a_signature_is_put_on_file_as_a_file(client, coordinator, consulting, at_now):
    client.force_login(coordinator)
    upload = SimpleUploadedFile("signed.pdf", b"%PDF-1.7")

    client.post(url_of(consulting), {"met_on": "2027-02-01", "evidence_file": upload})
    document = Document.objects.get()
    assert condition_of(consulting).evidence == document
    document.file.delete(save=False)


def test_r4_closed_won_is_typed_on_the_customers_clock(
    client, coordinator, consulting, at_now
):
    client.force_login(coordinator)
    url = url_of(consulting, "closed_won")
    assert "Time (Sydney)" in client.get(url).content.decode()

    client.post(url, {"met_on": "2027-02-01", "met_at": "16:30", "evidence_link": LINK})
    consulting.refresh_from_db()
    assert consulting.closed_won_at == datetime(2027, 2, 1, 5, 30, tzinfo=UTC)
    assert Step.objects.get(key="welcome").due_at is not None


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"met_on": ""}, {"met_on"}),
        ({"met_on": "yesterday"}, {"met_on"}),
        ({"met_on": "1899-01-01"}, {"met_on"}),
        # In Sydney it is 20:00 on the 1st.
        ({"met_on": "2027-02-02"}, {"met_on"}),
        ({"evidence_link": ""}, {"evidence_file"}),
        ({"evidence_link": "javascript:alert(1)"}, {"evidence_link"}),
        ({"note": "x" * 301}, {"note"}),
        ({"note": "a\x00"}, {"note"}),
        ({"evidence_file": SimpleUploadedFile("a.exe", b"MZ")}, {"evidence_file"}),
        ({"evidence_file": SimpleUploadedFile("a.pdf", b"")}, {"evidence_file"}),
        ({"evidence_file": SimpleUploadedFile("a.pdf", b"%PDF")}, {"evidence_link"}),
    ],
)
def test_bad_evidence_is_said_at_its_field_and_nothing_is_written(
    client, coordinator, at_now, typed, fields
):
    engagement = EngagementFactory(customer__zone="Australia/Sydney")
    client.force_login(coordinator)

    given = {"met_on": "2027-02-01", "evidence_link": LINK} | typed
    assert errors_of(client.post(url_of(engagement), given)) == fields
    assert not condition_of(engagement).is_met
    assert not Document.objects.exists()


@pytest.mark.parametrize("typed", ["", "25:00", "20:01"])
def test_a_time_that_is_missing_wrong_or_to_come_is_said(
    client, coordinator, at_now, typed
):
    engagement = EngagementFactory(customer__zone="Australia/Sydney")
    client.force_login(coordinator)

    given = {"met_on": "2027-02-01", "met_at": typed, "evidence_link": LINK}
    response = client.post(url_of(engagement, "closed_won"), given)
    assert errors_of(response) == {"met_at"}
    assert not condition_of(engagement, "closed_won").is_met


def test_advice_needs_no_evidence(client, coordinator, consulting, at_now):
    client.force_login(coordinator)

    client.post(url_of(consulting, "skills"), {"met_on": "2027-02-01"})
    assert condition_of(consulting, "skills").is_met


def test_what_is_on_file_is_kept_when_only_the_day_is_corrected(
    client, coordinator, consulting, at_now
):
    meet(consulting, Condition.AGREEMENT)
    before = condition_of(consulting, "agreement").evidence
    client.force_login(coordinator)

    client.post(url_of(consulting, "agreement"), {"met_on": "2027-01-15"})
    after = condition_of(consulting, "agreement")
    assert (after.met_on.isoformat(), after.evidence) == ("2027-01-15", before)


@pytest.mark.parametrize("code", [Condition.BILLING_TERMS, Condition.FORECAST])
def test_what_the_intake_answers_leads_to_the_intake(
    client, coordinator, consulting, code
):
    client.force_login(coordinator)

    assert "/edit/#id_" in client.get(url_of(consulting, code)).url
    assert "/edit/#id_" in client.post(withdraw_url(consulting, code)).url


def test_a_withdrawal_keeps_the_document_and_the_reason(
    client, coordinator, consulting
):
    meet(consulting, Condition.CUSTOMER_SIGNATURE)
    client.force_login(coordinator)

    response = client.post(withdraw_url(consulting), {"reason": "Wrong version"})
    assert response.url == consulting.get_absolute_url()
    assert not condition_of(consulting).is_met
    assert Document.objects.filter(engagement=consulting).exists()
    assert Event.objects.get(verb="gate-condition-withdrawn").reason == "Wrong version"


@pytest.mark.parametrize("reason", ["", "  ", "a\x00b", "x" * 1001])
def test_a_withdrawal_without_a_reason_is_refused(
    client, coordinator, consulting, reason
):
    meet(consulting, Condition.CUSTOMER_SIGNATURE)
    client.force_login(coordinator)

    response = client.post(withdraw_url(consulting), {"reason": reason})
    assert response.status_code == 422
    assert condition_of(consulting).is_met


def test_nothing_on_file_cannot_be_withdrawn(client, coordinator, consulting):
    client.force_login(coordinator)

    response = client.post(withdraw_url(consulting), {"reason": "Because"})
    assert response.status_code == 422
    assert "nothing on file" in response.content.decode()


def test_a_condition_that_is_not_there_is_not_found(client, coordinator, consulting):
    client.force_login(coordinator)

    assert client.get(url_of(consulting, "magic")).status_code == 404
    internal = EngagementFactory(kind="internal")
    assert client.get(url_of(internal)).status_code == 404


def test_evidence_is_not_for_who_may_only_see(client, consulting):
    client.force_login(UserFactory(roles=[Role.PM]))

    assert client.get(url_of(consulting)).status_code == 403
    assert client.post(withdraw_url(consulting)).status_code == 403
