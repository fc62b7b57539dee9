"""R-10: what holds up the build of a work item."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from engagements.execution.choices import AssumptionState
from engagements.execution.models import Assumption, OpenQuestion
from psdelivery.registry import Reason

SHOWN = 120


def reasons_against_build(
    assumptions: Iterable[Assumption], questions: Iterable[OpenQuestion]
) -> list[Reason]:
    """R-10: an item is not in build while one of its assumptions or questions is open.

    Unless it became a risk: then somebody has said yes to building all the same.
    Only those of the item count, and each is named with the way to settle it.
    """
    return [
        *[reason_of_assumption(one) for one in assumptions if holds_up(one)],
        *[reason_of_question(one) for one in questions if not one.is_settled],
    ]


def holds_up(assumption: Assumption) -> bool:
    """R-10: an assumption holds the build up while it is open and no risk."""
    return assumption.state == AssumptionState.OPEN and assumption.risk_id is None


def reason_of_assumption(assumption: Assumption) -> Reason:
    """Name an open assumption, with the tab on which it is decided."""
    sentence = _("The assumption “%(text)s” is open.")
    tab = [assumption.engagement_id, "discovery"]
    url = reverse("engagements:engagement-tab", args=tab)
    return Reason(
        "assumption-open",
        sentence % {"text": shortened(assumption.text)},
        f"{url}#assumption-{assumption.pk}",
        _("Decide it"),
    )


def reason_of_question(question: OpenQuestion) -> Reason:
    """Name an open question, with where it is answered."""
    sentence = _("The question “%(text)s” is open.")
    return Reason(
        "question-open",
        sentence % {"text": shortened(question.text)},
        reverse("execution:open-question-answer", args=[question.pk]),
        _("Answer it"),
    )


def shortened(text: str) -> str:
    """Return the beginning of a text, for a sentence about it."""
    return Truncator(text).chars(SHOWN)
