"""What an assessment asks, and what its outcome needs."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from engagements.choices import AssessmentOutcome
from engagements.models import Assessment
from psdelivery.registry import Reason

QUESTIONS = Path(__file__).resolve().parents[1] / "data" / "questions.toml"


@dataclass(frozen=True)
class Question:
    key: str
    text: str
    help: str


@lru_cache(maxsize=1)
def qualifying_questions() -> tuple[Question, ...]:
    """Return the qualifying questions (domain.md, section 1), in their order."""
    content = tomllib.loads(QUESTIONS.read_text("utf-8"))
    return tuple(Question(**entry) for entry in content["question"])


def is_qualified(assessment: Assessment) -> bool:
    """Tell whether every qualifying question has an answer."""
    answers = assessment.answers
    return all(answers.get(one.key, "").strip() for one in qualifying_questions())


def reasons_against_outcome(
    assessment: Assessment, *, has_skills: bool
) -> list[Reason]:
    """Return what a "go" lacks: nobody sells what nobody has scoped.

    domain.md, section 1: the assessment holds a summary, the skills and the effort.
    A "no-go" or "rework" needs a word why.
    """
    if assessment.outcome == AssessmentOutcome.GO:
        checks = [
            ("summary", assessment.summary.strip(), _("The summary is empty.")),
            ("skills", has_skills, _("No skill is named.")),
            ("effort", assessment.effort, _("The effort by role is empty.")),
        ]
        return [Reason(code, words) for code, given, words in checks if not given]
    if assessment.outcome and not assessment.outcome_note.strip():
        return [Reason("note", _("Say why, and what is missing."))]
    return []
