from datetime import timedelta

import pytest
from django.urls import reverse

from engagements.handoff import state_of
from engagements.models import Acknowledgement
from engagements.rules.handover import handover_tasks
from engagements.services.handoff import acknowledge_handoff
from engagements.services.handover import goes_along, hand_over
from psdelivery.history.models import Event
from psdelivery.outbox.choices import State
from psdelivery.outbox.invitations import Attendee, Meeting, invite
from psdelivery.outbox.models import Invitation, Message
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.handing import delegate_step
from psdelivery.playbooks.services.steps import complete_step
from psdelivery.registry import RuleRefused
from tests.factories.engagements import NOW, registered
from tests.factories.handoff import again, filled
from tests.factories.handoff import hand_over as done_handoff
from tests.factories.outbox import MessageFactory
from tests.factories.people import UserFactory
from tests.factories.shipped import ship_playbooks

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return UserFactory(first_name="Anna", roles=[Role.PM])


@pytest.fixture
def ben():
    return UserFactory(first_name="Ben", roles=[Role.PM])


@pytest.fixture
def coordinator():
    return UserFactory(roles=[Role.COORDINATOR])


@pytest.fixture
def engagement(anna, coordinator):
    ship_playbooks()
    team = [(EngagementRole.PM, anna), (EngagementRole.PC, coordinator)]
    return registered(team=team, by=coordinator)


@pytest.fixture
def member(engagement):
    return engagement.team.get(role=EngagementRole.PM)


def meeting_with(engagement, organizer, *people):
    meeting = Meeting(
        kind="handoff",
        title="Handoff",
        starts_at=NOW + timedelta(days=3),
        ends_at=NOW + timedelta(days=3, hours=1),
        zone="Europe/Berlin",
        attendees=[Attendee(p.display_name, p.email, p.pk) for p in people],
    )
    return invite(
        meeting, organizer=organizer, engagement=engagement, by=organizer, now=NOW
    )


def test_a_role_is_handed_over_with_all_that_hangs_on_it(
    engagement, member, anna, ben, coordinator
):
    by_hand = engagement.steps.filter(assignee=coordinator).first()
    delegate_step(by_hand, anna, by=coordinator, now=NOW)
    draft = MessageFactory(
        engagement=engagement, customer=True, state=State.DRAFT, reply_to=anna.email
    )
    meeting = meeting_with(engagement, anna, anna, coordinator)
    held = engagement.steps.filter(assignee=anna).count()

    hand_over(member, ben, reason="On leave", by=coordinator, now=NOW)

    assert (
        not Step.objects.open()
        .filter(engagement=engagement, assignee=anna, playbook_step__isnull=False)
        .exists()
    )
    assert Step.objects.get(pk=by_hand.pk).assignee == ben
    assert Message.objects.get(pk=draft.pk).reply_to == ben.email
    changed = Invitation.objects.get(pk=meeting.pk)
    assert (changed.organizer, changed.sequence) == (ben, 1)
    assert {one["email"] for one in changed.attendees} == {
        ben.email,
        coordinator.email,
    }
    event = Event.objects.get(verb="role-handed-over")
    assert event.changes["steps"] == ["", str(held)]
    assert event.reason == "On leave"


def test_the_two_of_them_get_the_short_checklist(engagement, member, anna, ben):
    hand_over(member, ben, reason="On leave", by=ben, now=NOW)

    tasks = engagement.steps.filter(title__startswith="Handover to Ben")
    assert tasks.count() == len(handover_tasks()) == 5
    assert tasks.filter(assignee=anna).count() == 3
    assert tasks.filter(assignee=ben).count() == 2
    assert all(step.due_day and step.is_open for step in tasks)


def test_what_somebody_who_left_cannot_do_the_next_person_does(
    engagement, member, anna, ben
):
    anna.is_active = False
    anna.save()
    member.refresh_from_db()

    hand_over(member, ben, reason="Left", by=ben, now=NOW)

    tasks = engagement.steps.filter(title__startswith="Handover to Ben")
    assert {step.assignee for step in tasks} == {ben}


def test_who_stays_in_another_role_stays_invited(engagement, member, anna, ben):
    engagement.team.create(role=EngagementRole.PSE, person=anna)
    meeting_with(engagement, anna, anna)

    along = goes_along(member, NOW)

    assert along.meetings == []
    assert {step.owner_role for step in along.steps} == {EngagementRole.PM}


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_changes(engagement, member, anna, ben, reason):
    with pytest.raises(RuleRefused):
        hand_over(member, ben, reason=reason, by=ben, now=NOW)

    assert engagement.team.get(role=EngagementRole.PM).person == anna


def test_the_page_shows_what_goes_along_and_hands_over(
    client, engagement, member, coordinator, anna, ben
):
    client.force_login(coordinator)
    meeting_with(engagement, anna, anna)
    address = reverse(
        "engagements:team-member-handover", args=[engagement.pk, member.pk]
    )
    page = client.get(address).content.decode()
    assert "1 coming meeting" in page
    assert "Write down where things stand" in page

    assert client.post(address, {"person": ben.pk, "reason": ""}).status_code == 422
    same = {"person": anna.pk, "reason": "No"}
    assert client.post(address, same).status_code == 422
    given = {"person": ben.pk, "reason": "On leave"}
    assert client.post(address, given).status_code == 302
    assert engagement.team.get(role=EngagementRole.PM).person == ben


def asked(engagement):
    """Who was asked to acknowledge the handoff, and whether they have."""
    found = Acknowledgement.objects.filter(handoff__engagement=engagement)
    return {one.person: one.done_at is not None for one in found}


def test_r5_who_takes_over_mid_way_must_acknowledge_and_does_not_reopen(
    engagement, member, anna, ben, coordinator
):
    handoff = done_handoff(engagement, by=coordinator, now=NOW)
    assert asked(engagement) == {anna: True}

    hand_over(member, ben, reason="On leave", by=coordinator, now=NOW)

    assert asked(engagement) == {anna: True, ben: False}
    step = Acknowledgement.objects.get(person=ben).step
    assert (step.title, step.assignee) == ("Acknowledge the handoff", ben)
    assert step.is_open
    assert again(handoff).done_at == NOW
    news = Message.objects.get(kind="handoff-to-read", to=[ben.email])
    assert "Handoff to read" in news.subject

    acknowledge_handoff(again(handoff), by=ben, now=NOW)

    step.refresh_from_db()
    assert asked(engagement) == {anna: True, ben: True}
    assert not step.is_open
    assert again(handoff).done_at == NOW


def test_r5_who_leaves_mid_way_unread_is_not_waited_for_and_the_next_one_is(
    engagement, member, anna, ben, coordinator
):
    handoff = filled(engagement, by=coordinator, now=NOW)
    theirs = Acknowledgement.objects.get(person=anna).step

    hand_over(member, ben, reason="Left", by=coordinator, now=NOW)

    theirs.refresh_from_db()
    assert theirs.state == StepState.CANCELLED
    assert asked(engagement) == {ben: False}
    own = Step.objects.open().filter(acknowledgement__isnull=False)
    assert [step.assignee for step in own] == [ben]
    waiting = [one.person for one in state_of(again(handoff)).waits_for]
    assert waiting == [ben]


def test_r5_nobody_acknowledges_in_the_place_of_who_took_over(
    engagement, member, anna, ben, coordinator
):
    handoff = done_handoff(engagement, by=coordinator, now=NOW)
    hand_over(member, ben, reason="On leave", by=coordinator, now=NOW)
    step = Acknowledgement.objects.get(person=ben).step

    with pytest.raises(RuleRefused):
        complete_step(step, Completion(), by=coordinator, now=NOW)
    acknowledge_handoff(again(handoff), by=ben, now=NOW)

    assert asked(engagement)[ben]


def test_r5_on_the_page_who_took_over_is_named_asked_and_acknowledges(
    client, engagement, member, anna, ben, coordinator, time_machine
):
    time_machine.move_to(NOW, tick=False)
    done_handoff(engagement, by=coordinator, now=NOW)
    tab = reverse("engagements:engagement-tab", args=[engagement.pk, "handoff"])
    client.force_login(coordinator)
    client.post(
        reverse("engagements:team-member-handover", args=[engagement.pk, member.pk]),
        {"person": ben.pk, "reason": "On leave"},
    )
    readers = client.get(tab).context["readers"]
    waiting = [row.reader.person for row in readers if not row.reader.has_acknowledged]
    assert waiting == [ben]
    assert "I have read it" not in client.get(tab).content.decode()

    client.force_login(ben)
    assert "Acknowledge the handoff" in client.get("/").content.decode()
    assert "I have read it" in client.get(tab).content.decode()
    address = reverse("engagements:handoff-acknowledge", args=[engagement.pk])
    assert client.post(address).status_code == 302

    assert asked(engagement)[ben]
    page = client.get(tab).content.decode()
    assert "I have read it" not in page
    assert "acknowledged" in page
    assert "Acknowledge the handoff" not in client.get("/").content.decode()
