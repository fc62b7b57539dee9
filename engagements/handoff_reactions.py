"""What the handoff does when something happens around it (R-5)."""

from datetime import datetime
from typing import cast

from django.utils.translation import gettext as _

from engagements.choices import Kind, Status
from engagements.events import GateChanged, TeamChanged
from engagements.handoff import (
    KIND,
    handoff_of,
    owner_of,
    state_of,
    state_without_record,
)
from engagements.models import Acknowledgement, Engagement, Handoff
from engagements.queries import step_of
from engagements.registry import guards
from engagements.rules.handoff import (
    is_kickoff,
    reasons_against_done,
    reasons_against_kickoff,
    reasons_against_record,
    reasons_of_questions,
)
from engagements.rules.moves import STEP_BEFORE_ACTIVE
from engagements.services.handoff import (
    acknowledge_handoff,
    begin_handoff,
    settle_handoff,
)
from psdelivery.livetext.events import SheetChanged
from psdelivery.livetext.models import LiveText
from psdelivery.livetext.services import Pen, save_text
from psdelivery.people.away import stand_ins
from psdelivery.playbooks.events import StepCompleted, StepReopened, StepSetAside
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason, RuleRefused, reactions, refuse


def begin_when_gate_opens(event: GateChanged) -> None:
    """Open the record as soon as there is something to hand over."""
    if event.is_open and event.engagement.checklist_id is not None:
        handoff = begin_handoff(event.engagement, by=event.by, now=event.now)
        settle_handoff(handoff, by=event.by, now=event.now)


def settle_after_writing(event: SheetChanged) -> None:
    """Tick what the record now answers."""
    if event.sheet.kind == KIND:
        handoff = Handoff.objects.get(sheet=event.sheet)
        settle_handoff(handoff, by=event.by, now=event.now)


def ask_who_joins(event: TeamChanged) -> None:
    """R-5: who joins later must acknowledge too; who leaves need not any more."""
    handoff = Handoff.objects.filter(engagement=event.engagement).first()
    if handoff is not None:
        settle_handoff(handoff, by=event.by, now=event.now)


def own_step(step: Step) -> Engagement | None:
    """Return the engagement of a step that stands on its own checklist."""
    return Engagement.objects.filter(checklist=step.checklist_id).first()


def hold_kickoff(event: StepCompleted) -> None:
    """R-5: refuse to mark the kickoff as held before the handoff is done."""
    engagement = event.step.engagement
    if engagement is None or not is_kickoff(engagement.kind, event.step):
        return
    reasons = reasons_before_kickoff(engagement)
    if reasons:
        raise RuleRefused(reasons)


def reasons_before_kickoff(engagement: Engagement) -> list[Reason]:
    """R-5: return what must come before the kickoff of this engagement."""
    handoff = handoff_of(engagement)
    if handoff is None:
        return reasons_against_done(state_without_record(engagement))
    is_done = handoff.done_at is not None
    if is_done or handoff.early_reason:
        return []
    return reasons_against_kickoff(
        state_of(handoff), is_done=is_done, early_reason=handoff.early_reason
    )


def keep_tick_true(event: StepCompleted) -> None:
    """Refuse a tick by hand of what the record does not have yet; note what it tells.

    One entry serves both: the day of the call and the growth that were told with a
    tick go into the record.
    """
    key, engagement = event.step.key, event.step.engagement
    if key not in TICKS or engagement is None or own_step(event.step) is None:
        return
    handoff = begin_handoff(engagement, by=event.by, now=event.now)
    TICKS[key](handoff, event)


def refuse_unfilled(handoff: Handoff, event: StepCompleted) -> None:
    """Refuse "record filled" while a part is empty."""
    refuse(reasons_against_record(state_of(handoff)))


def refuse_unanswered(handoff: Handoff, event: StepCompleted) -> None:
    """Refuse "asked what is unclear" while a question is open."""
    refuse(reasons_of_questions(state_of(handoff)))


def refuse_undone(handoff: Handoff, event: StepCompleted) -> None:
    """R-5: refuse "acknowledged" while something of the handoff is missing."""
    if handoff.done_at is None:
        refuse(reasons_against_done(state_of(handoff)))


def note_day(handoff: Handoff, event: StepCompleted) -> None:
    """Keep the day of a call that was ticked by hand."""
    if handoff.held_on is None and not handoff.is_written:
        handoff.held_on = event.happened_on
        handoff.save(update_fields=["held_on"])
        settle_handoff(handoff, by=event.by, now=event.now)


def note_growth(handoff: Handoff, event: StepCompleted) -> None:
    """Keep what the account team wrote into the tick of its own step."""
    row = LiveText.objects.select_related("sheet").get(
        sheet=handoff.sheet_id, key="growth"
    )
    if not row.text.strip() and event.step.note.strip():
        handoff.engagement = cast(Engagement, event.step.engagement)
        pen = Pen(owner_of(handoff, may_edit=True), event.by, event.now)
        save_text(row, event.step.note, row.version, pen=pen)


TICKS = {
    "handoff-record": refuse_unfilled,
    "handoff-questions": refuse_unanswered,
    "handoff-acknowledged": refuse_undone,
    "handoff-held": note_day,
    "handoff-growth": note_growth,
}


def acknowledge_by_tick(event: StepCompleted) -> None:
    """R-5: the tick of the own step acknowledges; nobody ticks it for somebody else.

    But for who stands in for somebody away (R-23).
    """
    if event.step.playbook_step_id is not None:
        # Each is asked by a step of their own: no playbook has one.
        return
    asked = Acknowledgement.objects.filter(step=event.step, done_at__isnull=True)
    found = asked.select_related("handoff__engagement", "person").first()
    if found is None or event.by is None:
        return
    person = found.person
    if event.by != person and stand_ins(event.now, [person]).get(person.pk) != event.by:
        sentence = _("Only %(person)s can acknowledge this.") % {"person": person}
        url = found.handoff.get_absolute_url()
        raise RuleRefused([Reason("not-yours", sentence, url, _("See who has"))])
    acknowledge_handoff(
        found.handoff,
        by=event.by,
        on_behalf_of=None if event.by == person else person,
        now=event.now,
    )


def take_back(event: StepReopened) -> None:
    """Follow an untick: the call was not held after all, or the handoff not done."""
    engagement = own_step(event.step)
    handoff = handoff_of(engagement) if engagement else None
    if handoff is None:
        return
    if event.step.key == "handoff-held":
        handoff.held_on = None
    if event.step.key == "handoff-acknowledged":
        handoff.done_at = None
    handoff.save(update_fields=["held_on", "done_at"])


def hold_way_around(event: StepSetAside) -> None:
    """R-5: the kickoff is not freed by setting a step aside, but by the lead's reason.

    The step of somebody who was asked is not set aside either.
    """
    engagement = event.step.engagement
    if engagement is None:
        return
    is_asked = Acknowledgement.objects.filter(step=event.step).exists()
    if event.step.key != "handoff-acknowledged" and not is_asked:
        return
    handoff = handoff_of(engagement)
    if handoff is not None and handoff.early_reason:
        return
    url = f"{engagement.get_absolute_url()}handoff/"
    sentence = _("The lead records there why the kickoff comes before the handoff.")
    raise RuleRefused([Reason("no-way-around", sentence, url, _("Open the handoff"))])


def before_kickoff(engagement: Engagement, now: datetime) -> list[Reason]:
    """R-5: Okay to start → Active: name what the kickoff waits for.

    Training becomes Active weeks before its planning meeting.
    """
    if engagement.status != Status.OKAY_TO_START or engagement.kind == Kind.TRAINING:
        return []
    key, _missing = STEP_BEFORE_ACTIVE[Kind(engagement.kind)]
    step = step_of(engagement, key)
    is_held = step is not None and not step.is_open
    return [] if is_held else reasons_before_kickoff(engagement)


def register_handoff_reactions() -> None:
    """Listen to the sheet, the team, the gate and the steps of the handoff."""
    guards.register(Status.ACTIVE, before_kickoff, order=20)
    reactions.register(GateChanged, begin_when_gate_opens)
    reactions.register(SheetChanged, settle_after_writing)
    reactions.register(TeamChanged, ask_who_joins)
    reactions.register(StepCompleted, hold_kickoff, order=10)
    reactions.register(StepCompleted, keep_tick_true)
    reactions.register(StepCompleted, acknowledge_by_tick)
    reactions.register(StepReopened, take_back)
    reactions.register(StepSetAside, hold_way_around)
