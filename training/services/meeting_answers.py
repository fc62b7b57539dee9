"""What a trainer says to the planning meeting: comes, or asks to move it."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.owners import owners_of
from engagements.services.approvals import News, decision_day
from engagements.services.approvals import tell as tell_people
from psdelivery.outbox.renderers import register_kind
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.moments import moment_text
from psdelivery.people.notifications import CHANGE
from psdelivery.people.services.changes import one_transaction
from psdelivery.playbooks.choices import Phase
from psdelivery.playbooks.events import StepCompleted, StepReopened
from psdelivery.playbooks.owners import assignment_for
from psdelivery.playbooks.rules.adhoc import AdHocStep
from psdelivery.playbooks.services.adhoc import add_step
from psdelivery.registry import refuse
from training.choices import MeetingAnswer
from training.models import Delivery, PlanningAnswer, PlanningMeeting
from training.rules.planning_meetings import (
    reasons_against_answer,
    reasons_against_changing_meeting,
)
from training.services.meeting_steps import accept_for, drop_requests, reopen_accepted
from training.services.planning_meetings import lock_meeting, tell

NEWS = "planning-answer"
WORDS_LENGTH = 500


def answer_meeting(
    asked: PlanningAnswer, answer: str, words: str, *, by: User, now: datetime
) -> PlanningAnswer:
    """Keep the answer of a trainer; the coordinator gets a step where it is to move.

    Raises RuleRefused without words for a wish, and for a meeting that is over.
    """
    with one_transaction():
        meeting = lock_meeting(asked.meeting)
        refuse(reasons_against_changing_meeting(meeting))
        refuse(reasons_against_answer(answer, words))
        stored = meeting.answers.select_related("person").get(pk=asked.pk)
        before = stored.answer
        put_answer(stored, answer, words, now)
        changes = {"answer": [before, answer]}
        tell("planning-answered", meeting, changes, by, now, words)
        if answer == MeetingAnswer.ACCEPTED:
            accept_for(meeting, stored.person, by=by, now=now)
            drop_settled(meeting, now)
            return stored
        reopen_accepted(meeting, trainer=stored.person, by=by, reason=words, now=now)
        ask_coordinator(meeting, stored, by=by, now=now)
        return stored


def put_answer(stored: PlanningAnswer, answer: str, words: str, now: datetime) -> None:
    """Save what somebody said."""
    stored.answer, stored.words = answer, words.strip()[:WORDS_LENGTH]
    stored.answered_at = now
    stored.save(update_fields=["answer", "words", "answered_at"])


def drop_settled(meeting: PlanningMeeting, now: datetime) -> None:
    """Nobody decides about a wish any more once nobody has one."""
    if not meeting.answers.filter(answer=MeetingAnswer.MOVE).exists():
        drop_requests(meeting, now=now)


def ask_coordinator(
    meeting: PlanningMeeting, asked: PlanningAnswer, *, by: User, now: datetime
) -> None:
    """Give the coordinator a step with the wish, and say so by mail; one at a time."""
    drop_requests(meeting, now=now)
    engagement = meeting.engagement
    owners = owners_of(engagement)
    owner = assignment_for(EngagementRole.TC, owners)
    words = {"who": asked.person, "words": asked.words}
    title = _("%(who)s asks to move the planning meeting") % words
    if engagement.checklist is not None:
        step = AdHocStep(
            title=title,
            phase=Phase.PLAN,
            owner_role=EngagementRole.TC,
            due_day=decision_day(owner.person, owner.pool, now),
            instructions=_("In their words: %(words)s") % words,
            subject_url=meeting.get_absolute_url(),
        )
        add_step(engagement.checklist, step, owners=owners, by=by, now=now)
    news = News(
        subject=meeting,
        event=f"move-{asked.pk}-{now.isoformat()}",
        engagement=engagement,
        title=title,
        lines=(when_of(meeting), _("In their words: %(words)s") % words),
        url=meeting.get_absolute_url(),
        why=_("You coordinate the training."),
        kind=NEWS,
        reason=CHANGE,
    )
    people = [one for one in (owner.person, owner.pool) if one is not None]
    tell_people(news, people, by=by, now=now)


def when_of(meeting: PlanningMeeting) -> str:
    """Say when the meeting is, on its own clock."""
    return str(moment_text(meeting.starts_at, "", meeting.zone))


def note_tick(event: StepCompleted) -> None:
    """A trainer who ticks the step comes to the meeting."""
    note_state(event.step.checklist_id, MeetingAnswer.ACCEPTED, event.now)


def note_reopened(event: StepReopened) -> None:
    """Whose tick is taken back has not answered."""
    note_state(event.step.checklist_id, MeetingAnswer.WAITING, None)


def note_state(checklist: int, answer: str, at: datetime | None) -> None:
    """Let the answers to the standing meeting follow the step of the class."""
    for delivery in Delivery.objects.filter(checklist=checklist, trainer__isnull=False):
        asked = PlanningAnswer.objects.filter(
            meeting__deliveries=delivery,
            meeting__cancelled_at=None,
            meeting__held_on=None,
            person=delivery.trainer_id,
        ).exclude(answer=MeetingAnswer.MOVE)
        asked.update(answer=answer, answered_at=at)


def register_answer_mail() -> None:
    """Name the kind of mail to the coordinator."""
    register_kind(NEWS, gettext_lazy("Answer to a planning meeting"))
