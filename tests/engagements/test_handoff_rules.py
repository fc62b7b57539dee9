from datetime import date
from types import SimpleNamespace

import pytest

from engagements.choices import Kind, PaperKind
from engagements.models import Engagement, HandoffQuestion, TeamMember
from engagements.rules.handoff import (
    WANTED,
    HandoffState,
    Outcome,
    Reader,
    due_day_of_reader,
    first_day_of_work,
    is_among_the_first,
    is_kickoff,
    missing_parts,
    readers_of,
    reasons_against_done,
    reasons_against_early,
    reasons_against_holding,
    reasons_against_kickoff,
    reasons_against_written,
)
from engagements.rules.questions import (
    reasons_against_answering,
    reasons_against_question,
    reasons_against_turning,
)
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step

pytestmark = pytest.mark.unit

MONDAY = date(2027, 3, 1)
FULL = {key: "Words." for key in WANTED if key != "outcomes"}
OUTCOME = Outcome("Faster", "Days from 30 to 5")


def person(pk, **fields):
    return User(pk=pk, username=f"p{pk}", first_name=f"P{pk}", country="DE", **fields)


def member(pk, role="pse", hours=40, first_day=MONDAY, **fields):
    return TeamMember(
        pk=pk, role=role, person=person(pk, **fields), hours=hours, first_day=first_day
    )


def reader(pk=1, *, is_first=True, is_lead=False, read=False, first_day=MONDAY):
    return Reader(person(pk), is_first, is_lead, first_day, has_acknowledged=read)


def whole(**changes):
    state = {
        "url": "/h/",
        "held_on": MONDAY,
        "readers": [reader(1, is_lead=True, read=True)],
    }
    return HandoffState(**{**state, **changes})


def codes(reasons):
    return [reason.code for reason in reasons]


def test_r5_done_is_held_filled_settled_and_read():
    assert reasons_against_done(whole()) == []


@pytest.mark.parametrize("part", list(WANTED))
def test_r5_each_part_of_the_record_is_wanted(part):
    (reason,) = reasons_against_done(whole(missing=[part]))

    assert reason.code == part
    assert reason.fix_url == f"/h/#live-{part}"


def test_r5_goals_state_outcomes_and_scope_are_filled():
    assert missing_parts(FULL, [OUTCOME]) == []
    assert missing_parts({}, []) == list(WANTED)
    assert missing_parts(FULL | {"goals": " \n"}, [OUTCOME]) == ["goals"]


@pytest.mark.parametrize(
    "outcomes",
    [[], [Outcome("", "")], [Outcome("Faster", "")], [OUTCOME, Outcome("", "5 days")]],
)
def test_r5_each_outcome_has_a_measure(outcomes):
    assert missing_parts(FULL, outcomes) == ["outcomes"]


def test_r5_an_empty_card_beside_a_whole_outcome_does_no_harm():
    assert missing_parts(FULL, [OUTCOME, Outcome("", "")]) == []


def test_r5_an_open_question_is_named_with_who_is_asked():
    question = HandoffQuestion(pk=7, text="Which\nversion?", owner=person(3))

    (reason,) = reasons_against_done(whole(open_questions=[question]))

    assert "Which version?" in reason.sentence
    assert "P3" in reason.sentence
    assert reason.fix_url == "/h/#question-7"


def test_r5_not_held_is_a_reason_unless_it_is_written():
    assert codes(reasons_against_done(whole(held_on=None))) == ["not-held"]
    assert reasons_against_done(whole(held_on=None, is_written=True)) == []


def test_r5_who_has_not_acknowledged_is_named():
    readers = [
        reader(1, is_lead=True, read=True),
        reader(2),
        reader(3, is_first=False),
    ]

    (reason,) = reasons_against_done(whole(readers=readers))

    assert reason.sentence == "P2 has not acknowledged the handoff."


def test_r5_without_a_lead_nobody_can_have_acknowledged():
    (reason,) = reasons_against_done(whole(readers=[], team_url="/team/add/"))

    assert (reason.code, reason.fix_url) == ("lead", "/team/add/")


def test_r5_kickoff_waits_for_the_handoff():
    open_state = whole(held_on=None)

    found = reasons_against_kickoff(open_state, is_done=False, early_reason="")
    assert codes(found) == ["not-held"]
    assert reasons_against_kickoff(whole(), is_done=False, early_reason="") == []


def test_r5_once_done_a_later_member_does_not_reopen_it():
    late = whole(readers=[reader(1, is_lead=True, read=True), reader(9)])

    assert reasons_against_kickoff(late, is_done=True, early_reason="") == []


def test_r5_the_lead_may_put_the_kickoff_first_with_a_reason():
    open_state = whole(held_on=None)

    assert not reasons_against_kickoff(
        open_state, is_done=False, early_reason="They fly in on Monday."
    )
    assert reasons_against_kickoff(open_state, is_done=False, early_reason="  ")


@pytest.mark.parametrize(
    ("is_lead", "reason", "found"),
    [
        (True, "They fly in.", []),
        (False, "They fly in.", ["not-lead"]),
        (True, " ", ["reason-missing"]),
        (False, "", ["not-lead", "reason-missing"]),
    ],
)
def test_r5_only_the_lead_says_why_the_kickoff_comes_first(is_lead, reason, found):
    assert codes(reasons_against_early(is_lead=is_lead, reason=reason)) == found


@pytest.mark.parametrize(
    ("first_day", "is_first"),
    [
        (date(2027, 2, 22), True),
        (MONDAY, True),
        # The tenth business day from Monday 1 March is Friday 12 March.
        (date(2027, 3, 12), True),
        (date(2027, 3, 15), False),
        (None, True),
    ],
)
def test_r5_first_are_those_with_hours_in_the_first_ten_business_days(
    first_day, is_first
):
    assert is_among_the_first(member(1, first_day=first_day), MONDAY) is is_first


def test_r5_the_first_days_are_counted_on_the_own_calendar():
    # Mon 8 March is a holiday in Berlin, so there the tenth day is one later.
    berlin = member(1, first_day=date(2027, 3, 15), subdivision="BE")

    assert is_among_the_first(berlin, MONDAY)


def test_r5_the_number_of_first_days_is_a_setting():
    one = member(1, first_day=date(2027, 3, 3))

    assert is_among_the_first(one, MONDAY, first_days=3)
    assert not is_among_the_first(one, MONDAY, first_days=2)


def test_r5_who_has_no_hours_is_not_among_the_first():
    assert not is_among_the_first(member(1, hours=None), MONDAY)


def test_r5_readers_are_the_lead_and_everyone_with_hours():
    engagement = Engagement(kind=Kind.CONSULTING, wished_start=MONDAY)
    team = [
        member(1, role="pse"),
        member(2, role="pm", hours=None, first_day=None),
        member(3, role="sal", hours=None),
        member(4, role="pse", first_day=date(2027, 4, 1)),
        member(5, role="pse", is_active=False),
        TeamMember(role="sa", none_reason="None"),
    ]

    readers = readers_of(engagement, team, acknowledged={1})

    assert [(one.person.pk, one.is_first, one.is_lead) for one in readers] == [
        (2, True, True),
        (1, True, False),
        (4, False, False),
    ]
    assert [one.has_acknowledged for one in readers] == [False, True, False]


def test_r5_the_lead_of_training_is_the_coordinator():
    engagement = Engagement(kind=Kind.TRAINING, wished_start=MONDAY)

    readers = readers_of(engagement, [member(1, role="tc")], acknowledged=())

    assert [one.is_lead for one in readers] == [True]


def test_r5_who_holds_two_roles_is_asked_once_by_the_earlier_day():
    engagement = Engagement(kind=Kind.CONSULTING, wished_start=MONDAY)
    late, early = member(1, first_day=date(2027, 5, 3)), member(1, role="trainer")

    (found,) = readers_of(engagement, [late, early], acknowledged=())

    assert (found.is_first, found.first_day) == (True, MONDAY)


def test_the_work_begins_as_planned_or_as_first_booked():
    assert first_day_of_work(None, []) is None
    assert first_day_of_work(date(2027, 3, 8), [member(1)]) == MONDAY
    assert first_day_of_work(MONDAY, [member(1, first_day=None)]) == MONDAY
    assert first_day_of_work(None, [member(1, hours=None)]) is None


@pytest.mark.parametrize(
    ("one", "due"),
    [
        (reader(is_first=True), date(2027, 3, 10)),
        # Starts on a Monday: reads it until the Friday before.
        (reader(is_first=False, first_day=date(2027, 4, 12)), date(2027, 4, 9)),
        (reader(is_first=False, first_day=date(2027, 4, 14)), date(2027, 4, 13)),
        (reader(is_first=False, first_day=date(2027, 2, 1)), MONDAY),
    ],
)
def test_r5_others_acknowledge_before_their_first_booked_day(one, due):
    found = due_day_of_reader(one, handoff_due=date(2027, 3, 10), today=MONDAY)

    assert found == due


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("paper", PaperKind)
def test_r5_written_is_enough_for_training_by_order_form_only(kind, paper):
    is_enough = kind == Kind.TRAINING and paper == PaperKind.ORDER_FORM

    assert (reasons_against_written(kind, paper) == []) is is_enough


def test_r5_a_handoff_is_not_held_tomorrow():
    assert reasons_against_holding(MONDAY, today=MONDAY) == []
    assert reasons_against_holding(date(2027, 3, 2), today=MONDAY)


@pytest.mark.parametrize(
    ("kind", "key", "is_one"),
    [
        (Kind.CONSULTING, "kickoff-held", True),
        (Kind.BLENDED, "kickoff-held", True),
        (Kind.DEDICATED, "first-day", True),
        (Kind.TRAINING, "event-plan-completed", True),
        (Kind.BLENDED, "event-plan-completed", False),
        (Kind.CONSULTING, "kickoff-prepared", False),
        (Kind.INTERNAL, "kickoff-held", False),
    ],
)
def test_r5_which_step_is_the_kickoff(kind, key, is_one):
    assert is_kickoff(kind, Step(key=key)) is is_one


def test_a_question_has_words_and_its_answer_too():
    question = HandoffQuestion(text="Which version?")

    assert codes(reasons_against_question(" ")) == ["question-missing"]
    assert reasons_against_question("Which?") == []
    assert codes(reasons_against_answering(question, " ", "")) == ["answer-missing"]
    assert reasons_against_answering(question, "17", "") == []


def test_an_answer_that_was_not_seen_is_not_overwritten():
    question = HandoffQuestion(text="Which?", answer="17", answered_by=person(2))

    (reason,) = reasons_against_answering(question, "18", "")
    assert "P2" in reason.sentence
    assert "17" in reason.sentence
    assert reasons_against_answering(question, "18", "17") == []
    assert reasons_against_turning(question)


def test_what_a_step_has_taken_over_is_answered_there():
    step = SimpleNamespace(pk=3, get_absolute_url=lambda: "/steps/3/")
    question = HandoffQuestion(text="Which?", step_id=3)
    question._state.fields_cache["step"] = step

    (reason,) = reasons_against_answering(question, "17", "")

    assert (reason.code, reason.fix_url) == ("is-step", "/steps/3/")
