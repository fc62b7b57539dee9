"""R-14 as a rule: who is certified on a day, and what is asked of the others."""

from datetime import date, timedelta

import pytest

from tests.factories.people import UserFactory
from training.choices import TrainerState
from training.models import Course, TrainerCertification
from training.rules.trainers import (
    Standing,
    Validity,
    is_certified,
    reasons_against_confirming,
    reasons_against_starting_again,
    reasons_against_withdrawing,
    reasons_without_certifying,
    reasons_without_why,
    standing_of,
    standing_words,
    warnings_of_trainer,
)

pytestmark = pytest.mark.unit

DAY = date(2027, 4, 7)
ONE = timedelta(days=1)
COURSE = Course(pk=1, title="Git Basics")


def entry(state=TrainerState.CERTIFIED, on=date(2026, 1, 5), until=None, **fields):
    person = fields.pop("person", None) or UserFactory.build(pk=1, first_name="Ann")
    return TrainerCertification(
        pk=7,
        person=person,
        course=COURSE,
        state=state,
        certified_on=on,
        expires_on=until,
    )


@pytest.mark.parametrize(
    ("certification", "expected"),
    [
        (None, Standing.NONE),
        (entry(), Standing.CERTIFIED),
        (entry(until=DAY), Standing.CERTIFIED),
        (entry(until=DAY - ONE), Standing.ENDED),
        (entry(on=DAY), Standing.CERTIFIED),
        (entry(on=DAY + ONE), Standing.NONE),
        (entry(TrainerState.LEARNING, on=None), Standing.LEARNING),
        (entry(TrainerState.WITHDRAWN), Standing.WITHDRAWN),
    ],
)
def test_r14_standing_on_the_day_of_the_last_session(certification, expected):
    assert standing_of(certification, DAY) is expected
    assert is_certified(certification, DAY) is (expected is Standing.CERTIFIED)


@pytest.mark.parametrize(
    ("certification", "words"),
    [
        (None, "not certified"),
        (entry(), "certified"),
        (entry(until=DAY), "certified until Wed 7 Apr 2027"),
        (entry(until=DAY - ONE), "certification ended on Tue 6 Apr 2027"),
        (entry(TrainerState.LEARNING, on=None), "on the way"),
        (entry(TrainerState.WITHDRAWN, until=DAY), "withdrawn"),
    ],
)
def test_a_standing_is_told_in_words(certification, words):
    assert standing_words(certification, DAY) == words


def test_r14_a_trainer_who_is_not_certified_is_a_warning_that_names_the_course():
    ann = UserFactory.build(pk=1, first_name="Ann", last_name="A")

    (warning,) = warnings_of_trainer(ann, COURSE, entry(until=DAY - ONE), DAY)

    assert warning.code == "trainer-uncertified"
    assert "Ann A is not certified for Git Basics" in warning.sentence
    assert "Wed 7 Apr 2027" in warning.sentence
    assert "certification ended" in warning.sentence


@pytest.mark.parametrize("trainer", [None, UserFactory.build(pk=1)])
def test_r14_nobody_and_the_certified_are_no_warning(trainer):
    assert warnings_of_trainer(trainer, COURSE, entry(), DAY) == []


@pytest.mark.parametrize(("reason", "asked"), [("", 1), ("  ", 1), ("Only one", 0)])
def test_r14_a_warning_asks_for_a_reason_and_takes_any(reason, asked):
    warnings = warnings_of_trainer(UserFactory.build(pk=1), COURSE, None, DAY)

    reasons = reasons_without_why(warnings, reason)

    assert [one.code for one in reasons] == ["trainer-reason"] * asked


def test_r14_without_a_warning_no_reason_is_asked():
    assert reasons_without_why([], "") == []


@pytest.mark.parametrize(
    ("on", "until", "codes"),
    [
        (DAY, None, []),
        (DAY, DAY, []),
        (DAY - ONE, DAY + ONE, []),
        (DAY + ONE, None, ["certified-future"]),
        (DAY, DAY - ONE, ["certified-order"]),
    ],
)
def test_r14_days_of_a_certification_are_in_order(on, until, codes):
    validity = Validity(certified_on=on, expires_on=until)
    manager = UserFactory.build(pk=2)

    reasons = reasons_against_confirming(entry(), validity, by=manager, today=DAY)

    assert [one.code for one in reasons] == codes


def test_r14_nobody_confirms_themselves_and_no_leaver_is_confirmed():
    ann = UserFactory.build(pk=1, is_active=False)
    validity = Validity(certified_on=DAY)

    reasons = reasons_against_confirming(entry(person=ann), validity, by=ann, today=DAY)

    assert [one.code for one in reasons] == ["own", "left"]


def test_withdrawing_is_done_once_and_by_somebody_else():
    manager, own = UserFactory.build(pk=2), entry()

    assert reasons_against_withdrawing(own, manager) == []
    assert [one.code for one in reasons_against_withdrawing(own, own.person)] == ["own"]
    gone = entry(TrainerState.WITHDRAWN)
    assert [r.code for r in reasons_against_withdrawing(gone, manager)] == ["withdrawn"]


@pytest.mark.parametrize(
    ("certification", "is_refused"),
    [
        (entry(TrainerState.WITHDRAWN), False),
        (entry(until=DAY - ONE), False),
        (entry(until=DAY), True),
        (entry(TrainerState.LEARNING, on=None), True),
    ],
)
def test_only_what_is_over_starts_again(certification, is_refused):
    reasons = reasons_against_starting_again(certification, today=DAY)

    assert bool(reasons) is is_refused


def test_r14_the_last_step_of_the_way_waits_for_the_certification():
    (reason,) = reasons_without_certifying(entry(TrainerState.LEARNING, on=None))

    assert reason.fix_url == entry().get_absolute_url()
    assert reasons_without_certifying(entry()) == []
