"""R-20: a tick dates what has no date yet; a date that is there is moved."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from engagements.services.handoff import hold_handoff
from psdelivery.playbooks.models import Move
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step, reopen_step
from psdelivery.registry import RuleRefused
from tests.engagements.dating import (
    KICKOFF,
    LATER,
    address,
    anchor,
    kicked_off,
    move,
)
from tests.engagements.ticks import tick
from tests.factories.engagements import NOW
from tests.factories.handoff import begun

pytestmark = pytest.mark.django_db


@pytest.fixture
def active(consulting, at_now):
    return kicked_off(consulting)


@pytest.fixture
def held(active, pm):
    """The step that was ticked for the kickoff, with its evidence."""
    return tick(active, "kickoff-held", by=pm)


@pytest.fixture
def as_pm(client, active, pm):
    client.force_login(pm)
    return pm


@pytest.fixture
def step(held, pm):
    return reopen_step(held, by=pm, reason="Another day", now=NOW)


def told(step, day, **given):
    return Completion(evidence=step.evidence, note="Held", happened_on=day, **given)


def test_r20_a_second_tick_does_not_move_the_date_it_leads_to_its_page(
    client, active, as_pm, pm, step
):

    with pytest.raises(RuleRefused) as refusal:
        complete_step(step, told(step, LATER), by=pm, now=NOW)

    (reason,) = refusal.value.reasons
    assert reason.code == "dated"
    assert reason.sentence.startswith("The kickoff is on Mon 1 Feb 2027 already.")
    assert urlsplit(reason.fix_url).path == address(active)
    assert parse_qs(urlsplit(reason.fix_url).query) == {"day": ["2027-02-15"]}
    assert anchor(active).day == KICKOFF
    shown = client.get(reason.fix_url).context["form"]
    assert shown["day"].value() == "2027-02-15"


def test_r20_a_second_tick_with_the_known_day_passes(active, pm, step):

    assert complete_step(step, told(step, KICKOFF), by=pm, now=NOW).state == "done"


def test_r20_after_the_move_the_second_tick_passes(client, active, as_pm, pm, step):
    move(client, active)
    page = client.get(step.get_absolute_url())
    assert page.context["form"]["happened_on"].value() == LATER

    assert complete_step(step, told(step, LATER), by=pm, now=NOW).state == "done"


def test_r20_what_a_mail_proves_dates_it_anew(active, pm, step):

    complete_step(step, told(step, LATER, follows_record=True), by=pm, now=NOW)

    assert anchor(active).day == LATER
    assert not Move.objects.filter(undo_until__gt=NOW).exists()


def test_r20_the_refusal_stands_on_the_page_of_the_step(
    client, active, as_pm, pm, step
):
    typed = {
        "happened_on": str(LATER),
        "evidence_link": "https://docs.example.com/minutes",
    }

    answer = client.post(reverse("playbooks:step-complete", args=[step.pk]), typed)

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "The kickoff is on Mon 1 Feb 2027 already." in text
    assert f"{address(active)}?day=2027-02-15" in text
    assert "https://docs.example.com/minutes" in text


def test_the_corrected_record_of_a_held_handoff_dates_it_anew(active, pm, held):
    handoff = begun(active)
    assert anchor(active, "handoff_held").day == handoff.held_on

    hold_handoff(handoff, date(2027, 1, 29), [], by=pm, now=NOW)

    assert anchor(active, "handoff_held").day == date(2027, 1, 29)
