"""Deliverables from draft to accepted, and what Closed wants of them."""

from datetime import date
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.choices import Status
from engagements.execution.choices import DeliverableState
from engagements.execution.models import Deliverable, DeliverableReview
from engagements.execution.rules.deliverables import (
    MOVES,
    find_move,
    reasons_against_move,
    reasons_against_review,
    reasons_against_version,
    reasons_of_open_deliverables,
    state_with_version,
    state_words,
)
from engagements.models import Engagement
from engagements.services.status import reasons_against_move as against_status
from psdelivery.history.models import Event
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step
from tests.factories.engagements import NOW
from tests.factories.people import ContactFactory
from tests.factories.plan import DeliverableFactory, delivered, with_version

DAY = date(2027, 2, 1)
TABLE = {
    ("draft", "in_review"),
    ("in_review", "draft"),
    ("in_review", "delivered"),
    ("delivered", "in_review"),
    ("rejected", "draft"),
    ("rejected", "delivered"),
    ("accepted", "delivered"),
}
SAID = {"outcome": "accepted", "said_on": "2027-02-01"}


def one(state="draft", **fields):
    whole = {"acceptance_criteria": "Read", "title": "Report"}
    return Deliverable(pk=1, state=state, **whole | fields)


def codes(reasons):
    return [reason.code for reason in reasons]


def url(name, deliverable):
    return reverse(f"execution:{name}", args=[deliverable.pk])


def step(engagement, key):
    return Step.objects.get(engagement=engagement, key=key)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("source", "target"), list(product(DeliverableState.values, repeat=2))
)
def test_only_the_moves_of_the_table_are_made(source, target):
    refused = reasons_against_move(one(source), target, "Why", has_versions=True)

    assert (codes(refused) == ["outside-table"]) == ((source, target) not in TABLE)


@pytest.mark.unit
def test_a_refused_move_says_where_it_is_and_what_can_be_done():
    (refused,) = reasons_against_move(one(), "accepted", "", has_versions=True)

    assert refused.sentence == (
        "It is draft; from there one can: “Let it be reviewed”."
    )


@pytest.mark.unit
def test_nothing_is_delivered_without_criteria_and_nothing_read_without_a_version():
    bare = one("in_review", acceptance_criteria=" ")

    both = reasons_against_move(bare, "delivered", "", has_versions=False)
    assert codes(both) == ["no-version", "no-criteria"]
    assert codes(reasons_against_move(one(), "in_review", "", has_versions=False)) == [
        "no-version"
    ]
    # On the way back nothing is asked for but the reason.
    assert reasons_against_move(bare, "draft", "", has_versions=False) == []
    wanting = {move.source for move in MOVES if move.wants_reason}
    assert wanting == {"delivered", "accepted", "rejected"}
    back = reasons_against_move(one("accepted"), "delivered", " ", has_versions=True)
    assert codes(back) == ["reason-missing"]


@pytest.mark.unit
def test_a_milestone_is_reached_or_not():
    milestone = one(is_milestone=True, acceptance_criteria="")

    assert state_words(milestone) == "to come"
    assert reasons_against_move(milestone, "delivered", "", has_versions=False) == []
    assert find_move(milestone, "in_review") is None
    assert codes(reasons_against_version(milestone)) == ["milestone"]


@pytest.mark.unit
def test_a_rejection_says_why_and_only_what_was_delivered_is_decided_on():
    def against(deliverable, outcome="accepted", note="", day=DAY):
        return codes(reasons_against_review(deliverable, outcome, note, day, today=DAY))

    assert against(one("delivered")) == []
    assert against(one("delivered"), "rejected", " ") == ["why"]
    assert against(one("delivered"), "rejected", "More") == []
    assert against(one("in_review")) == ["not-delivered"]
    assert against(one("delivered"), day=date(2027, 2, 2)) == ["future"]


@pytest.mark.unit
def test_a_newer_version_of_what_was_delivered_is_a_draft():
    assert state_with_version("delivered") == state_with_version("rejected") == "draft"
    assert state_with_version("in_review") == "in_review"
    assert codes(reasons_against_version(one("accepted"))) == ["accepted"]


@pytest.mark.unit
def test_r17_every_open_deliverable_is_named_and_no_milestone():
    found = [one("accepted"), one("rejected"), one(is_milestone=True)]

    (reason,) = reasons_of_open_deliverables(found)
    assert "“Report”: it is rejected" in reason.sentence


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_from_the_first_version_to_the_acceptance(consulting, pm, as_):
    client = as_(pm)
    report = DeliverableFactory(engagement=consulting, title="Report")
    move, version = url("deliverable-move", report), url("version-add", report)
    early = client.post(move, {"target": "in_review"})
    assert early.status_code == 422
    assert version in early.content.decode()
    assert client.post(version, {}).status_code == 422

    client.post(version, {"evidence_link": "https://docs.example/1", "note": "First"})
    client.post(move, {"target": "in_review"})
    assert not step(consulting, "deliverables-drafted").is_open
    assert client.post(move, {"target": "delivered"}).status_code == 422
    Deliverable.objects.update(acceptance_criteria="- Read")
    client.post(move, {"target": "delivered"})
    assert not step(consulting, "deliverables-delivered").is_open

    ann = ContactFactory(customer=consulting.customer, name="Ann")
    review = url("deliverable-review", report)
    no = SAID | {"outcome": "rejected", "contact": ann.pk}
    assert client.post(review, no).status_code == 422
    client.post(review, no | {"note": "No pictures"})
    report.refresh_from_db()
    assert report.state == "rejected"
    assert step(consulting, "deliverables-delivered").is_open
    text = client.get(report.get_absolute_url()).content.decode()
    assert "No pictures" in text
    assert "Ann" in text

    client.post(version, {"evidence_link": "https://docs.example/2"})
    versions = list(report.versions.all())
    assert [one.document.version for one in versions] == [2, 1]
    for target in ("in_review", "delivered"):
        client.post(move, {"target": target})
    client.post(review, SAID | {"evidence_link": "https://mail.example/yes"})
    report.refresh_from_db()
    assert (report.state, report.decided_at) == ("accepted", NOW)
    assert client.get(version).status_code == 409
    verbs = Event.objects.filter(subject_id=str(report.pk)).values_list("verb")
    assert ("deliverable-rejected",) in verbs
    assert ("deliverable-accepted",) in verbs


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_an_acceptance_recorded_by_mistake_is_taken_back_with_the_reason(
    consulting, pm, as_
):
    report, client = delivered(consulting, pm), as_(pm)
    client.post(url("deliverable-review", report), SAID)
    move = url("deliverable-move", report)
    assert client.get(f"{move}?target=delivered").status_code == 200
    assert client.post(move, {"target": "delivered"}).status_code == 422

    client.post(move, {"target": "delivered", "reason": "Of the other one"})

    report.refresh_from_db()
    assert (report.state, report.decided_at) == ("delivered", None)
    assert not DeliverableReview.objects.exists()
    told = Event.objects.get(verb="deliverable-moved", subject_id=str(report.pk))
    assert told.reason == "Of the other one"


@pytest.mark.django_db
def test_r17_closed_names_open_deliverables_and_says_nothing_twice(consulting, pm):
    Engagement.objects.filter(pk=consulting.pk).update(status=Status.ACTIVE)
    engagement = Engagement.objects.get(pk=consulting.pk)
    report = delivered(engagement, pm, title="Report")
    delivered(engagement, pm, title="Paper")
    DeliverableFactory(engagement=engagement, is_milestone=True, title="Wave 1")

    sentences = [r.sentence for r in against_status(engagement, "closed", now=NOW)]

    named = [one for one in sentences if "has not accepted" in one]
    assert [("Report" in one, "Paper" in one) for one in named] == [
        (True, False), (False, True),
    ]  # fmt: skip
    assert not any("Have all deliverables accepted" in one for one in sentences)
    assert not any("Wave 1" in one for one in sentences)
    # Without deliverables the step stands in for them, as before.
    Deliverable.objects.exclude(pk=report.pk).delete()
    Deliverable.objects.update(state="accepted", decided_at=NOW)
    sentences = [r.sentence for r in against_status(engagement, "closed", now=NOW)]
    assert any("Have all deliverables accepted" in one for one in sentences)


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_the_customers_word_ticks_the_step_once_the_sign_off_is_sent(
    consulting, pm, as_
):
    report = delivered(consulting, pm)
    for key in ("deliverables-delivered", "sign-off-sent"):
        Step.objects.filter(key=key).update(evidence_wanted="none")
        complete_step(
            step(consulting, key), Completion(happened_on=DAY), by=pm, now=NOW
        )
    word = SAID | {"evidence_link": "https://mail.example/yes"}

    as_(pm).post(url("deliverable-review", report), word)

    assert step(consulting, "deliverables-accepted").evidence.url.endswith("/yes")


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_queries_of_the_tab_do_not_grow(consulting, pm, as_):
    Engagement.objects.filter(pk=consulting.pk).update(status=Status.ACTIVE)
    client, tab = as_(pm), f"{consulting.get_absolute_url()}deliverables/"

    def asked(rows):
        for report in DeliverableFactory.create_batch(rows, engagement=consulting):
            with_version(report, pm)
        with CaptureQueriesContext(connection) as found:
            assert client.get(tab).status_code == 200
        return len(found)

    asked(1)
    assert asked(2) == asked(27)
