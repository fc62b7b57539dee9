import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.models import Playbook
from psdelivery.playbooks.services.editing import note_draft, start_draft
from tests.factories.people import UserFactory
from tests.factories.playbooks import NOW, PlaybookFactory, PlaybookStepFactory

pytestmark = pytest.mark.django_db
STEP = {
    "title": "Call the customer",
    "instructions": "Ask for *the date*.",
    "phase": "2",
    "owner_role": "pm",
    "offset_amount": "3",
    "offset_unit": "business_days",
    "direction": "before",
    "anchor": "first_session",
    "calendar": "customer",
    "evidence_wanted": "note",
    "reminders_owner": "5, 1",
    "reminders_coordinator": "",
    "reminders_manager": "4",
    "blocked_by": ["plan"],
    "condition": "labs = no\nsize = small, medium",
    "after_move": "tell_again",
}


@pytest.fixture
def playbook():
    playbook = PlaybookFactory(key="class", title="Class")
    PlaybookStepFactory(playbook=playbook, key="plan", title="Plan it", order=0)
    PlaybookStepFactory(playbook=playbook, key="link", title="Send it", order=1)
    return playbook


@pytest.fixture
def coordinator(client):
    person = UserFactory(first_name="Cora", roles=[Role.COORDINATOR])
    client.force_login(person)
    return person


@pytest.fixture
def manager(client):
    person = UserFactory(roles=[Role.PRACTICE_MANAGER])
    client.force_login(person)
    return person


def go(client, name, *arguments, **data):
    address = reverse(f"playbooks:{name}", args=["class", *arguments])
    return client.post(address, data) if data else client.get(address)


def started(client):
    client.post(reverse("playbooks:draft-start", args=["class"]))
    return Playbook.objects.get(key="class", is_draft=True)


def test_a_coordinator_drafts_a_step_by_the_form(client, coordinator, playbook):
    draft = started(client)

    answer = go(client, "draft-step-add", **STEP)

    assert answer.status_code == 302
    step = draft.steps.get(key="call-the-customer")
    assert (step.offset_value, step.offset_unit) == (-3, "business_days")
    assert step.reminder_days == {"owner": [5, 1], "manager": [4]}
    assert step.condition == {"size": ["small", "medium"], "labs": False}
    assert (step.blocked_by, step.owner_role) == (["plan"], EngagementRole.PM)


def test_the_form_of_a_step_shows_what_it_says(client, coordinator, playbook):
    draft = started(client)
    go(client, "draft-step-add", **STEP)
    step = draft.steps.get(key="call-the-customer")

    form = go(client, "draft-step-edit", step.pk).context["form"]

    shown = {name: form[name].value() for name in STEP if name != "phase"}
    wanted = {**STEP, "offset_amount": 3}
    assert shown == {name: wanted[name] for name in shown}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("offset_amount", "-1"),
        ("reminders_owner", "soon"),
        ("reminders_owner", "2, 2"),
        ("reminders_manager", "9999"),
        ("condition", "weather = fine"),
        ("condition", "labs"),
        ("blocked_by", ["unknown"]),
        ("anchor", "easter"),
        ("repeat_until", "kickoff"),
    ],
)
def test_bad_input_is_named_at_the_field_and_kept(
    client, coordinator, playbook, field, value
):
    draft = started(client)

    answer = go(client, "draft-step-add", **{**STEP, field: value})

    assert answer.status_code == 422
    named = "repeat" if field == "repeat_until" else field
    assert answer.context["form"].errors.keys() == {named}
    assert answer.context["form"]["instructions"].value() == "Ask for *the date*."
    assert draft.steps.count() == 2


def test_a_proposal_waits_for_the_manager_who_publishes_it(
    client, coordinator, playbook
):
    draft = started(client)
    go(client, "draft-step-add", **STEP)
    go(client, "draft-note", title="Class", note="We forgot to call")
    assert go(client, "draft-publish", go=1).status_code == 403

    client.force_login(UserFactory(roles=[Role.PRACTICE_MANAGER]))
    day = client.get(reverse("dashboards:my-day")).content.decode()
    assert "Change of the playbook “Class”" in day
    assert "Cora" in day
    page = go(client, "draft-detail").content.decode()
    assert "We forgot to call" in page
    assert "Call the customer" in page

    assert go(client, "draft-publish", go=1).status_code == 302
    assert Playbook.objects.current().get(key="class") == draft
    assert "Change of the playbook" not in client.get("/").content.decode()


def test_a_refused_publishing_says_why(client, manager, playbook):
    started(client)

    answer = go(client, "draft-publish", go=1)

    assert answer.status_code == 409
    assert "says the same as the current version" in answer.content.decode()


def test_versions_tell_who_changed_what_and_why(client, manager, playbook):
    draft = started(client)
    go(client, "draft-step-remove", draft.steps.get(key="plan").pk, go=1)
    go(client, "draft-note", title="Class", note="Nobody plans")
    go(client, "draft-publish", go=1)

    assert "Nobody plans" in go(client, "playbook-versions").content.decode()
    page = go(client, "playbook-version", 2).content.decode()
    assert "Plan it" in page
    assert "Gone" in page


def test_steps_are_changed_in_the_draft_and_never_where_the_process_is_read(
    client, manager, playbook
):
    draft = start_draft(playbook.key, by=manager, now=NOW)

    read = go(client, "playbook-detail").content.decode()
    drafted = go(client, "draft-detail").content.decode()

    assert "Go on with the draft" in read
    assert "/draft/steps/" not in read
    for step in draft.steps.all():
        assert reverse("playbooks:draft-step-edit", args=["class", step.pk]) in drafted


def test_a_draft_is_thrown_away(client, manager, playbook):
    started(client)

    go(client, "draft-discard", go=1)

    assert go(client, "draft-detail").status_code == 404


def test_steps_stand_on_a_time_line_by_what_they_are_counted_from(
    client, manager, playbook
):
    PlaybookStepFactory(playbook=playbook, anchor="intake", title="First of all")

    page = client.get(reverse("playbooks:playbook-detail", args=["class"]) + "?by=time")

    titles = [group.title for group in page.context["groups"]]
    assert titles == ["The intake", "The kickoff"]


@pytest.mark.parametrize("name", ["draft-detail", "playbook-detail"])
def test_pages_of_a_draft_take_the_same_queries_with_3_and_30_steps(
    client, manager, playbook, name
):
    draft = start_draft("class", by=manager, now=NOW)

    def queries(count):
        for number in range(draft.steps.count(), count):
            PlaybookStepFactory(playbook=draft, key=f"s{number}")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert go(client, name).status_code == 200
        return len(captured)

    queries(3)
    assert queries(3) == queries(30)


def test_versions_take_the_same_queries_with_3_and_30_rows(client, manager, playbook):
    def queries(count):
        for number in range(Playbook.objects.filter(key="class").count(), count):
            draft = start_draft("class", by=manager, now=NOW)
            note_draft(draft, f"Note {number}", title="Class", by=manager, now=NOW)
            Playbook.objects.filter(pk=draft.pk).update(is_draft=False)
        with CaptureQueriesContext(connection) as captured:
            assert go(client, "playbook-versions").status_code == 200
        return len(captured)

    assert queries(3) == queries(30)
