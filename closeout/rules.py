"""What must be done before an engagement is closed, and before it is completed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from engagements.choices import Status
from engagements.rules.moves import reasons_of_open_steps
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason

ON_SITE = gettext_lazy("Only remote training is completed without closing it first.")


@dataclass(frozen=True)
class OpenItems:
    """The open steps that are marked as before a status."""

    closing: tuple[Step, ...] = ()
    completing: tuple[Step, ...] = ()


def reasons_against_closing(steps: Iterable[Step]) -> list[Reason]:
    """R-17: Closed needs the work: no step that is marked before close is open.

    Sign-off is such a step; that all deliverables are accepted is told by execution,
    that all sessions are held by training.
    """
    return reasons_of_open_steps(list(steps), Status.CLOSED)


def reasons_against_completing(
    items: OpenItems, *, is_closed: bool, is_remote: bool
) -> list[Reason]:
    """R-17: Completed needs every billing and revenue item.

    Remote training may skip Closed; then it needs the work as well. On site it is
    closed first, because expenses come in later.
    """
    billing = reasons_of_open_steps(list(items.completing), Status.COMPLETED)
    if is_closed:
        return billing
    if not is_remote:
        return [Reason("on-site", str(ON_SITE)), *billing]
    return [*reasons_against_closing(items.closing), *billing]
