"""What of a handoff waits for somebody on My day without a deadline: questions."""

from datetime import datetime

from django.utils.translation import gettext as _

from engagements.access import visible_engagements
from engagements.choices import OPEN_STATUSES
from engagements.models import HandoffQuestion
from engagements.rules.handoff import shortened
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.models import User
from psdelivery.registry import WaitingItem, waiting

SHOWN = 20


def questions_for(user: User, now: datetime) -> list[WaitingItem]:
    """Return the open questions that somebody was asked, the longest waiting first.

    Most people were asked nothing: what they may answer is looked at for the others.
    """
    asked = HandoffQuestion.objects.filter(owner=user, answer="", step__isnull=True)
    may_answer = scope_for(user.role_set, Action.HANDOFF_ANSWER) is not Scope.NONE
    if not (may_answer and asked.exists()):
        return []
    reached = visible_engagements(user, Action.HANDOFF_ANSWER).order_by()
    rows = asked.filter(
        handoff__engagement__in=reached.values("pk"),
        handoff__engagement__status__in=OPEN_STATUSES,
    ).select_related("asker", "handoff__engagement__customer")
    return [
        WaitingItem(
            title=shortened(row.text),
            url=f"{row.handoff.get_absolute_url()}#question-{row.pk}",
            why=_("%(who)s asks you about %(engagement)s.")
            % {"who": row.asker, "engagement": row.handoff.engagement},
            since=row.asked_at,
            icon="question-circle",
        )
        for row in rows.order_by("asked_at", "pk")[:SHOWN]
    ]


def register_handoff_waiting() -> None:
    """Show open questions on My day."""
    waiting.register("handoff-questions", questions_for, order=30)
