"""Lessons that wait for the manager of a practice on My day; they have no deadline."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.execution.choices import LessonState
from engagements.execution.models import Lesson
from engagements.rules.handoff import shortened
from psdelivery.people.choices import Role
from psdelivery.people.models import User
from psdelivery.registry import WaitingItem, waiting

SHOWN = 20


def lessons_for(user: User, now: datetime) -> list[WaitingItem]:
    """Return the lessons proposed by work of the person's practice (one query)."""
    if Role.PRACTICE_MANAGER not in user.role_set:
        return []
    rows = Lesson.objects.filter(
        state=LessonState.PROPOSED, engagement__practice__manager=user
    ).select_related("offering", "by")
    return [
        WaitingItem(
            title=shortened(row.text),
            url=reverse("execution:lesson-answer", args=[row.pk]),
            why=_("%(who)s proposes a lesson for %(offering)s.")
            % {"who": row.by, "offering": row.offering},
            since=row.at,
            icon="journal-text",
        )
        for row in rows.order_by("at", "pk")[:SHOWN]
    ]


def register_lessons_waiting() -> None:
    """Show proposed lessons on My day."""
    waiting.register("lessons", lessons_for, order=45)
