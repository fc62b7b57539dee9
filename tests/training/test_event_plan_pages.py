"""The tab "Event plan" of a class: written together, kept, printed."""

import pytest
from django.urls import reverse

from psdelivery.livetext.models import LiveText
from psdelivery.people.choices import Role
from tests.factories.people import UserFactory
from tests.factories.training import NOW, plan_class
from training.choices import DeliveryState
from training.models import Delivery, EventPlan
from training.services.event_plan import Keeping, begin_plan, keep_version

pytestmark = pytest.mark.django_db

CHOSEN = {
    "place": "remote",
    "address": "",
    "platform": "webinar",
    "seats": "16",
    "language": "English",
    "materials_language": "English",
    "labs": "yes",
    "certification": "",
    "recording": "no",
    "recording_for": "",
}


def page(name, delivery, *more):
    return reverse(f"training:delivery-{name}", args=[delivery.pk, *more])


@pytest.fixture
def plan(delivery, coordinator):
    return begin_plan(delivery, by=coordinator, now=NOW)


def test_a_class_without_a_plan_teaches_what_it_is(as_coordinator, delivery):
    before = as_coordinator.get(page("plan", delivery)).content.decode()

    begun = as_coordinator.post(page("plan-begin", delivery), follow=True)

    assert "The event plan has not begun" in before
    assert "Begin the plan" in before
    assert "Who attends: nothing is written yet." in begun.content.decode()
    assert EventPlan.objects.get().delivery == delivery


def test_the_class_page_names_what_is_open_and_leads_there(
    as_coordinator, delivery, coordinator
):
    first = as_coordinator.get(delivery.get_absolute_url()).content.decode()
    begin_plan(delivery, by=coordinator, now=NOW)

    then = as_coordinator.get(delivery.get_absolute_url()).content.decode()

    assert "Not begun yet. Draft it before the planning meeting." in first
    assert "Remote or on site: to be decided." in then
    assert "and 7 more" in then
    assert f'href="{page("plan", delivery)}"' in then


def test_choices_are_saved_to_the_class(as_coordinator, delivery, plan):
    response = as_coordinator.post(page("plan-choices", delivery), CHOSEN, follow=True)

    delivery.refresh_from_db()
    assert delivery.seats == 16
    shown = {row.label: (row.text, row.is_open) for row in response.context["facts"]}
    assert shown["Recording"] == ("no", False)
    assert shown["Certification"] == ("", True)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"seats": "0"}, "seats"),
        ({"seats": "ten"}, "seats"),
        ({"language": ""}, "language"),
        ({"place": "moon"}, "place"),
        ({"address": "1 George St"}, "address"),
        ({"recording_for": "All"}, "recording_for"),
        ({"materials_language": "x" * 41}, "materials_language"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_at_its_field(
    as_coordinator, delivery, plan, fields, name
):
    response = as_coordinator.post(page("plan-choices", delivery), CHOSEN | fields)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [name]
    delivery.refresh_from_db()
    plan.refresh_from_db()
    assert (delivery.seats, plan.choices["decided"]) == (12, [])


def test_two_people_deciding_at_once_are_told(as_coordinator, delivery, plan):
    address = page("plan-choices", delivery)
    seen = as_coordinator.get(address).context["form"]["seen"].value()
    Delivery.objects.filter(pk=delivery.pk).update(seats=20)

    response = as_coordinator.post(address, CHOSEN | {"seen": seen})

    delivery.refresh_from_db()
    assert response.status_code == 422
    assert delivery.seats == 20


def test_two_people_writing_one_text_keep_both(as_coordinator, delivery, plan):
    row = LiveText.objects.get(sheet=plan.sheet, key="audience")
    address = reverse("livetext:text-save", args=[plan.sheet_id, "audience"])
    first = {"text": "Ops", "version": row.version}
    second = {"text": "Developers", "version": row.version}

    as_coordinator.post(address, first)
    late = as_coordinator.post(address, second)

    row.refresh_from_db()
    assert (row.text, late.status_code) == ("Ops", 409)
    assert "Developers" in late.content.decode()


def test_keeping_a_version_and_reading_it_with_what_changed(
    as_coordinator, delivery, plan, coordinator
):
    keep_version(plan, Keeping(), by=coordinator, now=NOW)
    LiveText.objects.filter(sheet=plan.sheet, key="audience").update(text="12 people")
    typed = {"kind": "draft", "note": "Asked Jane"}

    kept = as_coordinator.post(page("plan-keep", delivery), typed, follow=True)
    version = as_coordinator.get(page("plan-version", delivery, 2)).content.decode()

    assert "Version 2 of the event plan is kept." in kept.content.decode()
    assert "Changed since version 1" in version
    assert "</span> 12 people</ins>" in version
    assert "Asked Jane" in version
    assert as_coordinator.get(page("plan-version", delivery, 3)).status_code == 404


def test_completing_with_open_items_asks_for_a_note(as_coordinator, delivery, plan):
    response = as_coordinator.post(page("plan-keep", delivery), {"kind": "complete"})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["note"]
    assert "say in the note who settles them" in response.content.decode()
    assert not plan.versions.exists()


def test_r5_the_planning_meeting_is_the_kickoff_and_waits_for_the_handoff(
    as_coordinator, delivery, plan
):
    typed = {"kind": "complete", "note": "Jane settles the rest until 3 March"}

    response = as_coordinator.post(page("plan-keep", delivery), typed)

    shown = response.content.decode()
    assert response.status_code == 422
    assert "The handoff call has not been held." in shown
    assert "Jane settles the rest until 3 March" in shown
    assert not plan.versions.exists()


def test_the_page_to_print_tells_everything_without_a_form(
    as_coordinator, delivery, plan
):
    LiveText.objects.filter(sheet=plan.sheet, key="hardware").update(text="**Laptops**")

    shown = as_coordinator.get(page("plan-print", delivery)).content.decode()

    main = shown[shown.index("<main") : shown.index("</main")]
    assert "<strong>Laptops</strong>" in main
    assert "Tue 6 Apr 2027, 09:00–13:00" in main
    assert "<textarea" not in main
    assert "Meeting or webinar: to be decided." in main


def test_who_only_looks_on_writes_nothing(client, delivery, plan, at_now):
    client.force_login(UserFactory(roles=[Role.LEADERSHIP]))

    shown = client.get(page("plan", delivery)).content.decode()

    assert "<textarea" not in shown
    assert "Keep this version" not in shown
    assert client.get(page("plan-choices", delivery)).status_code == 403


def test_a_stranger_finds_neither_plan_nor_sheet(client, stranger, delivery, plan):
    client.force_login(stranger)

    assert client.get(page("plan", delivery)).status_code == 404
    sheet = reverse("livetext:sheet-changes", args=[plan.sheet_id])
    assert client.get(sheet).status_code == 404


def test_the_plan_of_a_class_that_was_called_off_is_only_read(
    as_coordinator, delivery, plan
):
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.CANCELLED)

    assert as_coordinator.get(page("plan", delivery)).status_code == 200
    for name in ("plan-choices", "plan-keep"):
        assert as_coordinator.post(page(name, delivery), {}).status_code == 409


def test_the_plan_takes_the_same_queries_for_3_and_for_30_versions(
    as_coordinator, engagement, coordinator, queries_of
):
    counts = []
    for versions in (3, 30):
        delivery = plan_class(engagement, days=1)
        plan = begin_plan(delivery, by=coordinator, now=NOW)
        for number in range(versions):
            LiveText.objects.filter(sheet=plan.sheet, key="notes").update(
                text=f"{number}"
            )
            keep_version(plan, Keeping(), by=coordinator, now=NOW)
        counts.append(queries_of(as_coordinator, page("plan", delivery)))

    assert counts[0] == counts[1] <= 20
