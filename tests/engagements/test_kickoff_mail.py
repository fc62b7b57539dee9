"""The mail with day and agenda of the kickoff: its facts, and what is against it."""

from datetime import date

import pytest
from django.urls import reverse

from engagements.choices import Condition, Kind
from engagements.kickoff_mail import KICKOFF
from engagements.mails import engagement_rows
from engagements.services.gate import withdraw_condition
from psdelivery.outbox.access import kinds_to_write
from psdelivery.outbox.letters import letter_for
from psdelivery.outbox.models import Message
from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.mailing import step_mail
from tests.factories.engagements import open_gate
from tests.factories.handoff import hand_over
from tests.factories.mails import person, sold, step_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def engagement(now):
    return open_gate(sold(wished_start=date(2027, 3, 1)), now=now)


def read(engagement):
    return engagement_rows().get(pk=engagement.pk)


def letter_of(engagement):
    return letter_for(KICKOFF, read(engagement))


def test_it_tells_the_day_the_people_and_the_outcomes(engagement):
    hand_over(engagement, by=person(engagement, EngagementRole.PM))

    letter = letter_of(engagement)

    assert letter.subject.startswith("Rollout: our kickoff on Mon 1 Mar 2027 (")
    assert "- Paul Project, Project manager" in letter.body
    assert "Sally Sales" not in letter.body
    assert "Releases every week (measured by:" in letter.body
    assert letter.body.endswith("Paul Project\npaul@ps.example")
    assert not letter.missing


def test_without_outcomes_their_paragraph_is_left_out(engagement):
    assert "{{" not in letter_of(engagement).body


def test_r15_a_kickoff_without_a_day_is_named_with_where_it_is_planned(now):
    engagement = open_gate(sold(wished_start=None), now=now)

    (reason,) = letter_of(engagement).missing

    assert "Day of the kickoff" in reason.sentence
    assert reason.fix_url.endswith("/edit/#id_wished_start")


def test_r2_no_day_is_told_before_the_gate_is_open(engagement, now):
    assert not KICKOFF.against(read(engagement), now)

    signature = Condition.CUSTOMER_SIGNATURE
    pc = person(engagement, EngagementRole.PC)
    withdraw_condition(engagement, signature, by=pc, reason="Whose is it?", now=now)

    assert KICKOFF.against(read(engagement), now)


def test_r2_before_the_gate_opens_the_day_is_missing():
    closed = sold(wished_start=date(2027, 3, 1))

    assert "Day of the kickoff" in letter_of(closed).missing[0].sentence


@pytest.mark.parametrize(
    ("kind", "is_offered"),
    [(Kind.CONSULTING, True), (Kind.BLENDED, True), (Kind.TRAINING, False),
     (Kind.DEDICATED, False)],
)  # fmt: skip
def test_it_is_offered_where_there_is_a_kickoff(engagement, kind, is_offered):
    engagement.kind = kind

    assert KICKOFF.is_offered(engagement) is is_offered


def test_its_step_prepares_it_and_the_lead_may_write_it(engagement, client):
    pm = person(engagement, EngagementRole.PM)
    step = step_of(engagement, "kickoff-prepared")
    assert step_mail(step, pm).kind is KICKOFF
    assert KICKOFF in kinds_to_write(pm, KICKOFF.topic, read(engagement))
    client.force_login(pm)

    client.post(reverse("playbooks:step-mail", args=[step.pk]))

    draft = Message.objects.get(kind=KICKOFF.key)
    assert (draft.to, draft.reply_to) == (["cora@acme.example"], "paul@ps.example")
    assert "our kickoff on" in client.get(draft.get_absolute_url()).content.decode()
