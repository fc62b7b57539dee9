"""Questions parked in class: when one is open, and what may be done with it."""

from django.utils.translation import gettext as _

from engagements.rules.questions import (
    reasons_against_question,
    reasons_against_turning,
)
from psdelivery.registry import Reason
from training.models import Delivery, ParkedQuestion
from training.rules.roster import reasons_against_roster


def is_open(question: ParkedQuestion) -> bool:
    """Tell whether a question waits: neither answered nor taken over by a step."""
    return not question.answer and question.step_id is None


def reasons_against_parking(delivery: Delivery, text: str) -> list[Reason]:
    """Return what stands against a question: no words, or no class."""
    return reasons_against_question(text) or reasons_against_roster(delivery)


def reasons_against_taking_over(question: ParkedQuestion) -> list[Reason]:
    """Return what stands against a step of the class for a question.

    It is settled already, or the class has no checklist or was called off.
    """
    if against := reasons_against_turning(question):
        return against
    if question.delivery.checklist_id is None:
        return [Reason("checklist", _("This class has no checklist."))]
    return reasons_against_roster(question.delivery)
