"""The questions of a discovery session: from sets, typed, put in order, taken away."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from engagements.execution.discovery import (
    answer_key,
    lines_of,
    texts_of_session,
)
from engagements.execution.models import (
    DiscoveryQuestion,
    DiscoverySession,
    QuestionSet,
    SetQuestion,
)
from engagements.execution.rules.discovery import (
    Asked,
    added_lines,
    kept_rows,
    reasons_against_questions,
    reasons_against_writing,
)
from engagements.execution.rules.question_sets import QuestionLine
from engagements.models import Engagement
from psdelivery.history.services import record
from psdelivery.livetext.models import LiveSheet, LiveText
from psdelivery.livetext.services import lock_sheet
from psdelivery.people.models import User
from psdelivery.registry import refuse

FIELDS = ["section", "text", "order"]


def sets_for(engagement: Engagement) -> list[QuestionSet]:
    """Return the sets in use that fit what was sold (one query)."""
    fitting = QuestionSet.objects.filter(
        is_active=True, offerings__engagement=engagement
    )
    return list(fitting.distinct())


def lines_of_sets(sets: Iterable[QuestionSet]) -> list[QuestionLine]:
    """Return the questions of these sets in their order (one query)."""
    keys = [one.pk for one in sets]
    found = SetQuestion.objects.filter(question_set__in=keys)
    ordered = sorted(found, key=lambda one: keys.index(one.question_set_id))
    return [QuestionLine(one.section, one.text) for one in ordered]


def take_sets(
    session: DiscoverySession,
    sets: Sequence[QuestionSet],
    *,
    by: User,
    now: datetime,
) -> None:
    """Let the session ask what is in these sets beside what it asks already.

    Raises RuleRefused where that are too many.
    """
    if sets:
        present = lines_of(session.questions.all())
        lines = added_lines(present, lines_of_sets(sets))
        write_questions(session, lines, by=by, now=now)


def add_question(
    session: DiscoverySession, line: QuestionLine, *, by: User, now: datetime
) -> DiscoveryQuestion:
    """Ask one more question; return it, or the same one that is there already.

    Raises RuleRefused.
    """
    lines = added_lines(lines_of(session.questions.all()), [line])
    write_questions(session, lines, by=by, now=now)
    return session.questions.get(text=line.text)


@transaction.atomic
def write_questions(
    session: DiscoverySession,
    lines: Sequence[QuestionLine],
    *,
    by: User,
    now: datetime,
) -> None:
    """Let the session ask these questions in this order. Raises RuleRefused.

    A question keeps its answer, also in other words; one that is answered does not
    go. What somebody writes into a question that was just taken away is kept.
    """
    refuse(reasons_against_writing(session.engagement))
    # The same lock as that of who writes answers.
    sheet = lock_sheet(session.sheet_id)
    texts = texts_of_session(session)
    before = texts.questions
    asked = [Asked(one.text, bool(texts.answer_to(one))) for one in before]
    refuse(reasons_against_questions(asked, lines))
    rows = kept_rows([one.text for one in before], lines)
    if before and lines_of(before) == list(lines):
        return
    # The others see that fields came or went.
    LiveSheet.objects.filter(pk=sheet.pk).update(version=F("version") + 1)
    sheet.version += 1
    remove([one for n, one in enumerate(before) if n not in set(rows)], sheet, now)
    kept = put_lines(session, before, lines, rows)
    open_answers([one for one in kept if one.answer_id is None], sheet)
    record(
        "discovery-asked",
        by=by,
        subject=session,
        engagement=session.engagement,
        changes={"questions": [len(before), len(lines)]},
        now=now,
    )


def put_lines(
    session: DiscoverySession,
    before: Sequence[DiscoveryQuestion],
    lines: Sequence[QuestionLine],
    rows: Sequence[int | None],
) -> list[DiscoveryQuestion]:
    """Save the questions in their order; return them."""
    source = sources_of(session, lines)
    questions = []
    for order, (line, row) in enumerate(zip(lines, rows, strict=True)):
        known = None if row is None else before[row]
        question = known or DiscoveryQuestion(
            session=session, source_id=source.get(line.text)
        )
        question.section, question.text = line.section, line.text
        question.order = order
        questions.append(question)
    DiscoveryQuestion.objects.bulk_update([q for q in questions if q.pk], FIELDS)
    DiscoveryQuestion.objects.bulk_create([q for q in questions if not q.pk])
    return questions


def sources_of(
    session: DiscoverySession, lines: Sequence[QuestionLine]
) -> dict[str, int]:
    """Return from which question of a set new ones are, by their words.

    A question of a set is taken once by a session.
    """
    taken = session.questions.exclude(source=None).values("source")
    words = [line.text for line in lines]
    found = SetQuestion.objects.filter(text__in=words).exclude(pk__in=taken)
    return dict(found.order_by("-pk").values_list("text", "pk"))


def open_answers(questions: Sequence[DiscoveryQuestion], sheet: LiveSheet) -> None:
    """Give each question the text that answers it, which the others hear of."""
    LiveText.objects.bulk_create(
        LiveText(sheet=sheet, key=answer_key(one.pk), changed_in=sheet.version)
        for one in questions
    )
    rows = LiveText.objects.filter(
        sheet=sheet, key__in=[answer_key(one.pk) for one in questions]
    )
    by_key = {row.key: row for row in rows}
    for question in questions:
        question.answer = by_key[answer_key(question.pk)]
    DiscoveryQuestion.objects.bulk_update(questions, ["answer"])


def remove(
    questions: Sequence[DiscoveryQuestion], sheet: LiveSheet, now: datetime
) -> None:
    """Take questions away; their texts stay, for who has them under the pen."""
    answers = [one.answer_id for one in questions if one.answer_id is not None]
    DiscoveryQuestion.objects.filter(pk__in=[one.pk for one in questions]).delete()
    LiveText.objects.filter(pk__in=answers).update(
        removed_at=now, changed_in=sheet.version
    )
