from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole, Role, TimeOffState
from scheduling.choices import AllocationState, Hold, RequestKind, RequestState
from scheduling.models import Allocation, CapacityDay, Partner
from tests.factories.engagements import EngagementFactory, TeamMemberFactory
from tests.factories.people import TimeOffFactory, UserFactory
from tests.factories.playbooks import StepFactory
from tests.factories.scheduling import MONDAY, NOW, asked_for, booked, startable
from tests.scheduling.typed_requests import WEEK, days
from tests.told import news_told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def coordinator(client):
    coordinator = UserFactory(roles=[Role.COORDINATOR])
    client.force_login(coordinator)
    return coordinator


@pytest.fixture
def pse():
    return UserFactory(roles=[Role.PSE])


@pytest.fixture
def asked(coordinator):
    pm = UserFactory(roles=[Role.PM])
    return asked_for(requested_by=pm, hours_per_day=None, hours_total=Decimal(40))


def book_url(asked):
    return reverse("scheduling:request-book", args=[asked.pk])


def order(person=None, **fields):
    typed = {
        "version": "1",
        "who": "person",
        "person": person.pk if person else "",
        "hold": "soft",
        "hours_total": "40",
        "hours_per_day": "",
        **WEEK,
        **fields,
    }
    return {name: value for name, value in typed.items() if value is not None}


def hours_of(booking):
    return dict(booking.days.values_list("day", "hours"))


def test_a_request_is_booked_and_its_requester_told(client, asked, pse):
    answer = client.post(book_url(asked), order(pse, hold="hard"))

    booking = Allocation.objects.get()
    asked.refresh_from_db()
    assert answer.status_code == 302
    assert (booking.request, booking.person, booking.hold) == (asked, pse, Hold.HARD)
    assert hours_of(booking) == {MONDAY + timedelta(days=n): 8 for n in range(5)}
    assert asked.state == RequestState.BOOKED
    (mail,) = news_told("request")
    assert mail.to == [asked.requested_by.email]
    assert asked.engagement.team.get(person=pse).hours == 40


def test_hours_go_where_there_is_room(client, asked, pse):
    booked(pse, hold=Hold.HARD, days={MONDAY: Decimal(6)})

    client.post(book_url(asked), order(pse, hold="hard", hours_total="34"))

    booking = Allocation.objects.get(request=asked)
    assert hours_of(booking)[MONDAY] == 2
    assert booking.hours == 34


def test_r6_a_hard_conflict_is_named_in_words_and_nothing_is_booked(client, asked, pse):
    TimeOffFactory(
        person=pse,
        starts_on=MONDAY,
        ends_on=MONDAY + timedelta(days=2),
        state=TimeOffState.APPROVED,
    )

    answer = client.post(book_url(asked), order(pse, hold="hard"))

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Only 16 of 40 hours fit into these days." in shown
    assert "Mon 15 Mar 2027: away." in shown
    assert not Allocation.objects.exists()
    asked.refresh_from_db()
    assert asked.state == RequestState.SUBMITTED
    assert not CapacityDay.objects.filter(hard__gt=0).exists()


def test_r6_hours_a_day_do_not_go_beyond_the_day(client, asked, pse):
    booked(pse, hold=Hold.HARD, days={MONDAY: Decimal(6)})
    data = order(pse, hold="hard", hours_total="", hours_per_day="8")

    answer = client.post(book_url(asked), data)

    assert answer.status_code == 422
    assert "Mon 15 Mar 2027: 2 of 8 hours are free." in answer.content.decode()
    assert Allocation.objects.count() == 1


def test_r6_soft_may_exceed_and_names_the_others(client, asked, pse):
    other = startable(title="Migration")
    booked(pse, other, hold=Hold.HARD, days={MONDAY: Decimal(6)})
    data = order(pse, hours_total="", hours_per_day="8")

    answer = client.post(book_url(asked), data, follow=True)

    assert Allocation.objects.get(request=asked).hours == 40
    shown = answer.content.decode()
    assert "Mon 15 Mar 2027 has 8 hours, also booked" in shown
    assert "Migration (6 h, hard)" in shown


def test_looking_first_books_nothing(client, asked, pse):
    booked(pse, startable(title="Migration"), days={MONDAY: Decimal(6)})

    answer = client.post(book_url(asked), order(pse, look="1"))

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Migration (6 h, soft)" in shown
    assert not Allocation.objects.filter(request=asked).exists()


def test_a_candidate_of_the_address_is_looked_at_at_once(client, asked, pse):
    shown = client.get(f"{book_url(asked)}?person={pse.pk}")

    assert shown.context["page"].shown.plan.hours == 40


def test_r2_missing_evidence_is_named_with_its_link(client, coordinator, pse):
    asked = asked_for(EngagementFactory())

    answer = client.post(book_url(asked), order(pse, hold="hard"))

    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "The customer&#x27;s signature is not on file." in shown
    evidence = [asked.engagement.pk, "customer_signature"]
    assert reverse("engagements:engagement-condition", args=evidence) in shown
    assert not Allocation.objects.exists()


def test_r2_soft_before_stage_five_is_refused(client, coordinator, pse):
    asked = asked_for(EngagementFactory(opportunity_stage=3))

    answer = client.post(book_url(asked), order(pse))

    assert answer.status_code == 422
    assert "Soft holds start at opportunity stage 5" in answer.content.decode()


def test_the_second_of_two_coordinators_gets_409_and_books_nothing(
    client, asked, coordinator, pse
):
    client.post(book_url(asked), order(pse))
    client.force_login(UserFactory(roles=[Role.COORDINATOR]))

    answer = client.post(book_url(asked), order(pse))

    assert answer.status_code == 409
    assert Allocation.objects.count() == 1


def test_a_request_that_changed_meanwhile_is_looked_at_first(client, asked, pse):
    asked.version = 2
    asked.save()

    answer = client.post(book_url(asked), order(pse))

    assert answer.status_code == 409
    assert not Allocation.objects.exists()


def test_handling_one_brings_up_the_next(client, asked, pse):
    following = asked_for()

    answer = client.post(book_url(asked), order(pse))

    assert answer.url == following.get_absolute_url()


PARTNER = {
    "who": "partner",
    "company": "Nordwind",
    "authorisation_url": "https://sign.example.com/wa/7",
    "amount": "9000.50",
    "currency": "EUR",
    "ends_on": "2027-06-30",
}


def test_a_partner_is_booked_with_its_terms(client, asked):
    client.post(book_url(asked), order(**PARTNER))

    booking = Allocation.objects.get()
    assert booking.person is None
    assert booking.unnamed == "Consultant of Nordwind"
    assert booking.partner.amount == Decimal("9000.50")
    money = Event.objects.get(verb="partner-agreed")
    assert money.is_money
    # Coordinators see no money afterwards either.
    shown = client.get(booking.get_absolute_url()).content.decode()
    assert "Nordwind" in shown
    assert "9000" not in shown


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"company": ""}, "A partner needs this."),
        ({"amount": "-1"}, "greater than or equal to 0"),
        ({"currency": "euro"}, "Three capital letters"),
        ({"authorisation_url": "javascript:alert(1)"}, "https"),
    ],
)
def test_a_partner_without_terms_is_refused(client, asked, change, words):
    answer = client.post(book_url(asked), order(**{**PARTNER, **change}))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Partner.objects.exists()


def test_unnamed_demand_takes_working_days(client, asked):
    two_weeks = days((MONDAY, "2027-03-28"))

    client.post(
        book_url(asked), order(who="unnamed", unnamed="PSE, GitLab CI", **two_weeks)
    )

    booking = Allocation.objects.get()
    assert booking.who == "PSE, GitLab CI"
    assert booking.hours == 40
    # Good Friday is none.
    assert booking.days.count() == 9


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"person": ""}, "Say who."),
        ({"hours_total": "", "hours_per_day": "25"}, "A day has up to 24 hours."),
        ({"hours_total": "0"}, "Hours are more than zero."),
        ({"hours_total": ""}, "Say hours a day or in total"),
        (days((MONDAY, "2027-03-10")), "The last day lies before the first."),
        (days(("2027-03-20", "2027-03-21")), "Nobody works on these days"),
        (days(), "Say on which days."),
        (days((MONDAY, "2037-03-10")), "two years at most"),
    ],
)
def test_bad_input_is_told_and_nothing_half_booked(client, asked, pse, change, words):
    answer = client.post(book_url(asked), order(pse) | change)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Allocation.objects.exists()
    asked.refresh_from_db()
    assert asked.state == RequestState.SUBMITTED


def test_somebody_who_left_is_not_on_offer(client, asked):
    gone = UserFactory(is_active=False)

    assert client.post(book_url(asked), order(gone)).status_code == 422


def test_booking_without_a_request_wants_its_reason(client, coordinator, pse):
    engagement = startable()
    url = f"{reverse('scheduling:allocation-add')}?engagement={engagement.pk}"
    data = order(pse, role="pse", version=None)

    assert "Say why" not in client.get(url).content.decode()
    assert client.post(url, data).status_code == 422
    assert not Allocation.objects.exists()
    answer = client.post(url, data | {"reason": "Agreed on the phone."})

    booking = Allocation.objects.get()
    assert answer.url == booking.get_absolute_url()
    event = Event.objects.get(verb="allocation-placed")
    assert event.reason == "Agreed on the phone."


def test_engagements_to_book_on_are_found(client, coordinator):
    engagement = startable(title="Findable")
    add = reverse("scheduling:allocation-add")

    assert f"engagement={engagement.pk}" in client.get(add).content.decode()
    assert "No engagement found" in client.get(f"{add}?q=zzz").content.decode()


def edit_url(booking):
    return reverse("scheduling:allocation-edit", args=[booking.pk])


def changed(booking, **fields):
    last = booking.ends_on.isoformat()
    return {
        "version": booking.version,
        "role": booking.role,
        "who": "person",
        "person": booking.person.pk,
        "hold": booking.hold,
        "hours_total": f"{booking.hours}",
        "cause": "customer",
        "reason": "They asked for it.",
        **days((booking.starts_on.isoformat(), last)),
        **fields,
    }


def test_a_coordinator_changes_a_booking_with_cause_and_reason(client, coordinator):
    booking = booked()
    later = days(("2027-03-22", "2027-03-26"))

    answer = client.post(edit_url(booking), changed(booking, **later))

    booking.refresh_from_db()
    assert answer.url == booking.get_absolute_url()
    assert booking.starts_on == date(2027, 3, 22)
    assert booking.cause == "customer"
    assert (
        client.post(edit_url(booking), changed(booking, reason="")).status_code == 422
    )


def test_days_stay_as_they_are_when_only_the_hold_changes(client, coordinator):
    odd = {MONDAY: Decimal(3), MONDAY + timedelta(days=2): Decimal("5.5")}
    booking = booked(days=odd)

    client.post(edit_url(booking), changed(booking, hold="hard"))

    booking.refresh_from_db()
    assert booking.hold == Hold.HARD
    assert hours_of(booking) == odd


def test_a_stale_form_is_refused_with_who_changed_it(client, coordinator):
    booking = booked()
    seen = changed(booking, hold="hard")
    other = UserFactory(roles=[Role.COORDINATOR])
    client.force_login(other)
    client.post(edit_url(booking), changed(booking, hours_total="30"))
    client.force_login(coordinator)

    answer = client.post(edit_url(booking), seen)

    assert answer.status_code == 409
    assert other.display_name in answer.content.decode()
    booking.refresh_from_db()
    assert booking.hold == Hold.SOFT


def test_a_booking_is_released_from_a_day_on(client, coordinator):
    booking = booked()
    url = reverse("scheduling:allocation-release", args=[booking.pk])
    data = {"version": booking.version, "cause": "us", "reason": "Done early."}

    assert client.post(url, {"version": 1}).status_code == 422
    client.post(url, data | {"from_day": "2027-03-18"})
    booking.refresh_from_db()
    assert (booking.state, booking.hours) == (AllocationState.ACTIVE, 24)
    client.post(url, data | {"version": booking.version})
    booking.refresh_from_db()
    assert booking.state == AllocationState.RELEASED
    assert client.get(url).status_code == 409


def about(booking, kind, **fields):
    return asked_for(
        booking.engagement, kind=kind, allocation=booking, cause="customer", **fields
    )


def test_a_change_that_was_asked_for_is_carried_out(client, coordinator):
    booking = booked()
    asked = about(
        booking,
        RequestKind.CHANGE,
        hours_per_day=None,
        hours_total=Decimal(20),
        days=[(date(2027, 3, 22), date(2027, 3, 26))],
        note="A week later",
    )
    shown = client.get(book_url(asked)).content.decode()
    assert 'value="2027-03-22"' in shown
    data = changed(booking, hours_total="20", version="1") | days(
        ("2027-03-22", "2027-03-26")
    )

    client.post(book_url(asked), data)

    booking.refresh_from_db()
    asked.refresh_from_db()
    assert booking.starts_on == date(2027, 3, 22)
    assert asked.state == RequestState.BOOKED


def test_a_release_that_was_asked_for_is_carried_out(client, coordinator):
    booking = booked()
    asked = about(booking, RequestKind.RELEASE, hours_per_day=None, days=[])
    data = {"version": "1", "cause": "us", "reason": "Done early.", "from_day": ""}

    client.post(book_url(asked), data)

    booking.refresh_from_db()
    asked.refresh_from_db()
    assert booking.state == AllocationState.RELEASED
    assert asked.state == RequestState.BOOKED


def test_a_booking_that_ended_meanwhile_is_not_changed(client, coordinator):
    booking = booked()
    asked = about(booking, RequestKind.CHANGE)
    Allocation.objects.update(state=AllocationState.RELEASED)

    assert client.get(book_url(asked)).status_code == 409


def test_who_may_only_ask_does_not_book(client, asked):
    pm = UserFactory(roles=[Role.PM])
    TeamMemberFactory(engagement=asked.engagement, role=EngagementRole.PM, person=pm)
    client.force_login(pm)

    assert client.get(book_url(asked)).status_code == 403


def test_a_change_shows_before_and_after_and_what_goes_with_it(client, coordinator):
    booking = booked(UserFactory(first_name="Pia", roles=[Role.PSE]))
    step = StepFactory(
        title="Bring the runner",
        engagement=booking.engagement,
        assignee=booking.person,
        pool=None,
        due_at=NOW + timedelta(days=15),
        due_day=date(2027, 3, 16),
    )
    asked = about(
        booking,
        RequestKind.CHANGE,
        person=booking.person,
        hours_per_day=None,
        hours_total=Decimal(40),
        days=[(date(2027, 3, 22), date(2027, 3, 26))],
    )

    for address in (asked.get_absolute_url(), book_url(asked)):
        shown = client.get(address).content.decode()
        assert "<strong>Mon 22 Mar 2027 – Fri 26 Mar 2027</strong>" in shown
        assert step.title in shown


def test_an_inquiry_is_booked_softly_without_an_engagement(client, coordinator, pse):
    pm = UserFactory(roles=[Role.PM])
    inquiry = asked_for(
        requested_by=pm, kind=RequestKind.PLANNING, about="Migration for Acme"
    )

    client.post(book_url(inquiry), order(pse))

    booking = Allocation.objects.get()
    assert (booking.engagement, booking.hours) == (None, 40)
    assert client.get(booking.get_absolute_url()).status_code == 200
    # Who asked for it may ask for its change.
    client.force_login(pm)
    add = reverse("scheduling:request-add")
    url = f"{add}?kind=release&allocation={booking.pk}"
    data = {"send": "1", "cause": "customer", "note": "Not any more.", **days()}
    assert client.post(url, data).status_code == 302
    # What they are booked for stands on My day, with its words.
    client.force_login(pse)
    assert "Migration for Acme" in client.get("/").content.decode()
