import pytest

from psdelivery.playbooks.templatetags.steps import awaited
from tests.factories.playbooks import AnchorFactory, StepFactory


@pytest.mark.parametrize(
    ("anchor", "words"),
    [
        ("kickoff", "the kickoff"),
        ("planned_end", "the gate and the planned end"),
        ("full_moon", "full moon"),
    ],
)
def test_a_step_without_a_date_names_what_it_waits_for(anchor, words):
    step = StepFactory.build(anchor=AnchorFactory.build(key=anchor))

    assert awaited(step) == words
