"""The summary of the handoff as a mail: what it says, what it wants, who sends it."""

import pytest
from django.urls import reverse

from engagements.handoff_mail import SUMMARY, lead_addressing
from engagements.mails import engagement_rows
from psdelivery.outbox.choices import State
from psdelivery.outbox.letters import letter_for
from psdelivery.outbox.markdown import render_mail_markdown
from psdelivery.outbox.models import Message
from psdelivery.outbox.services.sending import send_due
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.choices import StepState
from tests.factories.engagements import TeamMemberFactory
from tests.factories.handoff import again, begun, filled, hand_over, write
from tests.factories.mails import colleague, person, sold, step_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def engagement():
    return sold()


@pytest.fixture
def pm(engagement):
    return person(engagement, EngagementRole.PM)


@pytest.fixture
def client_of_pm(client, pm):
    client.force_login(pm)
    return client


def letter_of(engagement):
    return letter_for(SUMMARY, engagement_rows().get(pk=engagement.pk))


def tab(engagement):
    return reverse("engagements:engagement-tab", args=[engagement.pk, "handoff"])


def read(client, engagement):
    return client.get(tab(engagement)).content.decode()


def add(engagement):
    return reverse("outbox:draft-add", args=[SUMMARY.key, engagement.pk])


def test_it_says_what_the_record_says_and_nothing_internal(engagement):
    handoff = filled(engagement)
    write(handoff, growth="Ten more teams", risks="Nobody decides", notes="Old friends")

    letter = letter_of(engagement)

    assert letter.subject == "Rollout: what we have understood"
    assert "Ship every week." in letter.body
    assert "Releases every week (measured by: Releases per month" in letter.body
    assert "<li>Migration of 40 projects</li>" in letter.html
    assert "<li>Training</li>" in letter.html
    for word in ("Ten more teams", "Nobody decides", "Old friends", "{{"):
        assert word not in letter.body
    assert not letter.missing


def test_it_goes_to_the_contact_and_answers_to_the_lead(engagement):
    found = lead_addressing(engagement_rows().get(pk=engagement.pk))

    assert list(found.to) == ["cora@acme.example"]
    assert list(found.cc) == ["carla@ps.example"]
    assert found.reply_to == "paul@ps.example"
    assert not found.missing


def test_nobody_who_leads_is_named_with_where_to_name_them(engagement):
    engagement.team.filter(role=EngagementRole.PM).delete()

    (reason,) = lead_addressing(engagement_rows().get(pk=engagement.pk)).missing

    assert reason.code == "no-lead"
    assert reason.fix_url.endswith(f"/team/add/?role={EngagementRole.PM}")


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("goals", "Goals"),
        ("current_state", "Current state"),
        ("scope_in", "What is in scope"),
        ("scope_out", "What is out of scope"),
    ],
)
def test_r15_each_part_that_is_missing_is_named_with_where_it_is_written(
    engagement, key, words
):
    write(filled(engagement), **{key: ""})

    (reason,) = letter_of(engagement).missing

    assert words in reason.sentence
    assert reason.fix_url == f"{tab(engagement)}#live-{key}"


def test_r15_before_the_handoff_has_begun_everything_is_missing(engagement):
    codes = {reason.code for reason in letter_of(engagement).missing}

    assert codes == {
        "missing-goals", "missing-current_state", "missing-outcomes",
        "missing-scope_in", "missing-scope_out",
    }  # fmt: skip


@pytest.mark.parametrize(
    "typed", ["<script>x()</script>", "[x](javascript:x())", "{{ name }} {% x %}"]
)
def test_what_colleagues_typed_is_cleaned_and_no_placeholder(engagement, typed):
    write(filled(engagement), goals=typed)

    letter = letter_of(engagement)
    text, html = render_mail_markdown(letter.body)

    assert not letter.missing
    assert "<script" not in html
    assert 'href="javascript' not in html
    if typed.startswith("{{"):
        assert "{{ name }} {% x %}" in text


def test_from_the_tab_to_the_click(engagement, client_of_pm, pm):
    hand_over(engagement, by=pm)
    step = step_of(engagement, SUMMARY.key)
    text = read(client_of_pm, engagement)
    assert reverse("playbooks:step-mail", args=[step.pk]) in text

    client_of_pm.post(reverse("playbooks:step-mail", args=[step.pk]))
    draft = Message.objects.get(kind=SUMMARY.key)
    assert draft.get_absolute_url() in read(client_of_pm, engagement)
    page = client_of_pm.get(draft.get_absolute_url())
    client_of_pm.post(
        reverse("outbox:draft-send", args=[draft.pk]), {"seen": page.context["seen"]}
    )
    draft.refresh_from_db()
    assert (draft.state, draft.approved_by) == (State.READY, pm)


def test_it_waits_for_the_call_but_can_be_drafted(engagement, client_of_pm):
    filled(engagement)
    step = step_of(engagement, SUMMARY.key)

    client_of_pm.post(reverse("playbooks:step-mail", args=[step.pk]))
    draft = Message.objects.get(kind=SUMMARY.key)
    seen = client_of_pm.get(draft.get_absolute_url()).context["seen"]
    response = client_of_pm.post(
        reverse("outbox:draft-send", args=[draft.pk]), {"seen": seen}
    )

    assert response.status_code == 409
    assert "Hold the handoff" in response.content.decode()


def test_sent_and_arrived_the_step_is_done(engagement, client_of_pm, pm, now, settings):
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    hand_over(engagement, by=pm)
    step = step_of(engagement, SUMMARY.key)
    client_of_pm.post(reverse("playbooks:step-mail", args=[step.pk]))
    draft = Message.objects.get(kind=SUMMARY.key)
    seen = client_of_pm.get(draft.get_absolute_url()).context["seen"]
    client_of_pm.post(reverse("outbox:draft-send", args=[draft.pk]), {"seen": seen})

    send_due(now, 100)

    step.refresh_from_db()
    assert Message.objects.get(pk=draft.pk).state == State.SENT
    assert step.state == StepState.DONE


def test_without_such_a_step_it_is_a_draft_of_its_own(engagement, client_of_pm):
    filled(engagement)
    step_of(engagement, SUMMARY.key).delete()
    assert add(engagement) in read(client_of_pm, engagement)

    client_of_pm.post(add(engagement))

    assert Message.objects.get(kind=SUMMARY.key).step is None


def test_a_draft_whose_record_changed_says_what(engagement, client_of_pm):
    handoff = filled(engagement)
    client_of_pm.post(add(engagement))
    write(again(handoff), goals="Ship every day.")

    text = client_of_pm.get(
        Message.objects.get(kind=SUMMARY.key).get_absolute_url()
    ).content.decode()

    assert "Goals" in text
    assert "Make it again" in text


def test_who_does_not_send_mail_gets_no_button(engagement, client):
    filled(engagement)
    seller = person(engagement, EngagementRole.SAL)
    client.force_login(seller)

    assert "Prepare it as a mail" not in read(client, engagement)
    assert client.post(add(engagement)).status_code in {403, 404}


def test_an_engineer_does_not_send_the_summary(engagement, client):
    begun(engagement)
    engineer = colleague("Ella Engineer", Role.PSE)
    TeamMemberFactory(engagement=engagement, role=EngagementRole.PSE, person=engineer)
    client.force_login(engineer)

    assert "Prepare it as a mail" not in read(client, engagement)
    assert client.post(add(engagement)).status_code == 403
