from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from tests.factories.playbooks import ChecklistFactory, StepFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 28, 1, 0, tzinfo=UTC)  # clocks change in Berlin
EDGES = [timedelta(0), timedelta(microseconds=1), timedelta(microseconds=-1)]
spans = st.sampled_from(EDGES) | st.timedeltas(timedelta(days=-40), timedelta(days=40))
drawn_steps = st.lists(
    st.tuples(
        st.sampled_from(StepState.values),
        st.none() | spans.map(lambda span: NOW + span),
        st.booleans(),
    ),
    max_size=12,
)
# Each example writes into the test's one transaction, and clears what it wrote.
in_database = settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def checklists():
    return {False: ChecklistFactory(), True: ChecklistFactory(is_paused=True)}


def save(drawn, checklists):
    Step.objects.all().delete()
    return [
        StepFactory(
            checklist=checklists[is_paused],
            state=state,
            due_at=due_at,
            done_at=NOW if state == StepState.DONE else None,
        )
        for state, due_at, is_paused in drawn
    ]


def is_running(step):
    return step.is_open and not step.checklist.is_paused


def is_late(step, now):
    return is_running(step) and step.due_at is not None and step.due_at <= now


def is_due_between(step, start, end):
    return is_running(step) and step.due_at is not None and start < step.due_at <= end


def keys(steps):
    return {step.pk for step in steps}


@in_database
@given(drawn=drawn_steps)
def test_late_in_sql_is_late_in_python(checklists, drawn):
    steps = save(drawn, checklists)

    late = Step.objects.late(NOW)

    assert keys(late) == keys(step for step in steps if is_late(step, NOW))


@in_database
@given(drawn=drawn_steps, begin=spans, length=spans)
def test_due_between_in_sql_is_due_between_in_python(checklists, drawn, begin, length):
    steps = save(drawn, checklists)
    start, end = NOW + begin, NOW + begin + length

    due = Step.objects.due_between(start, end)

    assert keys(due) == keys(step for step in steps if is_due_between(step, start, end))


@in_database
@given(drawn=drawn_steps, span=spans)
def test_a_dated_running_step_is_late_or_due_later_and_never_both(
    checklists, drawn, span
):
    save(drawn, checklists)
    now, horizon = NOW + span, NOW + timedelta(days=365)

    late, coming = Step.objects.late(now), Step.objects.due_between(now, horizon)

    dated = Step.objects.running().filter(due_at__isnull=False)
    assert keys(late) | keys(coming) == keys(dated)
    assert not keys(late) & keys(coming)


@in_database
@given(drawn=drawn_steps)
def test_open_and_running_in_sql_are_those_in_python(checklists, drawn):
    steps = save(drawn, checklists)

    assert keys(Step.objects.open()) == keys(step for step in steps if step.is_open)
    assert keys(Step.objects.running()) == keys(filter(is_running, steps))


def test_the_number_of_open_blockers_counts_the_open_ones(checklists):
    step, *before = StepFactory.create_batch(4, checklist=checklists[False])
    step.blockers.set(before)
    Step.objects.filter(pk=before[0].pk).update(state=StepState.CANCELLED)

    found = Step.objects.with_blocker_count().get(pk=step.pk)

    assert found.open_blockers == 2
