"""What becomes a draft of a work item: what discovery overturned, and was answered."""

from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from engagements.execution.choices import AssumptionState
from engagements.execution.models import Assumption, DiscoveryQuestion
from engagements.execution.models.work import TITLE_LENGTH


@dataclass(frozen=True)
class Draft:
    """Title and overview of an item; tasks and criteria are for a person to write."""

    title: str
    overview: str


def is_worth_a_draft(assumption: Assumption) -> bool:
    """Only what turned out to be otherwise makes work that nobody had planned."""
    return assumption.state == AssumptionState.INVALIDATED


def answer_of(question: DiscoveryQuestion) -> str:
    """Return what the customer answered, "" while nobody wrote it down."""
    answer = question.answer
    if answer is None or answer.removed_at is not None:
        return ""
    return str(answer.text).strip()


def draft_of_assumption(assumption: Assumption) -> Draft:
    """domain.md, section 4: an invalidated assumption becomes a piece of work."""
    overview = _("We assumed: %(assumption)s\n\nDiscovery showed: %(evidence)s") % {
        "assumption": assumption.text,
        "evidence": assumption.evidence,
    }
    return Draft(short_title(assumption.text), same_lines(overview))


def draft_of_question(question: DiscoveryQuestion) -> Draft:
    """domain.md, section 4: an answered question becomes a piece of work."""
    overview = f"**{question.text}**\n\n{answer_of(question)}"
    return Draft(short_title(question.text), same_lines(overview))


def short_title(text: str) -> str:
    """Return what fits into a title."""
    return Truncator(text).chars(TITLE_LENGTH)


def same_lines(text: str) -> str:
    """Return the text with the line breaks that forms know."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
