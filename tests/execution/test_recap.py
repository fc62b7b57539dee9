"""The recap of discovery: drafted, mailed, read back and confirmed; steps tick."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from engagements.execution.discovery import texts_of_session
from engagements.execution.models import Assumption, DiscoverySession
from engagements.execution.rules.recap import (
    Told,
    is_changed_since,
    reasons_against_draft,
    reasons_without_recap,
    recap_text,
)
from engagements.execution.services.recap import (
    confirm_recap,
    draft_recap,
    read_back,
)
from psdelivery.history.models import Event
from psdelivery.outbox.models import Message
from psdelivery.outbox.services.drafting import send_draft, sight_before_click
from psdelivery.outbox.services.sending import send_due
from psdelivery.people.choices import EngagementRole
from psdelivery.people.personal_data import personal_data_of
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step, reopen_step
from psdelivery.registry import RuleRefused
from tests.factories.discovery import answer, ask, session_of, write
from tests.factories.engagements import NOW
from tests.factories.mails import person, sold
from tests.factories.people import ContactFactory
from tests.outbox.conftest import sink, smtp  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def work():
    return sold()


@pytest.fixture
def pia(work):
    return person(work, EngagementRole.PSE)


@pytest.fixture
def session(work, pia):
    made = session_of(work, day=date(2027, 2, 1), by=pia)
    users, *_others = ask(made, by=pia)
    answer(users, "250,\n*soon* 400", by=pia)
    return made


@pytest.fixture
def as_pia(client, pia):
    client.force_login(pia)
    return client


def url(name, session):
    return reverse(f"execution:{name}", args=[session.pk])


def fresh(session):
    return DiscoverySession.objects.select_related("sheet", "engagement").get(
        pk=session.pk
    )


def state_of(work, key):
    return Step.objects.get(checklist=work.checklist_id, key=key).state


@pytest.mark.unit
def test_the_draft_tells_answers_assumptions_and_what_is_open():
    told = [Told("Size", "How *many*?", "250\nsoon 400"), Told("", "Which log-in?", "")]
    assumed = [
        Assumption(text="One site", state="invalidated", evidence="Ben: 3 sites"),
        Assumption(text="No proxy"),
        Assumption(text="One directory", state="validated"),
    ]

    text = recap_text(told, assumed)
    assert text.startswith("### What we will design and build\n\n- …")
    assert "- How \\*many\\*? → 250 soon 400" in text
    holds, fails = text.index("It holds: One"), text.index("It does not hold: One site")
    assert holds < fails < text.index("Still open: No proxy")
    # Who said so stays with us.
    assert "Ben" not in text
    assert text.endswith("### Still to be answered\n\n- Which log-in?")
    assert "assumed" not in recap_text(told, [])


@pytest.mark.unit
def test_a_recap_is_written_before_it_is_read_back_and_changes_are_noticed():
    assert reasons_without_recap("Two sites", "/x/") == []
    assert reasons_without_recap(" ", "/x/")[0].fix_url == "/x/#live-recap"
    assert reasons_against_draft(2, 2) == []
    assert reasons_against_draft(1, 2)[0].code == "changed"
    later = NOW + timedelta(minutes=1)
    assert is_changed_since(later, NOW)
    assert not is_changed_since(NOW, later)
    assert not is_changed_since(None, NOW)
    assert not is_changed_since(NOW, None)


def test_the_recap_is_drafted_once_and_never_over_what_somebody_wrote(
    as_pia, session, pia
):
    assert as_pia.post(url("recap-draft", session), {"seen": "0"}).status_code == 302
    assert "250, *soon* 400" in texts_of_session(fresh(session)).text("recap")

    write(session, "recap", "Hers", by=person(session.engagement, EngagementRole.PM))
    refused = as_pia.post(url("recap-draft", session), {"seen": "1"})
    assert refused.status_code == 409
    assert texts_of_session(fresh(session)).text("recap") == "Hers"
    with pytest.raises(RuleRefused):
        draft_recap(session, 1, by=pia, now=NOW)
    assert as_pia.post(url("recap-draft", session), {"seen": "x"}).status_code == 409


def test_nothing_is_read_back_or_confirmed_while_the_recap_is_empty(as_pia, session):
    assert as_pia.post(url("recap-read-back", session)).status_code == 409
    assert as_pia.get(url("recap-confirm", session)).status_code == 409
    assert fresh(session).read_back_at is None


def test_it_is_read_back_and_the_notes_are_filed(as_pia, session, work, pia):
    write(session, "recap", "Two sites", by=pia)

    as_pia.post(url("recap-read-back", session))
    told = fresh(session)
    assert (told.read_back_at, told.read_back_by) == (NOW, pia)
    assert state_of(work, "discovery-read-back") == "done"
    as_pia.post(url("discovery-notes-file", session))
    notes = Step.objects.get(checklist=work.checklist_id, key="discovery-notes")
    assert notes.state == "done"
    assert notes.evidence.url.endswith(session.get_absolute_url())
    # A second click finds nothing to do.
    assert as_pia.post(url("discovery-notes-file", session)).status_code == 302


def test_the_customer_confirms_and_the_steps_are_done(as_pia, session, work, pia):
    write(session, "recap", "Two sites", by=pia)
    page = url("recap-confirm", session)
    shown = as_pia.get(page)
    assert shown.context["form"].initial["contact"] == work.main_contact_id
    assert "Two sites" in shown.content.decode()

    for typed in ({}, {"contact": ContactFactory().pk, "how": "By mail"}):
        assert as_pia.post(page, typed).status_code == 422
    typed = {"contact": work.main_contact_id, "how": "By mail, Monday"}
    assert as_pia.post(page, typed).url.endswith("#recap-card")
    told = fresh(session)
    assert (told.confirmed_by, told.confirmation) == (
        work.main_contact,
        "By mail, Monday",
    )
    for key in ("discovery-read-back", "discovery-notes", "discovery-confirmed"):
        assert state_of(work, key) == "done", key
    event = Event.objects.get(verb="discovery-confirmed")
    assert event.reason == "By mail, Monday"

    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        write(session, "recap", "Three sites", by=pia, now=NOW + timedelta(hours=1))
        page = as_pia.get(session.get_absolute_url()).content.decode()
    assert "changed after it was confirmed" in page


def test_a_tick_by_hand_confirms_and_an_untick_takes_it_back(session, work, pia):
    step = Step.objects.get(checklist=work.checklist_id, key="discovery-confirmed")

    done = complete_step(step, Completion(note="Said yes"), by=pia, now=NOW)
    assert fresh(session).confirmation == "Said yes"
    reopen_step(done, by=pia, now=NOW)
    assert fresh(session).confirmed_at is None


def test_the_mailed_recap_passes_the_ball_to_the_customer(
    as_pia,
    session,
    work,
    pia,
    smtp,  # noqa: F811
):
    write(session, "recap", "We build **two** sites", by=pia)
    mail = reverse("execution:discovery-mail", args=[session.pk, "discovery-recap"])
    as_pia.post(mail)
    draft = Message.objects.get(kind="discovery-recap")
    assert "<strong>two</strong>" in draft.html
    assert draft.reply_to == "pia@ps.example"

    send_draft(draft, seen=sight_before_click(draft), by=pia, now=NOW)
    send_due(NOW, 10)
    step = Step.objects.get(checklist=work.checklist_id, key="discovery-confirmed")
    assert (step.state, step.ball_with) == ("open", "customer")


def test_people_and_contacts_get_what_discovery_holds_on_them(session, work, pia):
    write(session, "recap", "Two sites", by=pia)
    confirm_recap(session, work.main_contact, "By mail", by=pia, now=NOW)
    read_back(session, by=pia, now=NOW)

    told = personal_data_of(pia)["discovery"]["read_back"]
    assert told[0]["read_back_at"] == NOW
    (recap,) = personal_data_of(work.main_contact)["recaps"]
    assert recap["confirmation"] == "By mail"
