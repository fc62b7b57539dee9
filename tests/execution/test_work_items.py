import pytest

from engagements.execution.models import OpenQuestion, WorkItem
from engagements.execution.services.open_questions import (
    RiskWanted,
    answer_open_question,
    ask_open_question,
    drop_question,
    turn_into_risk,
)
from engagements.execution.services.work_items import (
    add_item,
    hold_builds_of,
    move_item,
    remove_item,
    save_item,
)
from psdelivery.history.models import Event
from psdelivery.registry import RuleRefused
from tests.execution.work import FULL, make_assumption, make_item, make_question
from tests.factories.engagements import NOW, EngagementFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(db):
    return UserFactory()


def stored(item):
    return WorkItem.objects.get(pk=item.pk)


def saved(item, by, **values):
    return save_item(stored(item), values, seen=item.version, by=by, now=NOW)


def test_an_item_is_added_behind_the_others_with_what_it_rests_on(by):
    engagement = EngagementFactory()
    make_item(engagement, order=4)
    assumption = make_assumption(engagement)

    item = add_item(
        engagement, {"title": "New", "assumptions": [assumption]}, by=by, now=NOW
    )

    assert (item.order, item.state) == (5, "draft")
    assert list(item.assumptions.all()) == [assumption]
    assert Event.objects.get().verb == "work-item-added"


def test_what_somebody_else_saved_is_not_overwritten(by):
    item = make_item()
    saved(item, by, tasks="- [ ] theirs")

    with pytest.raises(RuleRefused, match="a moment ago"):
        saved(item, by, tasks="- [ ] mine")

    assert stored(item).tasks == "- [ ] theirs"


def test_the_history_names_the_parts_and_not_their_text(by):
    item = make_item()

    saved(item, by, title="Other", tasks="- [ ] secret words")

    event = Event.objects.get()
    assert event.changes == {
        "title": ["Move the projects", "Other"],
        "written": [[], ["Tasks"]],
    }
    assert saved(stored(item), by, title="Other").version == 2


def test_a_ready_item_does_not_lose_its_acceptance_criteria(by):
    item = make_item(state="ready")

    with pytest.raises(RuleRefused, match="back to draft first"):
        saved(item, by, acceptance_criteria="")

    assert stored(item).acceptance_criteria == FULL["acceptance_criteria"]


def test_r10_the_build_begins_when_the_last_question_is_settled(by):
    item = make_item(state="ready")
    first, second = make_question(item), make_question(item, "Which day?")
    with pytest.raises(RuleRefused) as refused:
        move_item(item, "in_build", by=by, now=NOW)
    assert len(refused.value.reasons) == 2

    answer_open_question(first, "17.4", seen="", by=by, now=NOW)
    wanted = RiskWanted("No day", "high", "timeline", None, "Ask weekly")
    risk = turn_into_risk(second, wanted, by=by, now=NOW)

    assert move_item(item, "in_build", by=by, now=NOW).state == "in_build"
    assert risk.open_question == second
    with pytest.raises(RuleRefused, match="a risk already"):
        turn_into_risk(second, wanted, by=by, now=NOW)


def test_r10_what_opens_again_takes_the_item_out_of_the_build(by):
    engagement = EngagementFactory()
    asked, resting, other = (make_item(engagement, state="in_build") for _ in "abc")
    assumption = make_assumption(engagement)

    ask_open_question(asked, "Why?", by=by, now=NOW)
    resting.assumptions.add(assumption)
    held = hold_builds_of(assumption, by=by, now=NOW)
    linked = saved(other, by, assumptions=[assumption])

    assert held == 1
    assert {stored(one).state for one in (asked, resting, linked)} == {"ready"}
    assert Event.objects.filter(verb="work-item-held").count() == 3


def test_an_answer_replaces_none_that_its_writer_has_not_seen(by):
    question = make_question(make_item())
    answer_open_question(question, "17", seen="", by=by, now=NOW)

    with pytest.raises(RuleRefused, match="“17”"):
        answer_open_question(question, "18", seen="", by=by, now=NOW)

    answer_open_question(question, "18", seen="17", by=by, now=NOW)
    assert OpenQuestion.objects.get().answer == "18"
    # Each of them is a change of the text that is pushed.
    assert WorkItem.objects.get().version == 3


def test_what_is_gone_is_not_taken_away_twice(by):
    item = make_item()
    question = make_question(item)
    drop_question(question, by=by, now=NOW)

    with pytest.raises(RuleRefused, match="meanwhile"):
        drop_question(question, by=by, now=NOW)

    remove_item(item, by=by, now=NOW)
    assert not WorkItem.objects.exists()


def test_what_stands_in_the_customer_s_project_is_not_removed(by):
    item = make_item(issue_number=4)

    with pytest.raises(RuleRefused, match="close it there"):
        remove_item(item, by=by, now=NOW)
