"""A trainer is ill: who is certified for the class is proposed first (section 5)."""

from datetime import timedelta

import pytest

from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole, Role, TimeOffKind
from psdelivery.people.rules.time_off import TimeOffDraft
from psdelivery.people.services import enter_time_off
from psdelivery.playbooks.models import Step
from scheduling.choices import Hold
from scheduling.models import ConflictCase
from scheduling.services.resolving import taken_by
from scheduling.services.standing_in import stand_in
from scheduling.stand_ins import stand_ins_for
from tests.factories.engagements import open_gate
from tests.factories.people import ContactFactory, UserFactory
from tests.factories.scheduling import booked
from tests.factories.shipped import ship_mails
from tests.factories.training import (
    FIRST_DAY,
    NOW,
    CertificationFactory,
    CourseFactory,
    certified,
    plan_class,
)
from training.choices import StepKey

pytestmark = pytest.mark.django_db

DAYS = dict.fromkeys([FIRST_DAY, FIRST_DAY + timedelta(days=1)], 4)


@pytest.fixture
def course(db):
    return CourseFactory(title="Git Basics")


@pytest.fixture
def case(engagement, trainer, course):
    """Who trains a class on two days of April is ill on both."""
    ship_mails()
    open_gate(engagement)
    engagement.main_contact = ContactFactory(customer=engagement.customer)
    engagement.save()
    plan_class(engagement, course=course, trainer=trainer)
    booked(trainer, engagement, hold=Hold.HARD, days=DAYS, role=EngagementRole.TRAINER)
    draft = TimeOffDraft(
        kind=TimeOffKind.SICKNESS,
        starts_on=FIRST_DAY,
        ends_on=FIRST_DAY + timedelta(days=1),
    )
    enter_time_off(trainer, draft, by=None, now=NOW)
    return ConflictCase.objects.get()


def person(name, *roles, **fields):
    return UserFactory(first_name=name, last_name="T", roles=roles, **fields)


def proposed(case):
    return stand_ins_for(case, taken_by(case), NOW)


def test_the_certified_are_proposed_first_whatever_their_trade(case, course):
    person("Abe", Role.TRAINER)
    lea = person("Lea", Role.TRAINER)
    CertificationFactory(person=lea, course=course)
    # An engineer, who is asked only because of the certification.
    certified(person("Zoe", Role.PSE), course)
    certified(person("Eve", Role.TRAINER), course, until=FIRST_DAY - timedelta(days=1))
    person("Pia", Role.PSE)

    found = proposed(case)

    assert [one.name for one in found] == ["Zoe T", "Lea T", "Eve T", "Abe T"]
    assert "Git Basics: certified" in found[0].why
    assert "Git Basics: on the way" in found[1].why
    assert "certification ended" in found[2].why
    assert "Git Basics: not certified" in found[3].why


def test_without_a_class_on_the_days_nothing_is_said_of_certifications(
    case, course, engagement
):
    certified(person("Zoe", Role.PSE), course)
    person("Abe", Role.TRAINER)
    engagement.deliveries.all().delete()

    (only,) = proposed(case)

    assert (only.name, only.fits) == ("Abe T", ())


def test_r14_a_stand_in_who_is_not_certified_teaches_and_the_reason_is_kept(
    case, course, coordinator, engagement
):
    other = person("Abe", Role.TRAINER)

    stand_in(case, other, reason="Ill this morning", by=coordinator, now=NOW)

    delivery = engagement.deliveries.get()
    assert delivery.trainer == other
    event = Event.objects.get(verb="trainer-changed")
    assert event.reason == "Ill this morning"
    assert event.changes["certification"] == [None, "not certified"]
    asked = Step.objects.get(
        checklist=delivery.checklist, key=StepKey.TRAINER_CERTIFIED
    )
    assert (asked.state, asked.assignee) == ("open", other)


def test_r14_a_certified_stand_in_is_not_asked(case, course, coordinator, engagement):
    other = person("Zoe", Role.PSE)
    certified(other, course)

    stand_in(case, other, reason="Ill this morning", by=coordinator, now=NOW)

    delivery = engagement.deliveries.get()
    asked = Step.objects.get(
        checklist=delivery.checklist, key=StepKey.TRAINER_CERTIFIED
    )
    assert (delivery.trainer, asked.state) == (other, "cancelled")


@pytest.mark.parametrize("count", [3, 20])
def test_asking_for_certifications_takes_the_same_queries(
    case, course, count, django_assert_max_num_queries
):
    for _n in range(count):
        certified(UserFactory(roles=[Role.TRAINER]), course)

    with django_assert_max_num_queries(24):
        assert len(proposed(case)) == min(count, 8)
