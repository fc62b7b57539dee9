"""Who is booked leaves the team, or hands over, with the bookings."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from engagements.handoff import state_without_record
from engagements.models import TeamMember
from engagements.services.handover import Rebooking, hand_over
from engagements.services.team import change_member, remove_member
from psdelivery.history.models import Event
from psdelivery.people.choices import Role
from psdelivery.playbooks.models import Step
from psdelivery.registry import RuleRefused
from scheduling.choices import AllocationState, Hold
from scheduling.models import Allocation, CapacityDay
from scheduling.services.bookings import Change, change
from tests.factories.engagements import NOW, meet, open_gate
from tests.factories.people import UserFactory
from tests.factories.scheduling import booked, startable, wanted, workdays

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
NEXT_WEEK = date(2027, 2, 8)


@pytest.fixture
def ben(region):
    return UserFactory(first_name="Ben", last_name="Next", roles=[Role.PSE])


@pytest.fixture
def booking(consulting, pse):
    """Hard, from Monday next week to the Friday."""
    open_gate(consulting)
    return booked(pse, consulting, hold=Hold.HARD, days=workdays(NEXT_WEEK), now=NOW)


@pytest.fixture
def member(booking, pse):
    return TeamMember.objects.get(role="pse", person=pse)


def url_of(member, action):
    args = [member.engagement_id, member.pk]
    return reverse(f"engagements:team-member-{action}", args=args)


def codes(refused):
    return [reason.code for reason in refused.value.reasons]


def test_who_is_booked_is_not_simply_replaced(member, ben):
    member.person = ben

    with pytest.raises(RuleRefused) as refused:
        change_member(member, by=None, now=NOW)
    (reason,) = refused.value.reasons
    assert reason.fix_url == url_of(member, "handover")
    assert "40 hours, hard" in reason.sentence


def test_somebody_else_in_the_role_begins_without_bookings(member, booking, ben):
    member.person = ben

    after_all_was_worked = NOW + timedelta(days=14)
    change_member(member, by=None, now=after_all_was_worked)
    member.refresh_from_db()
    assert (member.person, member.booking, member.hours) == (ben, "", None)


def test_removing_releases_the_bookings_with_the_reason(member, booking, coordinator):
    remove_member(
        member, releases=True, by=coordinator, reason="Not needed any more", now=NOW
    )

    booking.refresh_from_db()
    assert booking.state == AllocationState.RELEASED
    assert booking.end_reason == "Not needed any more"
    assert not TeamMember.objects.filter(person=booking.person).exists()
    assert not CapacityDay.objects.filter(hard__gt=0).exists()


@pytest.mark.parametrize(
    ("releases", "reason", "code"),
    [(True, " ", "reason-missing"), (False, "No need", "booked")],
)
def test_removing_is_refused_without_a_reason_or_the_right(
    member, booking, pm, releases, reason, code
):
    with pytest.raises(RuleRefused) as refused:
        remove_member(member, releases=releases, by=pm, reason=reason, now=NOW)

    assert codes(refused) == [code]
    booking.refresh_from_db()
    assert booking.is_active
    assert TeamMember.objects.filter(pk=member.pk).exists()


def test_what_was_worked_brings_nobody_back_to_the_team(member, booking, coordinator):
    wednesday = NOW + timedelta(days=9)
    remove_member(member, releases=True, by=coordinator, reason="Ill", now=wednesday)

    booking.refresh_from_db()
    assert (booking.is_active, booking.hours) == (True, 16)
    assert not TeamMember.objects.filter(person=booking.person).exists()


def test_the_page_lists_the_bookings_before_somebody_is_removed(
    client, member, booking, coordinator
):
    client.force_login(coordinator)
    text = client.get(url_of(member, "edit")).content.decode()
    assert "Mon 8 Feb 2027 – Fri 12 Feb 2027 · 40 hours" in text
    assert "Release these bookings and take off the team" in text

    response = client.post(url_of(member, "remove"), {"reason": ""})
    assert response.status_code == 422
    assert "reason" in response.context["removal_form"].errors
    assert TeamMember.objects.filter(pk=member.pk).exists()
    response = client.post(url_of(member, "remove"), {"reason": "No need"})
    assert response.status_code == 302
    assert not TeamMember.objects.filter(pk=member.pk).exists()


def test_who_may_not_book_is_told_to_ask(client, member, booking, pm):
    client.force_login(pm)
    text = client.get(url_of(member, "edit")).content.decode()
    assert "Coordination releases bookings" in text
    assert "take off the team</button>" not in text

    response = client.post(url_of(member, "remove"), {"reason": "No need"})
    assert response.status_code == 422
    booking.refresh_from_db()
    assert booking.is_active


def over(member, ben, leaves_open=False, now=NOW):
    rebooking = Rebooking(leaves_open=leaves_open)
    return hand_over(
        member, ben, rebooking=rebooking, reason="On leave", by=ben, now=now
    )


def test_bookings_to_come_go_to_the_next_person(member, booking, pse, ben):
    over(member, ben)

    booking.refresh_from_db()
    assert (booking.person, booking.hold, booking.hours) == (ben, Hold.HARD, 40)
    told = TeamMember.objects.get(pk=member.pk)
    assert (told.person, told.booking, told.first_day) == (ben, "hard", NEXT_WEEK)
    assert not TeamMember.objects.filter(person=pse).exists()
    event = Event.objects.get(verb="role-handed-over")
    assert event.changes["bookings"] == ["", "1"]


def test_what_was_worked_stays_with_whoever_worked_it(member, booking, pse, ben):
    meet(member.engagement)
    over(member, ben, now=NOW + timedelta(days=9))

    booking.refresh_from_db()
    assert (booking.person, booking.hours) == (pse, 16)
    rest = Allocation.objects.get(person=ben)
    assert (rest.starts_on, rest.hours) == (date(2027, 2, 10), 24)
    assert not TeamMember.objects.filter(person=pse).exists()
    assert TeamMember.objects.get(person=ben).hours == 24


def test_r6_days_that_are_full_are_named_and_nothing_is_handed_over(
    member, booking, pse, ben
):
    booked(ben, startable(), hold=Hold.HARD, days=workdays(NEXT_WEEK, 2), now=NOW)

    with pytest.raises(RuleRefused) as refused:
        over(member, ben)
    assert "Mon 8 Feb 2027: 0 of 8 hours are free" in refused.value.reasons[0].sentence
    assert TeamMember.objects.get(pk=member.pk).person == pse
    assert not Event.objects.filter(verb="role-handed-over").exists()


def test_r6_days_that_are_full_stay_open_as_unnamed_where_asked(member, booking, ben):
    booked(ben, startable(), hold=Hold.HARD, days=workdays(NEXT_WEEK, 2), now=NOW)

    over(member, ben, leaves_open=True)
    booking.refresh_from_db()
    assert (booking.person, booking.hold, booking.hours) == (None, Hold.HARD, 40)
    assert "instead of" in booking.unnamed
    assert TeamMember.objects.get(pk=member.pk).person == ben


def test_r2_a_gate_that_has_closed_refuses_the_next_person(member, booking, ben):
    member.engagement.conditions.update(met_on=None)

    with pytest.raises(RuleRefused) as refused:
        over(member, ben, leaves_open=True)
    assert set(codes(refused)) == {"customer_signature", "billing_terms"}


def test_the_page_asks_what_becomes_of_days_that_do_not_fit(
    client, member, booking, coordinator, ben
):
    client.force_login(coordinator)
    text = client.get(url_of(member, "handover")).content.decode()
    assert "Mon 8 Feb 2027 – Fri 12 Feb 2027 · 40 hours" in text
    assert "leave them open, as an unnamed resource" in text

    typed = {"person": ben.pk, "reason": "On leave"}
    response = client.post(url_of(member, "handover"), typed | {"unfit": "moon"})
    assert response.status_code == 422
    response = client.post(url_of(member, "handover"), typed | {"unfit": "open"})
    assert response.status_code == 302
    assert Allocation.objects.get().person == ben


def test_who_may_not_book_hands_over_once_the_bookings_were_moved(
    client, member, booking, pm, ben
):
    client.force_login(pm)
    typed = {"person": ben.pk, "reason": "On leave"}

    response = client.post(url_of(member, "handover"), typed)
    assert response.status_code == 422
    assert "ask for the change first" in response.content.decode()
    Allocation.objects.all().update(state="released")
    assert client.post(url_of(member, "handover"), typed).status_code == 302


def test_the_soft_days_of_a_handover_keep_their_end(consulting, pse, ben):
    consulting.opportunity_stage, consulting.forecast_category = 5, "commit"
    consulting.save()
    soft = booked(pse, consulting, days=workdays(NEXT_WEEK), now=NOW)
    ends = soft.expires_at

    over(TeamMember.objects.get(person=pse), ben, now=NOW + timedelta(days=3))
    soft.refresh_from_db()
    assert (soft.person, soft.expires_at) == (ben, ends)


@pytest.mark.parametrize(
    ("role", "books"), [(Role.COORDINATOR, True), (Role.PM, False)]
)
def test_the_form_leads_to_the_schedule(
    client, consulting, coordinator, pm, role, books
):
    client.force_login(coordinator if role == Role.COORDINATOR else pm)

    url = reverse("engagements:team-member-add", args=[consulting.pk])
    text = client.get(url).content.decode()
    asking = f"{reverse('scheduling:request-add')}?kind=engagement&amp;"
    booking = f"{reverse('scheduling:allocation-add')}?engagement={consulting.pk}"
    assert f"{asking}engagement={consulting.pk}" in text
    assert (booking in text) is books


def test_who_is_booked_gets_the_steps_of_the_role_and_sees_the_work(
    client, consulting, pse
):
    open_gate(consulting)
    client.force_login(pse)
    assert client.get(consulting.get_absolute_url()).status_code == 404
    held = Step.objects.open().filter(engagement=consulting, owner_role="pse")
    assert not held.filter(assignee=pse).exists()

    booked(pse, consulting, hold=Hold.HARD, days=workdays(NEXT_WEEK), now=NOW)
    assert held.exists()
    assert set(held.values_list("assignee", flat=True)) == {pse.pk}
    assert client.get(consulting.get_absolute_url()).status_code == 200


def test_r5_who_starts_within_ten_business_days_reads_first(consulting, pse, ben):
    meet(consulting)
    booked(pse, consulting, hold=Hold.HARD, days=workdays(NEXT_WEEK, 1), now=NOW)
    month_later = NEXT_WEEK + timedelta(days=28)
    later = booked(
        ben, consulting, hold=Hold.HARD, days=workdays(month_later, 1), now=NOW
    )

    def first():
        readers = state_without_record(consulting).readers
        return {one.person for one in readers if one.is_first} & {pse, ben}

    assert first() == {pse}
    sooner = wanted(
        ben, consulting, hold=Hold.HARD, days=workdays(NEXT_WEEK + timedelta(days=3), 1)
    )
    change(later, sooner, Change(reason="Sooner"), by=None, now=NOW)
    assert first() == {pse, ben}
