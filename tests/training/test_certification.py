"""R-13: a submission is reviewed and released within 168 hours, once."""

from datetime import UTC, datetime, timedelta

import pytest

from psdelivery.history.models import Event
from psdelivery.people.register import portal_settings
from psdelivery.people.services.settings import change_setting
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import (
    complete_step,
    reopen_step,
    set_aside_step,
)
from psdelivery.registry import RuleRefused
from tests.factories.people import CustomerFactory, UserFactory
from tests.factories.training import (
    NOW,
    local,
    make_engagement,
    plan_class,
    release,
    submit,
)
from training.certification_queries import waiting_submissions
from training.choices import Result
from training.models import Delivery, Submission
from training.rules.certification import reasons_against_release
from training.services.deliveries import change_trainer, plan_delivery
from training.services.submissions import (
    MARK_SETTING,
    assign_reviewer,
    restore_submission,
    withdraw_submission,
)

pytestmark = pytest.mark.django_db

NEW_YORK = "America/New_York"


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def review_of(submission):
    return Step.objects.get(checklist=submission.checklist_id)


def test_r13_review_is_due_168_hours_after_submission_across_a_clock_change(
    shipped, coordinator
):
    customer = CustomerFactory(zone=NEW_YORK, country="US")
    engagement = make_engagement(customer=customer)
    day = datetime(2027, 3, 2, tzinfo=UTC).date()
    delivery = Delivery(
        engagement=engagement,
        course=plan_class(engagement).course,
        title="Git",
        with_certification=True,
    )
    plan_delivery(delivery, [local(day, zone=NEW_YORK).moments], by=None, now=NOW)
    # Wed 10 March 10:00 New York; clocks change on the 14th.
    handed_in = datetime(2027, 3, 10, 15, 0, tzinfo=UTC)

    review = review_of(submit(delivery, at=handed_in))

    # Wed 17 March 11:00 New York.
    assert review.due_at == datetime(2027, 3, 17, 15, 0, tzinfo=UTC)
    assert review.due_at - handed_in == timedelta(hours=168)
    assert not review.due_is_day
    assert review.due_zone == NEW_YORK


def test_r13_reminders_leave_with_4_2_and_1_days_left(delivery):
    assert review_of(submit(delivery)).reminder_days["owner"] == [4, 2, 1]


def test_r13_the_reviewer_is_the_trainer_of_the_class(delivery, trainer):
    submission = submit(delivery)

    assert submission.reviewer == trainer
    assert review_of(submission).assignee == trainer


def test_r13_a_named_reviewer_owns_the_review(delivery, place):
    other = UserFactory(roles=["pse"], **place)

    submission = submit(delivery, reviewer=other)

    assert review_of(submission).assignee == other


def test_r13_a_review_given_to_somebody_else_keeps_its_deadline(
    delivery, coordinator, trainer, place
):
    submission = submit(delivery)
    other = UserFactory(roles=["pse"], **place)
    due_at = review_of(submission).due_at

    assign_reviewer(submission, other, by=coordinator, reason="away", now=NOW)

    review = review_of(submission)
    assert (review.assignee, review.due_at) == (other, due_at)
    event = Event.objects.get(verb="reviewer-changed")
    assert event.changes["reviewer"] == [{"person": trainer.pk}, {"person": other.pk}]


def test_r13_a_review_without_reviewer_follows_the_trainer(
    engagement, coordinator, trainer
):
    delivery = plan_class(engagement)
    submission = submit(delivery)
    assert review_of(submission).assignee == coordinator

    change_trainer(delivery, trainer, by=coordinator, reason="free", now=NOW)

    assert review_of(submission).assignee == trainer


def test_r13_release_records_the_result_and_ticks_the_review(delivery, trainer):
    submission = release(submit(delivery), 90, by=trainer, note="Well done")

    submission.refresh_from_db()
    assert (submission.result, submission.score) == (Result.PASSED, 90)
    assert submission.released_at == NOW
    review = review_of(submission)
    assert (review.state, review.note) == ("done", "Well done")
    assert review.done_by == trainer


def test_r13_a_result_is_released_once(delivery, trainer):
    submission = submit(delivery)
    release(submission, by=trainer)

    with pytest.raises(RuleRefused) as refusal:
        release(submission, 10, by=trainer)

    assert codes(refusal) == ["released"]
    submission.refresh_from_db()
    assert submission.result == Result.PASSED
    assert Event.objects.filter(verb="result-released").count() == 1


def test_r13_a_review_is_not_ticked_without_its_result(delivery, trainer):
    submission = submit(delivery)

    with pytest.raises(RuleRefused) as refusal:
        complete_step(
            review_of(submission), Completion(note="looked"), by=trainer, now=NOW
        )

    assert codes(refusal) == ["not-released"]
    assert refusal.value.reasons[0].fix_url == submission.get_absolute_url()
    assert review_of(submission).is_open


def test_r13_a_released_review_is_not_opened_again(delivery, trainer):
    submission = release(submit(delivery), by=trainer)

    with pytest.raises(RuleRefused):
        reopen_step(review_of(submission), by=trainer, now=NOW)

    assert review_of(submission).state == "done"


def test_r13_a_released_review_is_not_given_away(delivery, trainer, coordinator):
    submission = release(submit(delivery), by=trainer)

    with pytest.raises(RuleRefused) as refusal:
        assign_reviewer(submission, coordinator, by=coordinator, now=NOW)

    assert codes(refusal) == ["released"]


@pytest.mark.parametrize(
    ("pass_mark", "result"), [(90, Result.PASSED), (91, Result.NOT_PASSED)]
)
def test_r13_the_pass_mark_is_a_setting(delivery, trainer, manager, pass_mark, result):
    assert portal_settings()[MARK_SETTING] == 80
    change_setting(MARK_SETTING, pass_mark, by=manager, now=NOW)

    assert release(submit(delivery), 90, by=trainer).result == result


def test_r13_the_queue_shows_first_what_is_due_first(delivery, trainer):
    late, soon, fresh = (
        submit(delivery, at=NOW - timedelta(hours=hours), now=NOW)
        for hours in (200, 160, 1)
    )
    done = submit(delivery, at=NOW - timedelta(hours=300), now=NOW)
    release(done, by=trainer)

    found = list(waiting_submissions(Submission.objects.all(), NOW))

    assert found == [late, soon, fresh]
    assert found[1].due_at == NOW + timedelta(hours=8)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (NOW + timedelta(minutes=1), "in-the-future"),
        (NOW - timedelta(days=367), "long-ago"),
    ],
)
def test_a_submission_has_a_believable_moment(delivery, at, code):
    with pytest.raises(RuleRefused) as refusal:
        submit(delivery, at=at, now=NOW)

    assert codes(refusal) == [code]
    assert not Submission.objects.exists()


def test_a_class_without_certification_takes_no_submission(engagement):
    delivery = plan_class(engagement, with_certification=False)

    with pytest.raises(RuleRefused) as refusal:
        submit(delivery)

    assert codes(refusal) == ["no-certification"]


def test_a_submission_is_entered_once(delivery):
    same = {"attendee_name": "Ada", "attendee_email": "ada@customer.example"}
    submit(delivery, **same)

    with pytest.raises(RuleRefused) as refusal:
        submit(delivery, **same | {"attendee_email": "Ada@Customer.example"})

    assert codes(refusal) == ["double"]
    assert Submission.objects.count() == 1
    assert Event.objects.filter(verb="submission-entered").count() == 1


def test_nothing_stands_against_the_first_release(delivery):
    assert reasons_against_release(submit(delivery)) == []


def test_the_attendee_is_not_named_in_the_history(delivery):
    submit(delivery, attendee_name="Ada Lovelace", now=NOW)

    event = Event.objects.get(verb="submission-entered")
    assert event.subject_label == f"Submission {event.subject_id} ({delivery})"
    assert "Ada" not in str(event.changes)


def test_what_was_entered_by_mistake_is_withdrawn(delivery, coordinator):
    submission = submit(delivery)

    withdraw_submission(submission, by=coordinator, reason="A test", now=NOW)

    submission.refresh_from_db()
    assert submission.result == Result.WITHDRAWN
    assert not waiting_submissions(Submission.objects.all(), NOW)
    review = review_of(submission)
    assert (review.state, review.note) == ("not_applicable", "A test")
    assert Event.objects.get(verb="submission-withdrawn").reason == "A test"


def test_a_withdrawn_submission_comes_back_with_its_deadline(delivery, coordinator):
    submission = submit(delivery)
    due_at = review_of(submission).due_at
    withdraw_submission(submission, by=coordinator, reason="A test", now=NOW)

    restore_submission(submission, by=coordinator, now=NOW)

    review = review_of(submission)
    assert (review.state, review.due_at) == ("open", due_at)
    assert list(waiting_submissions(Submission.objects.all(), NOW)) == [submission]


def test_r13_a_withdrawn_submission_is_not_released(delivery, coordinator, trainer):
    submission = submit(delivery)
    withdraw_submission(submission, by=coordinator, reason="A test", now=NOW)

    with pytest.raises(RuleRefused) as refusal:
        release(submission, by=trainer)

    assert codes(refusal) == ["withdrawn"]


def test_withdrawing_wants_a_reason_and_no_result(delivery, coordinator, trainer):
    submission = submit(delivery)
    with pytest.raises(RuleRefused):
        withdraw_submission(submission, by=coordinator, reason=" ", now=NOW)
    release(submission, by=trainer)

    with pytest.raises(RuleRefused) as refusal:
        withdraw_submission(submission, by=coordinator, reason="Oh", now=NOW)

    assert codes(refusal) == ["released"]


def test_r13_a_review_is_not_set_aside_while_somebody_waits(delivery, trainer):
    submission = submit(delivery)

    with pytest.raises(RuleRefused) as refusal:
        set_aside_step(review_of(submission), by=trainer, reason="busy", now=NOW)

    assert codes(refusal) == ["waits"]
    assert review_of(submission).is_open
