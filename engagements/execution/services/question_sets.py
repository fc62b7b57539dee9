"""Keep the sets of discovery questions: shipped, added and edited."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from engagements.execution.models import QuestionSet, SetQuestion
from engagements.execution.rules.question_sets import (
    QuestionLine,
    lines_in,
    reasons_against_lines,
)
from engagements.models import Offering
from engagements.services.values import write_values
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import refuse

DATA = Path(__file__).resolve().parents[1] / "data" / "question_sets.toml"
KEY_LENGTH = 60
QUESTION_FIELDS = ["section", "order"]


@transaction.atomic
def load_question_sets() -> int:
    """Make or refresh the shipped sets; return how many were written.

    Offerings must be there before. A set that was edited in the portal stays as it is.
    """
    edited = QuestionSet.objects.exclude(edited_at=None)
    kept = set(edited.values_list("key", flat=True))
    entries = tomllib.loads(DATA.read_text("utf-8"))["set"]
    wanted = [entry for entry in entries if entry["key"] not in kept]
    for entry in wanted:
        question_set, _made = QuestionSet.objects.update_or_create(
            key=entry["key"], defaults={"title": entry["title"]}
        )
        offerings = Offering.objects.filter(key__in=entry["offerings"])
        question_set.offerings.set(offerings)
        put_questions(question_set, lines_in(entry["questions"]))
    return len(wanted)


def put_questions(question_set: QuestionSet, lines: Sequence[QuestionLine]) -> None:
    """Let the set ask these questions in this order.

    A question whose words stay keeps its row, so that sessions know where theirs
    came from.
    """
    by_text = {one.text: one for one in question_set.questions.all()}
    kept: list[SetQuestion] = []
    made: list[SetQuestion] = []
    for order, line in enumerate(lines):
        row = by_text.pop(line.text, None)
        found = row or SetQuestion(question_set=question_set, text=line.text)
        found.section, found.order = line.section, order
        (made if row is None else kept).append(found)
    SetQuestion.objects.filter(pk__in=[one.pk for one in by_text.values()]).delete()
    SetQuestion.objects.bulk_update(kept, QUESTION_FIELDS)
    SetQuestion.objects.bulk_create(made)


def add_question_set(
    values: Mapping[str, Any],
    offerings: Iterable[Offering],
    lines: Sequence[QuestionLine],
    *,
    by: User,
    now: datetime,
) -> QuestionSet:
    """Add a set with its questions; marked as edited. Raises RuleRefused."""
    refuse(reasons_against_lines(lines))
    with one_transaction():
        key = slugify(values["title"])[:KEY_LENGTH]
        question_set = QuestionSet(key=key, edited_at=now, **values)
        question_set.save(force_insert=True)
        question_set.offerings.set(offerings)
        put_questions(question_set, lines)
        record("question-set-added", by=by, subject=question_set, now=now)
        return question_set


def edit_question_set(
    question_set: QuestionSet,
    values: Mapping[str, Any],
    *,
    offerings: Iterable[Offering] | None = None,
    lines: Sequence[QuestionLine] | None = None,
    by: User,
    now: datetime,
) -> QuestionSet:
    """Change a set; from then on shipped data leaves it alone. Raises RuleRefused.

    None leaves offerings or questions as they are. Sessions keep the questions that
    they took.
    """
    if lines is not None:
        refuse(reasons_against_lines(lines))
    with one_transaction():
        rows = QuestionSet.objects.select_for_update(of=("self",))
        stored = rows.get(pk=question_set.pk)
        changes = write_values(stored, values)
        changes |= change_offerings(stored, offerings)
        changes |= change_questions(stored, lines)
        if not changes:
            return stored
        stored.edited_at = now
        stored.save()
        record("question-set-edited", by=by, subject=stored, changes=changes, now=now)
        return stored


def change_offerings(
    stored: QuestionSet, offerings: Iterable[Offering] | None
) -> dict[str, list[object]]:
    """Put the set to these offerings; return what differs, by title."""
    if offerings is None:
        return {}
    wanted = list(offerings)
    before, after = titles(stored.offerings.all()), titles(wanted)
    if before == after:
        return {}
    stored.offerings.set(wanted)
    return {"offerings": [before, after]}


def titles(offerings: Iterable[Offering]) -> str:
    """Return the offerings by title, in a line."""
    return ", ".join(sorted(one.title for one in offerings))


def change_questions(
    stored: QuestionSet, lines: Sequence[QuestionLine] | None
) -> dict[str, list[object]]:
    """Write the questions; return how many there were and are, where they differ."""
    if lines is None:
        return {}
    before = lines_of(stored)
    if before == list(lines):
        return {}
    put_questions(stored, lines)
    return {"questions": [len(before), len(lines)]}


def lines_of(question_set: QuestionSet) -> list[QuestionLine]:
    """Return the questions of a set as lines, in their order."""
    found = question_set.questions.all()
    return [QuestionLine(one.section, one.text) for one in found]
