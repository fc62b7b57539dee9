"""What actual hours do when steps, people, teams, gates or settings change."""

from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.events import ChangeAsked, GateChanged, RiskReleased, TeamChanged
from psdelivery.people.events import PersonLeft, RecordChanged
from psdelivery.playbooks.events import StepCompleted, StepReopened, StepSetAside
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.checklists import cancel_steps
from psdelivery.registry import Reason, reactions, refuse
from scheduling.choices import HoursSource
from scheduling.hours_settings import SOURCE
from scheduling.models import HoursApproval, HoursWeek
from scheduling.services.hours import asking, budgets, following, release
from scheduling.services.hours.checklists import APPROVE, CONFIRM
from scheduling.services.hours.confirming import confirm_as_it_stands
from scheduling.services.hours.reopening import take_confirmation_back
from scheduling.services.hours.weeks import set_sheets_aside


@reactions.on(StepCompleted)
def confirm_by_tick(event: StepCompleted) -> None:
    """Ticking the step of a week confirms it as it stands: one click on My day."""
    week = week_asked_by(event.step)
    if week is None or week.confirmed_at is not None:
        return
    if event.by is None or event.by != week.person:
        sentence = _("%(person)s confirms the own hours.") % {"person": week.person}
        refuse([Reason("not-own", sentence)])
        return
    confirm_as_it_stands(week, by=event.by, now=event.now)


def week_asked_by(step: Step) -> HoursWeek | None:
    """Return the week that a step asks somebody to confirm."""
    if step.key != CONFIRM or step.engagement_id is not None:
        return None
    rows = HoursWeek.objects.select_related("person")
    return rows.filter(checklist=step.checklist_id).first()


@reactions.on(StepReopened)
def open_week_again(event: StepReopened) -> None:
    """Undoing the tick takes the confirmation back, while nobody has approved it."""
    week = week_asked_by(event.step)
    if week is not None and week.confirmed_at is not None:
        take_confirmation_back(week, by=event.by, now=event.now)


@reactions.on(StepCompleted)
def keep_approval_open(event: StepCompleted) -> None:
    """The step of who approves is done by deciding, not by a tick."""
    refuse(reasons_of_waiting(event.step))


@reactions.on(StepSetAside)
def keep_approval_wanted(event: StepSetAside) -> None:
    """Nor does it become unnecessary while hours wait."""
    refuse(reasons_of_waiting(event.step))


def reasons_of_waiting(step: Step) -> list[Reason]:
    """Return the hours that wait behind a step, with the way to them."""
    if step.key != APPROVE or step.engagement_id is not None:
        return []
    asked = HoursApproval.objects.filter(checklist=step.checklist_id).first()
    if asked is None:
        return []
    key = (asked.approver_id, asked.pool_id, asked.ends_on)
    waiting = asking.waiting_of(key)
    if not waiting.exists():
        return []
    sentence = _("Hours wait for you: approve them or send them back.")
    url = f"{reverse('scheduling:hours-approval-list')}?week={asked.ends_on}"
    return [Reason("hours-wait", sentence, url, _("Hours to approve"))]


@reactions.on(RecordChanged)
def follow_source(event: RecordChanged) -> None:
    """Where hours are imported from now on, nobody is asked for sheets any more."""
    changed = event.changes.get(SOURCE)
    if changed is not None and changed[1] == HoursSource.IMPORTED:
        set_sheets_aside(now=event.at)


@reactions.on(TeamChanged)
def follow_team(event: TeamChanged) -> None:
    """Hours that wait go to whoever is the PM, or coordinates, from now on."""
    following.follow_engagement(event.engagement, by=event.by, now=event.now)


@reactions.on(PersonLeft)
def follow_leaver(event: PersonLeft) -> None:
    """Nobody confirms for who has left; what waited for them goes to others."""
    own = Step.objects.filter(checklist__hours_week_owner__person=event.person)
    cancel_steps(own, now=event.at)
    following.follow_person(event.person, by=event.by, now=event.at)


@reactions.on(GateChanged)
def follow_gate(event: GateChanged) -> None:
    """R-2: hours worked before the gate opened may be billed now."""
    if event.is_open:
        release.release_hours(event.engagement, now=event.now)


@reactions.on(RiskReleased)
def follow_release(event: RiskReleased) -> None:
    """R-3: hours worked at risk may be billed once what was waived is there."""
    release.release_hours(event.risk.engagement, now=event.now)


@reactions.on(ChangeAsked)
def close_budget_question(event: ChangeAsked) -> None:
    """The PM has asked for the work exception."""
    change = event.change
    if not change.is_order:
        budgets.close_question(
            change.engagement, str(change), by=event.by, now=event.now
        )
