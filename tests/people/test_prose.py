"""Who is erased is no longer named in what people typed, wherever it stands."""

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.comments import subject_of
from engagements.models import Handoff
from engagements.services.handoff_questions import ask_question
from psdelivery.comments.models import Comment
from psdelivery.comments.services import add_comment
from psdelivery.history.models import Erasing, Event
from psdelivery.history.services import record
from psdelivery.livetext.models import LiveText, LiveTextVersion
from psdelivery.outbox.models import Message
from psdelivery.people import services
from psdelivery.people.choices import Role
from psdelivery.people.models import Contact, Customer, User
from psdelivery.people.prose import Replacement, prose_of, searched_models
from psdelivery.playbooks.services.shipped import load_shipped_data
from tests.factories.engagements import EngagementFactory, TeamMemberFactory, registered
from tests.factories.handoff import filled, write
from tests.factories.outbox import MessageFactory
from tests.factories.people import ContactFactory, CustomerFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def grace():
    return UserFactory(
        username="grace", first_name="Grace", last_name="Hopper",
        email="grace@example.com", roles=[Role.PSE], is_active=False,
    )  # fmt: skip


@pytest.fixture
def jose():
    return ContactFactory(name="José Muñoz", email="jose@acme.example", is_active=False)


def erase(subject, by, now):
    service = services.erase_person
    if isinstance(subject, Contact):
        service = services.erase_contact
    return service(subject, by=by, reason="Asked us to", now=now)


def replacement(**changes):
    given = {
        "name": "Grace Hopper",
        "for_name": "Erased person 7",
        "address": "grace@example.com",
        "for_address": "person-7@erased.invalid",
    }
    return Replacement(**given | changes)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Ask Grace Hopper.", "Ask Erased person 7."),
        ("grace hopper's idea", "Erased person 7's idea"),
        ("(Grace@Example.com)", "(person-7@erased.invalid)"),
        ("<grace@example.com>", "<person-7@erased.invalid>"),
        ("Grace Hopperson", "Grace Hopperson"),
        ("Grace and Hopper", "Grace and Hopper"),
        ("notgrace@example.com", "notgrace@example.com"),
        ("", ""),
    ],
)
def test_the_exact_name_and_address_are_replaced_and_nothing_else(text, after):
    assert replacement().in_text(text) == after


@pytest.mark.unit
def test_what_looks_like_a_pattern_is_only_text():
    odd = replacement(name="A. (B) C", for_name=r"Erased \1 person")

    assert odd.in_text("Ask A. (B) C, not AxB C") == r"Ask Erased \1 person, not AxB C"


@pytest.mark.unit
def test_values_of_json_are_replaced_to_the_bottom():
    value = {"a": ["Grace Hopper", None, 3, {"b": "grace@example.com"}], "c": True}

    assert replacement().in_value(value) == {
        "a": ["Erased person 7", None, 3, {"b": "person-7@erased.invalid"}],
        "c": True,
    }


def test_texts_of_all_places_name_nobody_any_more(grace, administrator, now):
    load_shipped_data()
    engagement = registered(by=administrator, notes="Grace Hopper knows the way in.")
    handoff = filled(engagement, by=administrator)
    write(handoff, by=administrator, goals="As Grace Hopper <grace@example.com> says.")
    ask_question(handoff, "Does Grace Hopper know?", None, by=administrator, now=now)
    TeamMemberFactory(engagement=engagement, person=grace)
    step = engagement.steps.first()
    step.note, step.title = "Told Grace Hopper", "Handover to Grace Hopper: write"
    step.save()
    MessageFactory(subject="Grace Hopper mentioned you", sent=True)
    commented = add_comment_about(engagement, "Grace Hopper left at noon.", now)

    erase(grace, administrator, now)

    name = f"Erased person {grace.pk}"
    nowhere = f"person-{grace.pk}@erased.invalid"
    engagement.refresh_from_db()
    step.refresh_from_db()
    assert engagement.notes == f"{name} knows the way in."
    assert (step.note, step.title) == (f"Told {name}", f"Handover to {name}: write")
    texts = LiveText.objects.filter(sheet=handoff.sheet)
    assert texts.get(key="goals").text == f"As {name} <{nowhere}> says."
    assert LiveTextVersion.objects.filter(text__contains=nowhere).exists()
    assert Handoff.objects.get().questions.get().text == f"Does {name} know?"
    assert Message.objects.get().subject == f"{name} mentioned you"
    assert Comment.objects.get(pk=commented.pk).text == f"{name} left at noon."
    left = str([list(m._base_manager.values_list()) for m in searched_models()])
    assert "Hopper" not in left


def add_comment_about(engagement, text, now):
    author = UserFactory(roles=[Role.COORDINATOR])
    return add_comment(subject_of(engagement), text, by=author, now=now)


def test_reasons_and_changes_of_the_history_name_nobody_any_more(
    jose, administrator, now
):
    engagement = EngagementFactory()
    event = record(
        "tea-made",
        by=administrator,
        subject=engagement,
        engagement=engagement,
        changes={"who": ["", "José Muñoz"], "to": ["jose@acme.example", jose]},
        reason="José Muñoz <jose@acme.example> wanted it",
        now=now,
    )

    erase(jose, administrator, now)

    name, nowhere = f"Erased contact {jose.pk}", f"contact-{jose.pk}@erased.invalid"
    stored = Event.objects.get(pk=event.pk)
    assert stored.reason == f"{name} <{nowhere}> wanted it"
    assert stored.changes == {
        "who": ["", name], "to": [nowhere, {"contact": jose.pk}],
    }  # fmt: skip
    assert (stored.at, stored.verb, stored.actor) == (now, "tea-made", administrator)
    assert not Erasing.objects.exists()


def test_a_reason_that_names_the_person_after_all_does_not(grace, administrator, now):
    services.erase_person(grace, by=administrator, reason="Grace Hopper asked", now=now)

    event = Event.objects.get(verb="person-erased")
    assert event.reason == f"Erased person {grace.pk} asked"


@pytest.mark.parametrize("other", ["person", "contact"])
def test_a_name_that_somebody_else_has_stays(grace, administrator, now, other):
    if other == "person":
        UserFactory(first_name="Grace", last_name="Hopper")
    else:
        ContactFactory(name="grace hopper")
    engagement = EngagementFactory(notes="Grace Hopper, grace@example.com")

    erase(grace, administrator, now)

    engagement.refresh_from_db()
    nowhere = f"person-{grace.pk}@erased.invalid"
    assert engagement.notes == f"Grace Hopper, {nowhere}"


def test_a_name_of_one_word_says_nobody_for_certain(administrator, now):
    cher = ContactFactory(name="Cher", email="cher@acme.example", is_active=False)
    engagement = EngagementFactory(notes="Cher ami, write to cher@acme.example")

    erase(cher, administrator, now)

    engagement.refresh_from_db()
    assert engagement.notes.startswith("Cher ami, write to contact-")


def test_the_name_of_a_firm_stays(administrator, now):
    customer = CustomerFactory(name="Anna Smith")
    anna = ContactFactory(customer=customer, name="Anna Smith", is_active=False)

    erase(anna, administrator, now)

    assert Customer.objects.get(pk=customer.pk).name == "Anna Smith"


def test_other_people_keep_their_own_names_and_addresses(administrator, now):
    ward = ContactFactory(name="Ann Ward", email="ann@acme.example", is_active=False)
    twin = ContactFactory(name="Ann Ward", email="ann@acme.example")

    erase(ward, administrator, now)

    twin.refresh_from_db()
    assert (twin.name, twin.email) == ("Ann Ward", "ann@acme.example")


def test_what_no_longer_fits_is_shortened(administrator, now):
    al = ContactFactory(name="Al Bo", email="", is_active=False)
    engagement = EngagementFactory(title=f"{'x' * 190} Al Bo")

    erase(al, administrator, now)

    engagement.refresh_from_db()
    longest = engagement._meta.get_field("title").max_length
    assert "Al Bo" not in engagement.title
    assert len(engagement.title) <= longest


def test_every_text_of_ours_is_searched_and_no_other():
    searched = set(searched_models())

    assert {Comment, LiveText, LiveTextVersion} <= searched
    assert not {User, Contact, Event} & searched
    names = {model._meta.app_config.name for model in searched}
    assert not any(name.startswith(("django", "allauth")) for name in names)
    assert {field.name for field in prose_of(Comment)} == {
        "subject_id", "title", "url", "text",
    }  # fmt: skip
    assert apps.get_model("engagements", "Handoff") in searched


def test_its_queries_do_not_grow_with_what_names_others(administrator, now):
    def asked(who):
        with CaptureQueriesContext(connection) as found:
            erase(who, administrator, now)
        return len(found)

    first, second = (
        UserFactory(first_name="Grace", last_name=f"Hopper{n}", is_active=False)
        for n in range(2)
    )
    few = asked(first)
    for number in range(30):
        EngagementFactory(notes=f"Note {number}")
        record("tea-made", by=administrator, reason=f"Thirst {number}", now=now)

    assert asked(second) == few
