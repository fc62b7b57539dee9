"""The questions as a mail to the customer: drafted, sent by a click, the step done."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from engagements.execution.discovery_mails import QUESTIONS, session_rows
from engagements.execution.models import DiscoverySession
from psdelivery.outbox.choices import State
from psdelivery.outbox.letters import letter_for
from psdelivery.outbox.models import Message
from psdelivery.outbox.services.addresses import mark_address_bad
from psdelivery.outbox.services.drafting import send_draft, sight_before_click
from psdelivery.outbox.services.sending import send_due
from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.steps import set_aside_step
from tests.factories.discovery import ask, session_of
from tests.factories.engagements import NOW
from tests.factories.mails import person, sold
from tests.outbox.conftest import sink, smtp  # noqa: F401

pytestmark = pytest.mark.django_db
DAY = date(2027, 2, 16)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def work():
    return sold()


@pytest.fixture
def session(work):
    made = session_of(work, day=DAY, by=person(work, EngagementRole.PSE))
    ask(made, "Why *now*?\n# Size\nHow many users?")
    return made


def letter_of(session):
    return letter_for(QUESTIONS, session_rows().get(pk=session.pk))


def mail_url(session, kind="discovery-questions"):
    return reverse("execution:discovery-mail", args=[session.pk, kind])


def bounce(by):
    mark_address_bad("cora@acme.example", by=by, reason="Unknown user", now=NOW)


def sent_step(work):
    return Step.objects.get(checklist=work.checklist_id, key="discovery-questions-sent")


def test_it_asks_by_heading_and_answers_reach_the_engineer(session):
    letter = letter_of(session)

    assert "Tue 16 Feb 2027" in letter.body
    assert "- Why \\*now\\*?\n\n**Size**\n\n- How many users?" in letter.body
    assert letter.addressing.to == ("cora@acme.example",)
    assert letter.addressing.reply_to == "pia@ps.example"
    assert letter.addressing.cc == ["paul@ps.example", "carla@ps.example"]
    assert letter.body.endswith("Pia Engineer\npia@ps.example")
    assert not letter.missing


def test_without_engineer_the_lead_asks_and_without_day_it_names_none(work, session):
    work.team.filter(role=EngagementRole.PSE).delete()
    DiscoverySession.objects.update(held_on=None)

    letter = letter_of(session)
    assert letter.addressing.reply_to == "paul@ps.example"
    assert "We meet on" not in letter.body


def test_r15_no_mail_leaves_without_a_question(work):
    letter = letter_of(session_of(work))

    (reason,) = letter.missing
    assert reason.fix_url.endswith("/questions/")


def test_the_engineer_drafts_and_sends_it_and_the_step_is_done(
    client,
    work,
    session,
    smtp,  # noqa: F811
):
    pia = person(work, EngagementRole.PSE)
    client.force_login(pia)

    opened = client.post(mail_url(session))
    draft = Message.objects.get(kind="discovery-questions")
    assert opened.url == draft.get_absolute_url()
    assert draft.state == State.DRAFT
    # The same draft, not a second one.
    assert client.post(mail_url(session)).url == opened.url
    assert "Check the draft" in client.get(session.get_absolute_url()).content.decode()

    send_draft(draft, seen=sight_before_click(draft), by=pia, now=NOW)
    send_due(NOW, 10)
    assert sent_step(work).state == "done"
    session.refresh_from_db()
    assert session.questions_sent_at == NOW

    bounce(pia)
    assert sent_step(work).is_open
    session.refresh_from_db()
    assert session.questions_sent_at is None


def test_a_second_mail_after_the_step_is_told_to_the_session_too(
    client,
    work,
    session,
    smtp,  # noqa: F811
):
    set_aside_step(sent_step(work), by=person(work, "pm"), reason="Known", now=NOW)
    client.force_login(person(work, EngagementRole.PM))
    client.post(mail_url(session))
    draft = Message.objects.get(kind="discovery-questions")
    assert draft.step is None

    send_draft(draft, seen=sight_before_click(draft), by=draft.created_by, now=NOW)
    send_due(NOW, 10)
    session.refresh_from_db()
    assert session.questions_sent_at == NOW
    bounce(draft.created_by)
    session.refresh_from_db()
    assert session.questions_sent_at is None


def test_sent_elsewhere_is_told_on_the_step(client, work, session):
    client.force_login(person(work, EngagementRole.PSE))
    typed = {"day": "2027-01-29", "clock": "10:30", "to": "cora@acme.example"}
    typed |= {"subject": "Questions", "text": "Hello"}

    elsewhere = reverse("playbooks:step-elsewhere", args=[sent_step(work).pk])
    assert client.post(elsewhere, typed).status_code == 302
    session.refresh_from_db()
    assert session.questions_sent_at.date() == date(2027, 1, 29)


def test_mails_of_other_kinds_are_not_made_here(client, session, work):
    client.force_login(person(work, EngagementRole.PM))

    assert client.post(mail_url(session, "welcome")).status_code == 404


def test_account_team_sends_nothing(client, session, work):
    client.force_login(person(work, EngagementRole.SAL))

    assert client.post(mail_url(session)).status_code == 403
