"""What was learned on an engagement, told to its offering and answered there."""

from datetime import datetime

from django.db import transaction

from engagements.execution.models import Lesson
from engagements.execution.rules.kits import reasons_against_answering
from engagements.models import Engagement, Offering
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.registry import refuse


@transaction.atomic
def propose_lesson(
    engagement: Engagement, offering: Offering, text: str, *, by: User, now: datetime
) -> Lesson:
    """Tell an offering what the next engagement should know."""
    lesson = Lesson.objects.create(
        engagement=engagement, offering=offering, text=text, by=by, at=now
    )
    record("lesson-proposed", by=by, subject=lesson, engagement=engagement, now=now)
    return lesson


@transaction.atomic
def answer_lesson(
    lesson: Lesson, state: str, answer: str, *, by: User, now: datetime
) -> Lesson:
    """Take the lesson into the offering, or dismiss it and say why. RuleRefused."""
    rows = Lesson.objects.select_for_update(of=("self",))
    stored = rows.select_related("engagement").get(pk=lesson.pk)
    refuse(reasons_against_answering(stored, state, answer))
    before, stored.state, stored.answer = stored.state, state, answer
    stored.decided_by, stored.decided_at = by, now
    stored.save()
    record(
        "lesson-answered",
        by=by,
        subject=stored,
        engagement=stored.engagement,
        changes={"lesson": [before, state]},
        reason=answer,
        now=now,
    )
    return stored
