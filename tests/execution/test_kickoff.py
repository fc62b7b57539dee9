"""The kickoff: prefilled, invited, linked, held."""

from datetime import date

import pytest
from django.urls import reverse

from engagements.execution.kickoff import OUTCOMES, kickoff_of
from engagements.execution.models import Kickoff
from engagements.execution.rules.kickoff import (
    ConfirmedOutcome,
    KickoffState,
    missing_for_kickoff,
    note_on_day,
    reasons_against_having_held,
    reasons_without_step,
)
from engagements.execution.services.kickoff import begin_kickoff
from engagements.models import Engagement
from psdelivery.livetext.models import LiveText
from psdelivery.livetext.queries import cards_of, words_of
from psdelivery.outbox.models import Message
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.models import Anchor, Step
from tests.factories.engagements import (
    NOW,
    EngagementFactory,
    TeamMemberFactory,
    open_gate,
)
from tests.factories.handoff import filled, hand_over
from tests.factories.people import ContactFactory, UserFactory

WHOLE = KickoffState(
    texts=dict.fromkeys(
        ["agenda", "roles_ours", "roles_theirs", "communication"], "There"
    ),
    outcomes=[ConfirmedOutcome("Weekly releases"), ConfirmedOutcome(" ")],
    is_invited=True,
    deck_url="https://a.example",
    project_url="https://b.example",
)
DAY = date(2027, 2, 1)
CALL = {
    "day": "2027-02-08",
    "clock": "10:00",
    "zone": "Europe/Berlin",
    "minutes": "90",
    "description": "Goals",
}
HELD = {"held_on": "2027-02-01", "evidence_link": "https://docs.example/deck"}


def url(name, engagement):
    return reverse(f"execution:kickoff-{name}", args=[engagement.pk])


def step(engagement, key):
    return Step.objects.get(engagement=engagement, key=key)


@pytest.mark.unit
def test_what_is_missing_before_and_after_a_kickoff():
    assert missing_for_kickoff(WHOLE) == []
    assert len(missing_for_kickoff(KickoffState())) == 8

    after = missing_for_kickoff(
        KickoffState(texts=WHOLE.texts, outcomes=WHOLE.outcomes, is_held=True)
    )
    assert after == [
        "To 1 outcome nobody has written what the customer said.",
        "Decisions and next steps are not written down.",
    ]
    said = KickoffState(
        texts={**WHOLE.texts, "decisions": "Yes"},
        outcomes=[ConfirmedOutcome("Weekly", "Fine")],
        is_held=True,
    )
    assert missing_for_kickoff(said) == []


@pytest.mark.unit
def test_two_days_of_one_kickoff_are_told():
    assert note_on_day(DAY, DAY) == note_on_day(None, DAY) == note_on_day(DAY, None)
    assert "planned start is Tue 2 Feb" in note_on_day(DAY, date(2027, 2, 2))
    assert reasons_against_having_held(DAY, today=DAY) == []
    assert reasons_against_having_held(date(2027, 2, 2), today=DAY)
    assert reasons_without_step(has_step=True) == []
    assert reasons_without_step(has_step=False)


@pytest.mark.django_db
def test_it_begins_with_team_contacts_template_and_the_outcomes_of_the_handoff(
    consulting, pm
):
    filled(consulting)
    ContactFactory(customer=consulting.customer, name="Ann", job_title="CTO")
    main = ContactFactory(customer=consulting.customer, name="Bo")
    Engagement.objects.filter(pk=consulting.pk).update(main_contact=main)

    kickoff = begin_kickoff(Engagement.objects.get(), by=pm, now=NOW)

    words = words_of(kickoff.sheet)
    assert words["agenda"].startswith("1. Welcome")
    assert f"- {pm}, Project manager" in words["roles_ours"]
    assert words["roles_theirs"] == "- Bo, main contact\n- Ann, CTO"
    cards = cards_of(OUTCOMES, LiveText.objects.filter(sheet=kickoff.sheet))
    assert [part.row.text for part in cards[0].parts] == [
        "Releases every week", "Releases per month, from 1 to 4", "",
    ]  # fmt: skip
    assert begin_kickoff(consulting, by=pm, now=NOW) == kickoff
    assert Kickoff.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_r2_both_teams_are_invited_once_the_gate_is_open(consulting, pm, as_):
    contact = ContactFactory(customer=consulting.customer, email="ann@acme.example")
    begin_kickoff(consulting, by=pm, now=NOW)
    client, where = as_(pm), url("call", consulting)
    typed = CALL | {"attendees": [pm.pk], "contacts": [contact.pk]}

    refused = client.post(where, typed)
    assert refused.status_code == 422
    assert "customer_signature" in [one.code for one in refused.context["reasons"]]
    assert not Message.objects.filter(kind="invitation").exists()

    open_gate(consulting)
    client.post(where, typed)
    call = kickoff_of(consulting).invitation
    assert call.title == f"Kickoff: {consulting.title}"
    told = Message.objects.filter(kind="invitation").values_list("to", flat=True)
    assert sorted(to for one in told for to in one) == [contact.email, pm.email]
    # Another person who saw no invitation is told that there is one by now.
    late = client.post(where, typed | {"seen": "-1"})
    assert late.status_code == 409
    assert "as it stands now" in late.content.decode()
    assert client.post(url("call-cancel", consulting)).status_code == 302
    assert client.post(url("call-cancel", consulting)).status_code == 409


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_another_day_than_the_planned_start_is_told(consulting, pm, as_):
    open_gate(consulting)
    anchor = Anchor.objects.get(checklist=consulting.checklist, key="planned_start")
    Anchor.objects.filter(pk=anchor.pk).update(day=date(2027, 2, 10))
    begin_kickoff(consulting, by=pm, now=NOW)
    client = as_(pm)
    client.post(url("call", consulting), CALL | {"attendees": [pm.pk]})

    text = client.get(url("detail", consulting)).content.decode()

    assert "Two different days" in text


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_the_link_of_the_collaboration_project_ticks_its_step(consulting, pm, as_):
    begin_kickoff(consulting, by=pm, now=NOW)
    client, project = as_(pm), "https://gitlab.example/acme/rollout"
    bad = client.post(url("links", consulting), {"deck_url": "javascript:x"})
    assert bad.status_code == 422

    links = {"deck_url": "https://docs.example/deck", "project_url": project}
    client.post(url("links", consulting), links)

    assert consulting.collaboration_project.url == project
    assert step(consulting, "collaboration-project").evidence.url == project
    client.post(url("links", consulting), {"deck_url": "", "project_url": ""})
    text = client.get(url("detail", consulting)).content.decode()
    assert "No collaboration project yet" in text


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_r5_held_waits_for_the_handoff_and_then_dates_what_follows(consulting, pm, as_):
    begin_kickoff(consulting, by=pm, now=NOW)
    client, where = as_(pm), url("held", consulting)
    for wrong in ({"held_on": "2027-02-03"}, {"evidence_link": ""}):
        assert client.post(where, HELD | wrong).status_code == 422
    refused = client.post(where, HELD)
    assert refused.status_code == 422
    assert "The goals are not written down." in refused.content.decode()
    assert not consulting.documents.filter(url=HELD["evidence_link"]).exists()

    open_gate(consulting)
    hand_over(consulting)
    client.post(where, HELD)

    held = step(consulting, "kickoff-held")
    assert (held.is_open, held.evidence.url) == (False, HELD["evidence_link"])
    anchor = Anchor.objects.get(checklist=consulting.checklist, key="kickoff")
    assert anchor.day == DAY
    text = client.get(f"{consulting.get_absolute_url()}plan/").content.decode()
    assert "held" in text
    assert client.post(where, HELD).status_code == 422


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_who_may_see_it_and_who_may_write(consulting, pm, as_):
    assert "not prepared yet" in as_(pm).get(url("detail", consulting)).content.decode()
    as_(pm).post(url("begin", consulting))
    leader = UserFactory(roles=[Role.LEADERSHIP])
    text = as_(leader).get(url("detail", consulting)).content.decode()
    assert "Welcome, and who is here" in text
    assert "<textarea" not in text
    stranger = UserFactory(roles=[Role.PSE])
    sheet = Kickoff.objects.get().sheet_id
    where = reverse("livetext:sheet-changes", args=[sheet])
    assert as_(stranger).get(where).status_code == 404
    engineer = UserFactory(roles=[Role.PSE])
    TeamMemberFactory(engagement=consulting, role=EngagementRole.PSE, person=engineer)
    assert as_(engineer).get(url("detail", consulting)).status_code == 200
    # Engineers write to the customer of their own sessions only.
    assert as_(engineer).get(url("call", consulting)).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["dedicated", "training"])
def test_other_kinds_have_no_kickoff(kind, pm, as_):
    engagement = EngagementFactory(kind=kind)
    TeamMemberFactory(engagement=engagement, role=EngagementRole.PM, person=pm)

    assert as_(pm).get(url("detail", engagement)).status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("at_now")
def test_what_has_not_begun_has_no_forms(consulting, pm, as_):
    for name in ("call", "links", "held"):
        assert as_(pm).get(url(name, consulting)).status_code == 404
