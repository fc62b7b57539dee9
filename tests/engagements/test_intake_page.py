from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from engagements.choices import BallWith, BillingTerms, Kind, Status
from engagements.models import Engagement
from engagements.queries import gate_for
from psdelivery.documents.models import Document
from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.models import Anchor, Playbook, Step
from tests.confirming import confirmed
from tests.factories.engagements import (
    NOW,
    EngagementFactory,
    OfferingFactory,
    open_gate,
    with_value,
)
from tests.factories.people import ContactFactory, CustomerFactory, UserFactory

pytestmark = pytest.mark.django_db
URL = reverse("engagements:engagement-add")


@pytest.fixture
def filled(customer, region, practice):
    """What somebody types into the least form that is enough."""
    return {
        "customer": customer.pk,
        "title": "Rollout",
        "kind": "blended",
        "region": region.pk,
        "practice": practice.pk,
        "paper-kind": "sow",
    }


def values_of(engagement):
    """What the edit form would post back as it stands."""
    return {
        "title": engagement.title,
        "region": engagement.region_id,
        "practice": engagement.practice_id,
        "paper-kind": engagement.paper.kind,
    }


def errors_of(response):
    assert response.status_code == 422
    return {name for form in response.context["forms"].all for name in form.errors}


def test_a_coordinator_registers_an_engagement(client, shipped, coordinator, filled):
    client.force_login(coordinator)

    response = client.post(URL, filled | {"people-coordinator": coordinator.pk})
    engagement = Engagement.objects.get()
    assert response.url == engagement.get_absolute_url()
    assert (engagement.status, engagement.ball_with) == (
        Status.ESTIMATE,
        BallWith.US,
    )
    assert engagement.created_by == coordinator
    assert engagement.team.get().role == EngagementRole.PC
    assert engagement.checklist.steps.filter(key="kickoff-held").exists()
    assert Event.objects.filter(verb="engagement-registered").count() == 1


def test_what_is_typed_is_kept(client, shipped, coordinator, filled, customer):
    contact, offering = ContactFactory(customer=customer), OfferingFactory()
    client.force_login(coordinator)
    client.post(
        URL,
        filled
        | {
            "main_contact": contact.pk,
            "offerings": [offering.pk],
            "opportunity_url": "https://crm.example.com/1",
            "opportunity_stage": "5",
            "forecast_category": "commit",
            "wished_start": "2027-03-01",
            "wished_start_latest": "2027-03-31",
            "planned_end": "2027-06-30",
            "definition_url": "https://docs.example.com/definition",
            "notes": "First line\nsecond line",
            "paper-billing_terms": "by_milestone",
            "paper-hours": "120.5",
            "paper-units_sold": "2 classes",
            "paper-use_by": "2028-01-31",
            "paper-passive_acceptance": "on",
        },
    )

    found = Engagement.objects.get()
    assert found.main_contact == contact
    assert list(found.offerings.all()) == [offering]
    assert found.opportunity_stage == 5
    assert found.planned_end == date(2027, 6, 30)
    assert found.paper.hours == Decimal("120.5")
    assert found.paper.passive_acceptance


def test_r2_billing_terms_and_a_sure_forecast_are_met_by_the_intake(
    client, shipped, coordinator, filled
):
    client.force_login(coordinator)
    client.post(
        URL,
        filled | {"paper-billing_terms": "upon_sow", "forecast_category": "commit"},
    )

    met = {
        state.code
        for state in gate_for(Engagement.objects.get(), NOW).conditions
        if state.is_met
    }
    assert met == {"billing_terms", "forecast"}


def test_the_paper_is_kept_as_file_or_link(client, shipped, coordinator, filled):
    client.force_login(coordinator)
    upload = SimpleUploadedFile("sow.pdf", b"%PDF-1.7 unsigned")
    client.post(URL, filled | {"paper-evidence_file": upload})

    document = Document.objects.get()
    engagement = Engagement.objects.get()
    assert document.filename == "sow.pdf"
    assert engagement.paper.document == document
    assert document.engagement == engagement
    assert not document.is_money
    document.file.delete(save=False)


def test_a_paper_with_the_price_is_for_who_may_see_the_value(
    client, shipped, em, coordinator, filled
):
    client.force_login(em)
    link = {"paper-evidence_link": "https://docs.example.com/sow"}
    client.post(URL, filled | link | {"paper-shows_price": "on", "people-em": em.pk})

    assert Document.objects.get().is_money
    client.force_login(coordinator)
    text = client.get(Engagement.objects.get().get_absolute_url()).content.decode()
    assert "on file; it shows the price" in text
    assert "docs.example.com/sow" not in text


def test_an_engagement_manager_registers_own_work_only(client, shipped, em, filled):
    other = UserFactory(roles=[Role.EM])
    client.force_login(em)

    refused = client.post(URL, filled | {"people-em": other.pk})
    assert errors_of(refused) == {"em"}
    assert errors_of(client.post(URL, filled)) == {"em"}

    client.post(
        URL, filled | {"people-em": em.pk, "paper-value": "10", "paper-currency": "EUR"}
    )
    engagement = Engagement.objects.get()
    assert engagement.team.get(role=EngagementRole.EM).person == em
    assert engagement.paper.value == 10


def test_defaults_are_my_own(client, coordinator, em, customer):
    client.force_login(coordinator)
    forms = client.get(URL).context["forms"]
    assert forms.people["coordinator"].value() == coordinator.pk
    assert forms.what["region"].value() == coordinator.region_id

    client.force_login(em)
    forms = client.get(URL).context["forms"]
    assert forms.people["em"].value() == em.pk
    assert [value for value, _name in forms.people.fields["em"].choices] == [em.pk]


def test_a_coordinator_is_asked_for_no_value_and_can_post_none(
    client, shipped, coordinator, filled
):
    client.force_login(coordinator)
    text = client.get(URL).content.decode()
    assert "paper-value" not in text
    assert "paper-currency" not in text

    client.post(URL, filled | {"paper-value": "5000", "paper-currency": "EUR"})
    assert Engagement.objects.get().paper.value is None


def test_training_gets_its_coordinator_as_training_coordinator(
    client, shipped, coordinator, filled
):
    client.force_login(coordinator)
    client.post(
        URL, filled | {"kind": "training", "people-coordinator": coordinator.pk}
    )

    assert Engagement.objects.get().team.get().role == EngagementRole.TC


def test_internal_work_is_active_at_once_without_gate_and_checklist(
    client, shipped, coordinator, filled
):
    client.force_login(coordinator)
    client.post(URL, filled | {"kind": "internal"})

    engagement = Engagement.objects.get()
    assert engagement.status == Status.ACTIVE
    assert engagement.ball_with == BallWith.NOBODY
    assert not engagement.conditions.exists()
    assert engagement.checklist is None


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"title": ""}, {"title"}),
        ({"title": " "}, {"title"}),
        ({"title": "x" * 161}, {"title"}),
        ({"title": "a\x07b"}, {"title"}),
        ({"title": "a\u202eb"}, {"title"}),
        ({"title": "two\nlines"}, {"title"}),
        ({"notes": "nul \x00"}, {"notes"}),
        ({"kind": "party"}, {"kind"}),
        ({"customer": "999999"}, {"customer"}),
        ({"customer": "x"}, {"customer"}),
        ({"customer": "9" * 40}, {"customer"}),
        ({"region": ""}, {"region"}),
        ({"offerings": ["9999"]}, {"offerings"}),
        ({"opportunity_url": "javascript:alert(1)"}, {"opportunity_url"}),
        ({"opportunity_url": "https://" + "x" * 600}, {"opportunity_url"}),
        ({"definition_url": "not a link"}, {"definition_url"}),
        ({"opportunity_stage": "11"}, {"opportunity_stage"}),
        ({"opportunity_stage": "-1"}, {"opportunity_stage"}),
        ({"opportunity_stage": "9" * 30}, {"opportunity_stage"}),
        ({"forecast_category": "maybe"}, {"forecast_category"}),
        ({"wished_start": "31.31.2027"}, {"wished_start"}),
        ({"wished_start": "0001-01-01"}, {"wished_start"}),
        ({"planned_end": "9999-12-31"}, {"planned_end"}),
        (
            {"wished_start": "2027-05-02", "wished_start_latest": "2027-05-01"},
            {"wished_start_latest"},
        ),
        ({"wished_start": "2027-05-02", "planned_end": "2027-05-01"}, {"planned_end"}),
        ({"paper-kind": "napkin"}, {"kind"}),
        ({"paper-billing_terms": "barter"}, {"billing_terms"}),
        ({"paper-hours": "0"}, {"hours"}),
        ({"paper-hours": "nan"}, {"hours"}),
        ({"paper-hours": "1e9"}, {"hours"}),
        ({"paper-units_sold": "x" * 201}, {"units_sold"}),
        ({"paper-evidence_link": "ftp://x"}, {"evidence_link"}),
        ({"people-coordinator": "999"}, {"coordinator"}),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_written(
    client, coordinator, filled, typed, fields
):
    client.force_login(coordinator)

    response = client.post(URL, filled | typed)
    assert errors_of(response) == fields
    assert not Engagement.objects.exists()
    assert not Document.objects.exists()
    # What was typed elsewhere is still there.
    if "title" not in typed:
        assert 'value="Rollout"' in response.content.decode()


def test_a_value_wants_its_currency(client, em, filled):
    client.force_login(em)

    typed = {"paper-value": "100", "people-em": em.pk}
    assert errors_of(client.post(URL, filled | typed)) == {"currency"}
    typed |= {"paper-value": "-1", "paper-currency": "EUR"}
    assert errors_of(client.post(URL, filled | typed)) == {"value"}
    typed |= {"paper-value": "1", "paper-currency": "DOGE"}
    assert errors_of(client.post(URL, filled | typed)) >= {"currency"}


def test_the_main_contact_works_at_the_customer(client, coordinator, filled):
    foreign = ContactFactory()
    client.force_login(coordinator)

    response = client.post(URL, filled | {"main_contact": foreign.pk})
    assert errors_of(response) == {"main_contact"}


def test_the_contacts_offered_are_the_customers(client, coordinator, customer):
    own = ContactFactory(customer=customer, name="Olivia Own")
    ContactFactory(name="Fred Foreign")
    ContactFactory(customer=customer, name="Gus Gone", is_active=False)
    client.force_login(coordinator)

    text = client.get(f"{URL}?customer={customer.pk}").content.decode()
    assert own.name in text
    assert "Fred Foreign" not in text
    assert "Gus Gone" not in text


def test_without_javascript_a_button_shows_the_contacts_and_keeps_what_is_typed(
    client, coordinator, filled, customer
):
    ContactFactory(customer=customer, name="Olivia Own")
    client.force_login(coordinator)

    response = client.post(URL, filled | {"show_contacts": "1"})
    text = response.content.decode()
    assert response.status_code == 200
    assert "Olivia Own" in text
    assert 'value="Rollout"' in text
    assert not Engagement.objects.exists()


def test_without_a_customer_the_page_leads_to_adding_one(client, coordinator):
    client.force_login(coordinator)

    text = client.get(URL).content.decode()
    assert "Add the customer first" in text
    assert reverse("people:customer-add") in text


def test_a_missing_playbook_is_said_and_nothing_is_written(client, coordinator, filled):
    client.force_login(coordinator)

    response = client.post(URL, filled)
    assert response.status_code == 422
    assert "There is no playbook for this kind: Blended." in response.content.decode()
    assert not Engagement.objects.exists()
    assert not Playbook.objects.exists()


@pytest.mark.parametrize("role", [Role.PM, Role.PSE, Role.LEADERSHIP, Role.FINANCE])
def test_only_coordinators_and_engagement_managers_register(client, role):
    client.force_login(UserFactory(roles=[role]))

    assert client.get(URL).status_code == 403


def edit_url(engagement):
    return reverse("engagements:engagement-edit", args=[engagement.pk])


def test_dates_that_steps_hang_on_move_with_the_intake(client, coordinator, consulting):
    open_gate(consulting)
    client.force_login(coordinator)

    typed = values_of(consulting) | {
        "planned_end": "2027-06-30",
        "paper-billing_terms": "upon_sow",
        "why-cause": "customer",
        "why-reason": "Their plan is settled",
    }
    response = confirmed(client, edit_url(consulting), typed)
    assert response.url == consulting.get_absolute_url()
    assert Anchor.objects.get(key="planned_end").day == date(2027, 6, 30)
    hanging = Step.objects.filter(anchor__key="planned_end")
    assert hanging.exclude(due_at=None).exists()


def test_customer_and_kind_stay_as_they_are(client, coordinator, consulting):
    client.force_login(coordinator)

    typed = {"customer": CustomerFactory().pk, "kind": Kind.TRAINING}
    client.post(edit_url(consulting), values_of(consulting) | typed)
    after = Engagement.objects.get()
    assert (after.customer, after.kind) == (consulting.customer, Kind.CONSULTING)


def test_an_edit_stands_in_the_history_in_words(client, coordinator, consulting):
    client.force_login(coordinator)

    typed = {"title": "Big rollout", "paper-billing_terms": "upon_sow"}
    client.post(edit_url(consulting), values_of(consulting) | typed)
    event = Event.objects.get(verb="engagement-edited")
    assert event.changes == {
        "title": ["Rollout", "Big rollout"],
        "billing_terms": ["", "upon SOW execution"],
    }
    assert not event.is_money


def test_a_changed_value_is_told_apart_from_the_rest(client, pm, consulting):
    client.force_login(pm)

    typed = {"title": "Big", "paper-value": "900", "paper-currency": "EUR"}
    client.post(edit_url(consulting), values_of(consulting) | typed)
    told = {
        e.is_money: set(e.changes)
        for e in Event.objects.filter(verb="engagement-edited")
    }
    assert told == {False: {"title"}, True: {"value", "currency"}}


def test_a_coordinators_edit_leaves_the_value_alone(client, coordinator, consulting):
    with_value(consulting, 120_000)
    client.force_login(coordinator)

    typed = {"title": "Renamed", "paper-value": "1", "paper-currency": ""}
    client.post(edit_url(consulting), values_of(consulting) | typed)
    after = Engagement.objects.get()
    assert after.title == "Renamed"
    assert after.paper.value == 120_000


def test_r2_billing_terms_taken_back_close_the_gate(client, coordinator, consulting):
    consulting.paper.billing_terms = BillingTerms.UPON_SOW
    consulting.paper.save()
    client.force_login(coordinator)
    client.post(
        edit_url(consulting),
        values_of(consulting)
        | {"paper-billing_terms": "upon_sow", "initial-title": "x"},
    )
    assert consulting.conditions.get(code="billing_terms").is_met

    client.post(edit_url(consulting), values_of(consulting))
    assert not consulting.conditions.get(code="billing_terms").is_met


def test_two_people_editing_are_told_field_by_field(client, coordinator, consulting):
    client.force_login(coordinator)
    seen = {"initial-title": "Rollout", "initial-notes": ""}
    Engagement.objects.update(title="Renamed meanwhile")

    typed = values_of(consulting) | seen | {"title": "My name for it"}
    response = client.post(edit_url(consulting), typed)
    assert errors_of(response) == {"title"}
    assert "Renamed meanwhile" in response.content.decode()


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    client, coordinator, consulting
):
    client.force_login(coordinator)
    seen = {"initial-title": "Rollout", "initial-notes": ""}
    Engagement.objects.update(title="Renamed meanwhile")

    client.post(edit_url(consulting), values_of(consulting) | seen | {"notes": "Mine"})
    after = Engagement.objects.get()
    assert (after.title, after.notes) == ("Renamed meanwhile", "Mine")


def test_the_edit_form_is_closed_for_who_may_only_see(client, consulting):
    other_pm = UserFactory(roles=[Role.PM])
    client.force_login(other_pm)

    assert client.get(edit_url(consulting)).status_code == 403


def test_a_retired_offering_stays_with_its_engagement(client, coordinator):
    engagement = EngagementFactory()
    offering = OfferingFactory(is_active=False)
    engagement.offerings.add(offering)
    client.force_login(coordinator)

    typed = values_of(engagement) | {"offerings": [offering.pk]}
    assert client.post(edit_url(engagement), typed).status_code == 302
    assert list(engagement.offerings.all()) == [offering]


def test_the_form_costs_the_same_queries_for_any_number_of_offerings(
    client, coordinator, customer, django_assert_num_queries
):
    client.force_login(coordinator)
    OfferingFactory.create_batch(3)
    client.get(URL)

    with django_assert_num_queries(14):
        client.get(URL)
    OfferingFactory.create_batch(27)
    ContactFactory.create_batch(20)
    with django_assert_num_queries(14):
        client.get(URL)
