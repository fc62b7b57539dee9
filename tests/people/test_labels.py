import pytest

from engagements.choices import Kind
from engagements.models import Engagement
from psdelivery.playbooks.choices import Phase
from psdelivery.playbooks.models import Step

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("kind", Kind)
def test_a_choice_is_told_by_its_label(kind):
    assert Engagement(kind=kind).get_kind_display() == kind.label
    assert Engagement(kind=kind.value).get_kind_display() == kind.label


def test_a_number_is_told_by_its_label():
    assert Step(phase=4).get_phase_display() == Phase.DELIVER.label


@pytest.mark.parametrize("value", ["", "unheard of", None])
def test_a_value_that_is_no_choice_is_its_own_label(value):
    assert Engagement(kind=value).get_kind_display() == value
