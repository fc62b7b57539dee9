"""Certifications of trainers as records: their steps follow, and classes too (R-14)."""

from datetime import date, timedelta

import pytest

from psdelivery.history.models import Event
from psdelivery.people.events import PersonalDataErased
from psdelivery.people.personal_data import personal_data_of
from psdelivery.people.services import edit_person, mark_left
from psdelivery.playbooks.models import Reminder, Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.reminders import scan_reminders
from psdelivery.playbooks.services.steps import (
    complete_step,
    reopen_step,
    set_aside_step,
)
from psdelivery.registry import RuleRefused
from tests.factories.people import UserFactory
from tests.factories.training import (
    FIRST_DAY,
    NOW,
    CourseFactory,
    certified,
    plan_class,
)
from training.choices import StepKey, TrainerState
from training.models import TrainerCertification, TrainerProfile
from training.rules.trainers import Validity
from training.services.certifications import (
    add_certification,
    certify,
    start_again,
    withdraw,
)
from training.services.deliveries import change_trainer, move_delivery
from training.services.trainers import note_account
from training.trainer_reactions import erase_trainer

pytestmark = pytest.mark.django_db

TODAY = date(2027, 2, 1)
YEAR = timedelta(days=365)
WAY = {
    "trainer-request",
    "trainer-materials",
    "trainer-shadow",
    "trainer-end-user-certification",
    "trainer-dry-run",
    "trainer-part-delivery",
    "trainer-whole-delivery",
    "trainer-badge",
}
RENEWAL = {"trainer-renewal-prepared", "trainer-renewal-decided"}


@pytest.fixture
def ann(shipped, trainer, manager):
    trainer.manager = manager
    trainer.save()
    return trainer


@pytest.fixture
def course(db):
    return CourseFactory(title="Git Basics")


@pytest.fixture
def way(ann, course, manager):
    return add_certification(ann, course, by=manager, now=NOW)


def open_keys(entry):
    steps = Step.objects.open().filter(checklist=entry.checklist_id)
    return set(steps.values_list("key", flat=True))


def step(owner, key):
    return Step.objects.get(checklist=owner.checklist_id, key=key)


def until(day):
    return Validity(certified_on=TODAY, expires_on=day)


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def test_the_way_to_a_course_has_its_steps_with_person_and_manager(way, ann, manager):
    assert way.state == TrainerState.LEARNING
    assert open_keys(way) == WAY
    assert step(way, "trainer-request").assignee == manager
    assert step(way, "trainer-shadow").assignee == ann
    part = step(way, "trainer-part-delivery")
    waits = set(part.blockers.values_list("key", flat=True))
    assert waits == {"trainer-shadow", "trainer-dry-run"}
    event = Event.objects.get(verb="trainer-started")
    assert event.changes["trainer"] == [None, {"person": ann.pk}]


def test_a_course_without_certification_asks_for_none_of_the_trainer(ann, manager):
    course = CourseFactory(has_certification=False)

    entry = add_certification(ann, course, by=manager, now=NOW)

    assert open_keys(entry) == WAY - {"trainer-end-user-certification"}


def test_a_person_has_one_entry_for_a_course(way, ann, course, manager):
    with pytest.raises(RuleRefused) as refusal:
        add_certification(ann, course, by=manager, now=NOW)

    assert codes(refusal) == ["double"]
    assert refusal.value.reasons[0].fix_url == way.get_absolute_url()


def test_r14_noting_the_certification_ends_the_way(way, manager):
    certify(way, until(TODAY + YEAR), note="4.6 and 4.8", by=manager, now=NOW)

    way.refresh_from_db()
    assert (way.state, way.certified_on) == (TrainerState.CERTIFIED, TODAY)
    assert (way.confirmed_by, way.confirmed_at) == (manager, NOW)
    assert step(way, StepKey.TRAINER_BADGE).state == "done"
    assert step(way, "trainer-shadow").state == "cancelled"
    assert open_keys(way) == RENEWAL
    event = Event.objects.get(verb="trainer-certified")
    assert event.changes["expires_on"] == [None, "2028-02-01"]


def test_r14_the_last_step_is_not_ticked_without_the_certification(way, manager):
    badge = step(way, StepKey.TRAINER_BADGE)

    with pytest.raises(RuleRefused) as refusal:
        complete_step(badge, Completion(), by=manager, now=NOW)

    assert codes(refusal) == ["not-certified"]
    assert step(way, StepKey.TRAINER_BADGE).is_open


def test_r14_nobody_certifies_themselves(way, ann):
    with pytest.raises(RuleRefused) as refusal:
        certify(way, until(None), by=ann, now=NOW)

    assert codes(refusal) == ["own"]
    way.refresh_from_db()
    assert way.state == TrainerState.LEARNING


def test_what_somebody_has_already_is_entered_at_once(ann, course, manager):
    entry = add_certification(ann, course, validity=until(None), by=manager, now=NOW)

    assert entry.state == TrainerState.CERTIFIED
    assert open_keys(entry) == set()
    assert not Event.objects.filter(verb="trainer-started").exists()
    assert Event.objects.filter(verb="trainer-certified").count() == 1


def test_an_end_reminds_person_and_manager_sixty_days_before(ann, course, manager):
    ends = TODAY + timedelta(days=60)
    validity = Validity(certified_on=TODAY - YEAR, expires_on=ends)
    earlier = NOW - timedelta(days=10)
    entry = add_certification(ann, course, validity=validity, by=manager, now=earlier)
    prepared = step(entry, StepKey.RENEWAL_PREPARED)
    decided = step(entry, StepKey.RENEWAL_DECIDED)

    assert (prepared.assignee, decided.assignee) == (ann, manager)
    assert prepared.due_day == ends - timedelta(days=30)
    assert decided.due_day == ends
    scan_reminders(now=NOW - timedelta(days=1))
    assert not Reminder.objects.exists()
    scan_reminders(now=NOW)
    told = Reminder.objects.values_list("step__key", "rule")
    assert set(told) == {
        (StepKey.RENEWAL_PREPARED, "owner-30"),
        (StepKey.RENEWAL_DECIDED, "owner-60"),
    }


def test_a_renewal_moves_the_end_and_asks_for_the_next_one(ann, course, manager):
    first = TODAY + timedelta(days=40)
    entry = add_certification(ann, course, validity=until(first), by=manager, now=NOW)
    prepared = step(entry, StepKey.RENEWAL_PREPARED)
    complete_step(prepared, Completion(), by=ann, now=NOW)

    certify(entry, until(first + YEAR), by=manager, now=NOW)

    assert open_keys(entry) == RENEWAL
    assert step(entry, StepKey.RENEWAL_DECIDED).due_day == first + YEAR
    again = step(entry, StepKey.RENEWAL_PREPARED)
    assert again.due_day == first + YEAR - timedelta(days=30)
    assert Event.objects.filter(verb="trainer-renewed").count() == 1


def test_a_certification_without_end_any_more_has_no_renewal(ann, course, manager):
    entry = add_certification(
        ann, course, validity=until(TODAY + YEAR), by=manager, now=NOW
    )

    certify(entry, until(None), by=manager, now=NOW)

    assert open_keys(entry) == set()


def test_r14_withdrawing_needs_a_reason_and_ends_the_steps(way, manager):
    with pytest.raises(RuleRefused) as refusal:
        withdraw(way, reason=" ", by=manager, now=NOW)
    assert codes(refusal) == ["reason-missing"]

    withdraw(way, reason="Left the practice", by=manager, now=NOW)

    way.refresh_from_db()
    assert way.state == TrainerState.WITHDRAWN
    assert open_keys(way) == set()
    assert Event.objects.get(verb="trainer-withdrawn").reason == "Left the practice"


def test_a_new_start_opens_what_was_not_done(way, ann, manager):
    complete_step(step(way, "trainer-materials"), Completion(), by=ann, now=NOW)
    withdraw(way, reason="Long leave", by=manager, now=NOW)
    later = NOW + timedelta(days=100)

    start_again(way, by=manager, now=later)

    assert open_keys(way) == WAY - {"trainer-materials"}
    shadow = step(way, "trainer-shadow")
    assert shadow.due_day == later.date() + timedelta(days=30)


def test_an_entry_without_steps_gets_them_with_its_next_change(ann, course, manager):
    entry = certified(ann, course, until=TODAY + YEAR)
    assert entry.checklist is None

    certify(entry, until(TODAY + YEAR), by=manager, now=NOW)

    entry.refresh_from_db()
    assert open_keys(entry) == RENEWAL


def test_another_manager_gets_the_steps_of_the_manager(way, ann, place):
    other = UserFactory(roles=["practice_manager"], **place)

    edit_person(ann, {"manager": other}, by=None, now=NOW)

    assert step(way, "trainer-request").assignee == other


def test_who_leaves_has_no_steps_of_the_way(way, ann):
    mark_left(ann, reason="Moved on", by=None, now=NOW)

    assert open_keys(way) == set()


def test_r14_a_class_asks_only_whoever_is_not_certified(engagement, ann, course):
    certified(ann, course)
    delivery = plan_class(engagement, course=course, trainer=ann)

    keys = set(delivery.checklist.steps.values_list("key", flat=True))
    assert StepKey.TRAINER_CERTIFIED not in keys
    assert StepKey.DEMO_ACCOUNT in keys


def test_r14_a_class_without_a_trainer_asks_nobody(engagement):
    delivery = plan_class(engagement)

    keys = set(delivery.checklist.steps.values_list("key", flat=True))
    assert keys.isdisjoint({StepKey.TRAINER_CERTIFIED, StepKey.DEMO_ACCOUNT})


def test_r14_an_uncertified_trainer_needs_a_reason_and_is_never_refused(
    engagement, ann, course, coordinator
):
    with pytest.raises(RuleRefused) as refusal:
        plan_class(engagement, course=course, trainer=ann, reason="", by=coordinator)
    assert codes(refusal) == ["trainer-reason"]

    plan_class(engagement, course=course, trainer=ann, reason="The only one free")

    event = Event.objects.get(verb="delivery-planned")
    assert event.reason == "The only one free"
    assert event.changes["certification"] == [None, "not certified"]


def test_r14_changing_the_trainer_asks_the_same(engagement, ann, course, coordinator):
    delivery = plan_class(engagement, course=course)
    act = {"by": coordinator, "now": NOW}
    with pytest.raises(RuleRefused) as refusal:
        change_trainer(delivery, ann, **act)
    assert codes(refusal) == ["trainer-reason"]

    change_trainer(delivery, ann, reason="Ill colleague", **act)
    assert step(delivery, StepKey.TRAINER_CERTIFIED).assignee == ann
    # The same person again is no new choice.
    change_trainer(delivery, ann, **act)
    certified(ann, course)
    change_trainer(delivery, None, **act)
    change_trainer(delivery, ann, **act)

    assert step(delivery, StepKey.TRAINER_CERTIFIED).state == "cancelled"


def test_r14_a_certification_takes_the_step_off_the_classes_to_come(
    engagement, ann, course, way, manager
):
    delivery = plan_class(engagement, course=course, trainer=ann)
    assert step(delivery, StepKey.TRAINER_CERTIFIED).is_open

    certify(way, until(FIRST_DAY + YEAR), by=manager, now=NOW)
    assert step(delivery, StepKey.TRAINER_CERTIFIED).state == "cancelled"

    withdraw(way, reason="Complaints", by=manager, now=NOW)
    assert step(delivery, StepKey.TRAINER_CERTIFIED).is_open


def test_r14_a_class_that_moves_past_the_end_asks_again(
    engagement, ann, course, coordinator
):
    certified(ann, course, until=FIRST_DAY + timedelta(days=3))
    delivery = plan_class(engagement, course=course, trainer=ann)
    asked = Step.objects.filter(key=StepKey.TRAINER_CERTIFIED)
    assert not asked.exists()

    move_delivery(delivery, 14, by=coordinator, reason="Holiday", now=NOW)

    assert asked.get().is_open


def test_a_tick_on_the_class_notes_the_trainer_as_on_the_way(engagement, ann, course):
    delivery = plan_class(engagement, course=course, trainer=ann)

    complete_step(
        step(delivery, StepKey.TRAINER_CERTIFIED), Completion(), by=ann, now=NOW
    )

    entry = TrainerCertification.objects.get(person=ann, course=course)
    assert entry.state == TrainerState.LEARNING
    assert open_keys(entry) == WAY


def test_a_tick_leaves_an_entry_as_it_is(engagement, ann, course, way, manager):
    withdraw(way, reason="Complaints", by=manager, now=NOW)
    delivery = plan_class(engagement, course=course, trainer=ann)

    complete_step(
        step(delivery, StepKey.TRAINER_CERTIFIED), Completion(), by=ann, now=NOW
    )

    way.refresh_from_db()
    assert way.state == TrainerState.WITHDRAWN


def test_what_one_trainer_ticked_is_open_for_the_next(
    engagement, ann, course, coordinator, place
):
    delivery = plan_class(engagement, course=course, trainer=ann)
    asked = step(delivery, StepKey.TRAINER_CERTIFIED)
    complete_step(asked, Completion(), by=ann, now=NOW)
    other = UserFactory(roles=["trainer"], **place)

    change_trainer(delivery, other, by=coordinator, reason="Ill", now=NOW)

    asked.refresh_from_db()
    assert (asked.state, asked.assignee) == ("open", other)


def test_r14_a_step_that_comes_back_is_that_of_the_present_trainer(
    engagement, ann, course, coordinator, manager, place
):
    delivery = plan_class(engagement, course=course, trainer=ann)
    other = UserFactory(roles=["trainer"], manager=manager, **place)
    entry = certified(other, course)
    change_trainer(delivery, other, by=coordinator, now=NOW)
    assert step(delivery, StepKey.TRAINER_CERTIFIED).state == "cancelled"

    withdraw(entry, reason="Complaints", by=manager, now=NOW)

    back = step(delivery, StepKey.TRAINER_CERTIFIED)
    assert (back.state, back.assignee) == ("open", other)


def test_the_demo_account_is_confirmed_once_for_all_classes(engagement, ann):
    first = plan_class(engagement, trainer=ann)
    second = plan_class(engagement, trainer=ann, first=FIRST_DAY + timedelta(days=30))
    asked = step(first, StepKey.DEMO_ACCOUNT)

    complete_step(asked, Completion(), by=ann, now=NOW)

    profile = TrainerProfile.objects.get(person=ann)
    assert (profile.has_demo_account, profile.checked_on) == (True, TODAY)
    assert step(second, StepKey.DEMO_ACCOUNT).state == "cancelled"
    third = plan_class(engagement, trainer=ann, first=FIRST_DAY + timedelta(days=60))
    assert not Step.objects.filter(
        checklist=third.checklist, key=StepKey.DEMO_ACCOUNT
    ).exists()

    reopen_step(asked, by=ann, now=NOW)
    assert not TrainerProfile.objects.get(person=ann).has_demo_account
    assert step(second, StepKey.DEMO_ACCOUNT).is_open


def test_the_own_page_takes_the_step_off_the_classes(engagement, ann):
    delivery = plan_class(engagement, trainer=ann)

    note_account(ann, has_account=True, by=ann, now=NOW)
    assert step(delivery, StepKey.DEMO_ACCOUNT).state == "cancelled"
    note_account(ann, has_account=True, by=ann, now=NOW)

    assert Event.objects.filter(verb="demo-account-noted").count() == 1


def test_setting_the_step_aside_notes_nothing(engagement, ann):
    delivery = plan_class(engagement, trainer=ann)

    asked = step(delivery, StepKey.DEMO_ACCOUNT)
    set_aside_step(asked, by=ann, reason="Local labs", now=NOW)

    assert not TrainerProfile.objects.exists()


def test_what_somebody_teaches_is_in_their_copy_and_goes_with_them(way, ann):
    note_account(ann, has_account=True, by=ann, now=NOW)
    told = personal_data_of(ann)
    assert told["trainer_certifications"][0]["course__title"] == "Git Basics"
    assert told["trainer_profile"][0]["has_demo_account"] is True

    publish_erased(ann)

    assert not TrainerCertification.objects.exists()
    assert not TrainerProfile.objects.exists()


def publish_erased(person):
    erase_trainer(
        PersonalDataErased(
            subject=person,
            old_username="ann",
            old_address="ann@example.com",
            old_name="Ann A",
            address="erased@example.invalid",
            by=None,
            at=NOW,
        )
    )
