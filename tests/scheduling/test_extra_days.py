"""An extra day counts once the manager granted it and the person agreed (R-6)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from psdelivery.outbox.models import Message
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.registry import RuleRefused, waiting
from scheduling.choices import ConflictCause, ExtraDayState, Hold
from scheduling.models import CapacityDay, ConflictCase, ExtraDay
from scheduling.rules.extra_days import ExtraDayDraft, reasons_against_asking
from scheduling.services.extra_days import (
    ask_for_extra_day,
    consent_to_extra_day,
    decline_extra_day,
    grant_extra_day,
    take_extra_day_back,
)
from tests.factories.engagements import open_gate, registered
from tests.factories.people import UserFactory
from tests.factories.scheduling import MONDAY, NOW, booked

SATURDAY = MONDAY + timedelta(days=5)


@pytest.fixture
def manager(db):
    return UserFactory(
        first_name="Max", last_name="M", roles=[Role.PRACTICE_MANAGER, Role.LEADERSHIP]
    )


@pytest.fixture
def ann(manager):
    return UserFactory(
        first_name="Ann", last_name="A", roles=[Role.PSE], manager=manager
    )


@pytest.fixture
def engagement(coordinator, shipped):
    return open_gate(registered(team=[(EngagementRole.PC, coordinator)]))


def draft(person, **fields):
    values = {
        "person": person,
        "day": SATURDAY,
        "hours": Decimal(6),
        "kind": "weekend",
        "reason": "Go-live",
    }
    return ExtraDayDraft(**{**values, **fields})


@pytest.fixture
def asked(ann, engagement, coordinator):
    return ask_for_extra_day(draft(ann), engagement=engagement, by=coordinator, now=NOW)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"day": date(2027, 2, 28)}, "day"),
        ({"day": date(2227, 2, 28)}, "day"),
        ({"hours": Decimal(0)}, "hours"),
        ({"hours": Decimal(25)}, "hours"),
        ({"hours": Decimal("0.1")}, "hours"),
        ({"reason": " "}, "reason"),
        ({"person": UserFactory.build(is_active=False)}, "left"),
    ],
)
def test_r6_what_an_extra_day_lacks_is_said(fields, code):
    values = {"person": UserFactory.build(), **fields}
    reasons = reasons_against_asking(draft(**values), today=NOW.date())

    assert [reason.code for reason in reasons] == [code]


def test_r6_it_counts_when_both_have_agreed_and_not_before(
    asked, ann, manager, engagement
):
    with pytest.raises(RuleRefused):
        booked(ann, engagement, hold=Hold.HARD, days={SATURDAY: Decimal(6)})
    grant_extra_day(asked, by=manager, now=NOW)
    assert CapacityDay.objects.filter(capacity__gt=0).count() == 0

    consent_to_extra_day(asked, by=ann, now=NOW)

    booked(ann, engagement, hold=Hold.HARD, days={SATURDAY: Decimal(6)})
    row = CapacityDay.objects.get(person=ann, day=SATURDAY)
    assert (row.capacity, row.hard, row.overbooked) == (6, 6, False)


def test_r6_taking_it_back_is_a_fact_that_opens_a_conflict(
    asked, ann, manager, engagement
):
    grant_extra_day(asked, by=manager, now=NOW)
    consent_to_extra_day(asked, by=ann, now=NOW)
    booked(ann, engagement, hold=Hold.HARD, days={SATURDAY: Decimal(6)})

    take_extra_day_back(asked, "Cannot after all", by=ann, now=NOW)

    assert ConflictCase.objects.get().cause == ConflictCause.HOURS


def test_both_are_asked_by_mail_and_on_my_day(asked, ann, manager, coordinator):
    mails = Message.objects.filter(kind="approval")
    assert {mail.to[0] for mail in mails} == {ann.email, manager.email}
    titles = {
        person: [item.title for item in waiting.items_for(person, NOW)]
        for person in (ann, manager, coordinator)
    }
    assert titles[ann] == ["Agree to an extra day: Sat 20 Mar 2027"]
    assert titles[manager] == ["Grant an extra day: Ann A, Sat 20 Mar 2027"]
    assert titles[coordinator] == []


def test_nobody_grants_their_own_and_only_the_person_agrees(asked, ann, manager):
    with pytest.raises(RuleRefused):
        grant_extra_day(asked, by=ann, now=NOW)
    with pytest.raises(RuleRefused):
        consent_to_extra_day(asked, by=manager, now=NOW)


def test_what_was_declined_is_not_granted(asked, ann, manager):
    decline_extra_day(asked, "My birthday", by=ann, now=NOW)

    with pytest.raises(RuleRefused):
        grant_extra_day(asked, by=manager, now=NOW)
    asked.refresh_from_db()
    assert (asked.state, asked.declined_reason) == (
        ExtraDayState.DECLINED,
        "My birthday",
    )


def test_asking_twice_for_a_day_is_refused(asked, ann, engagement, coordinator):
    with pytest.raises(RuleRefused):
        ask_for_extra_day(draft(ann), engagement=engagement, by=coordinator, now=NOW)


def test_the_pages_from_asking_to_agreeing(
    client, ann, manager, coordinator, engagement, at_now
):
    client.force_login(coordinator)
    answer = client.post(
        reverse("scheduling:extra-day-add"),
        {
            "person": ann.pk,
            "engagement": engagement.pk,
            "day": SATURDAY,
            "hours": "6",
            "kind": "weekend",
            "reason": "Go-live",
        },
        follow=True,
    )
    assert "The manager and the person are asked." in answer.text
    extra = ExtraDay.objects.get()
    grant = reverse("scheduling:extra-day-grant", args=[extra.pk])
    assert client.post(grant).status_code == 403

    client.force_login(manager)
    assert "Grant the extra day" in client.get(extra.get_absolute_url()).text
    client.post(grant)
    client.force_login(ann)
    assert "I agree to work on this day" in client.get(extra.get_absolute_url()).text
    client.post(reverse("scheduling:extra-day-consent", args=[extra.pk]))

    extra.refresh_from_db()
    assert extra.state == ExtraDayState.AGREED
    assert client.post(grant).status_code == 403


def test_bad_input_is_told_at_the_field(client, ann, coordinator, engagement, at_now):
    client.force_login(coordinator)
    answer = client.post(
        reverse("scheduling:extra-day-add"),
        {
            "person": ann.pk,
            "engagement": engagement.pk,
            "day": "2027-02-01",
            "hours": "25",
            "kind": "weekend",
            "reason": "Go-live",
        },
    )

    assert answer.status_code == 422
    assert "Choose a day to come." in answer.text
    assert "Say 0.25 to 24 hours, in quarters." in answer.text
    assert 'value="Go-live"' in answer.text
    assert not ExtraDay.objects.exists()


def test_a_stranger_does_not_find_it(client, asked, at_now):
    client.force_login(UserFactory(roles=[Role.PSE]))

    assert client.get(asked.get_absolute_url()).status_code == 404
