"""What engagements do when something happens above them."""

import threading
from contextlib import suppress
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from engagements.choices import RiskState, Status
from engagements.events import StatusChanged
from engagements.mails import CANCELLED_MAIL
from engagements.models import Engagement, WorkAtRisk
from engagements.queries import customers_told
from engagements.rules.gate import Evidence
from engagements.services.ball import settle_ball
from engagements.services.evidence_steps import condition_of
from engagements.services.gate import record_condition
from engagements.services.risk import take_risk_back
from engagements.services.team import follow_team
from psdelivery.outbox.services.drafting import prepare_draft
from psdelivery.people.events import PersonLeft
from psdelivery.people.moments import local_day
from psdelivery.playbooks.events import StepCompleted, StepsChanged
from psdelivery.registry import Reason, RuleRefused, reactions

NOTE_LENGTH = 300
# Closed is not over: bills and the retrospective are still to be done.
OVER = frozenset({Status.COMPLETED, Status.CANCELLED})


class Unsettled(threading.local):
    """Engagements whose steps changed, with the moment; each is looked at once."""

    def __init__(self) -> None:
        self.moments: dict[int, datetime] = {}


_unsettled = Unsettled()


def give_steps_back(event: PersonLeft) -> None:
    """R-23: a leaver's open steps go to who stands in, never to nobody."""
    near = Q(team__person=event.person) | Q(practice__manager=event.person)
    running = Engagement.objects.filter(near).exclude(status__in=OVER)
    for engagement in running.select_related("checklist").distinct():
        follow_team(engagement, by=event.by, now=event.at)


def keep_evidence_in_gate(event: StepCompleted) -> None:
    """R-2: evidence handed in with the step is evidence for the gate: one entry."""
    engagement, code = event.step.engagement, condition_of(event.step)
    if engagement is None or code is None or event.step.evidence is None:
        return
    if engagement.conditions.filter(code=code, met_on__isnull=False).exists():
        return
    evidence = Evidence(
        met_on=local_day(event.now, engagement.customer.zone),
        document=event.step.evidence,
        note=" ".join(event.step.note.split())[:NOTE_LENGTH],
    )
    record_condition(engagement, code, evidence, by=event.by, now=event.now)


def look_at_ball(event: StepsChanged) -> None:
    """Let the ball follow the steps, once, when the transaction is through.

    Not within it: whoever ticks a step has locked it, and would wait for somebody who
    has locked the engagement and waits for the step. What a kill leaves undone here,
    the hourly look does.
    """
    _unsettled.moments[event.engagement_id] = event.now
    transaction.on_commit(partial(settle_once, event.engagement_id), robust=True)


def settle_once(pk: int) -> None:
    """Settle the ball at the moment of the last change that this thread heard of."""
    now = _unsettled.moments.pop(pk, None)
    if now is not None:
        settle_ball(pk, now=now)


def hold_question_to_answer(event: StepCompleted) -> None:
    """R-3: refuse to tick the step of a decision that is not made yet.

    Raises RuleRefused, which takes the tick back.
    """
    if event.step.playbook_step_id is not None:
        # It was asked for: no playbook has such a step.
        return
    waiting = WorkAtRisk.objects.filter(
        decision_step=event.step, state=RiskState.REQUESTED
    ).first()
    if waiting is not None:
        url = waiting.get_absolute_url()
        sentence = _("Grant or refuse it: that ticks the step.")
        raise RuleRefused([Reason("not-decided", sentence, url, _("Decide"))])


def take_questions_back(event: StatusChanged) -> None:
    """R-3: nobody decides on work at risk of what is cancelled."""
    if event.new != Status.CANCELLED:
        return
    waiting = WorkAtRisk.objects.filter(
        engagement=event.engagement, state=RiskState.REQUESTED
    )
    for risk in waiting:
        take_risk_back(risk, by=event.by, now=event.now)


def draft_cancellation(event: StatusChanged) -> None:
    """Prepare the mail to a customer who was told of work that is cancelled.

    domain.md, section 0. It leaves by a person's click only; where one is under way
    already, there is nothing to prepare.
    """
    if event.new != Status.CANCELLED or event.by is None:
        return
    if not customers_told(event.engagement):
        return
    with suppress(RuleRefused):
        prepare_draft(
            CANCELLED_MAIL,
            event.engagement,
            engagement=event.engagement,
            by=event.by,
            now=event.now,
        )


def register_reactions() -> None:
    """Listen to what people do, and to the steps that the gate waits for."""
    reactions.register(PersonLeft, give_steps_back)
    reactions.register(StepCompleted, keep_evidence_in_gate)
    reactions.register(StatusChanged, take_questions_back)
    reactions.register(StatusChanged, draft_cancellation)
    reactions.register(StepCompleted, hold_question_to_answer)
    reactions.register(StepsChanged, look_at_ball)
