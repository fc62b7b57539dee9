import pytest

from closeout.rules import (
    OpenItems,
    reasons_against_closing,
    reasons_against_completing,
)
from psdelivery.playbooks.models import Step

pytestmark = pytest.mark.unit

WORK = Step(pk=1, title="Get the sign-off")
BILL = Step(pk=2, title="Issue the invoices")


def sentences(reasons):
    return [reason.sentence for reason in reasons]


def test_r17_closed_needs_the_work():
    (reason,) = reasons_against_closing([WORK])

    assert reason.sentence == "“Get the sign-off” must be done before Closed."
    assert reason.fix_url == WORK.get_absolute_url()


def test_r17_with_the_work_done_it_is_closed():
    assert reasons_against_closing([]) == []


def test_r17_completed_needs_every_billing_item():
    items = OpenItems(completing=(BILL,))

    for is_remote in (True, False):
        reasons = reasons_against_completing(items, is_closed=True, is_remote=is_remote)
        assert sentences(reasons) == [
            "“Issue the invoices” must be done before Completed."
        ]


def test_r17_with_every_item_done_it_is_completed():
    assert not reasons_against_completing(OpenItems(), is_closed=True, is_remote=False)


def test_r17_remote_training_is_completed_without_closing_when_both_needs_hold():
    assert not reasons_against_completing(OpenItems(), is_closed=False, is_remote=True)

    both = OpenItems(closing=(WORK,), completing=(BILL,))
    reasons = reasons_against_completing(both, is_closed=False, is_remote=True)
    assert sentences(reasons) == [
        "“Get the sign-off” must be done before Closed.",
        "“Issue the invoices” must be done before Completed.",
    ]


def test_r17_training_on_site_is_closed_first():
    reasons = reasons_against_completing(
        OpenItems(completing=(BILL,)), is_closed=False, is_remote=False
    )

    assert [reason.code for reason in reasons] == ["on-site", "step-open"]
