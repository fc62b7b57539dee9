"""Put the rules' dates on steps: due date, its zone, and the next reminder."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time

from psdelivery.calendars import Calendar, Offset, OffsetUnit, local_moment
from psdelivery.people.models import Pool, User
from psdelivery.people.register import PortalSettings
from psdelivery.playbooks.choices import CalendarKind, Recipient
from psdelivery.playbooks.models import Reminder, Step, StepQuerySet
from psdelivery.playbooks.owners import still_here
from psdelivery.playbooks.rules import reminders
from psdelivery.playbooks.rules.deadlines import Timing, deadline_for
from psdelivery.playbooks.services.writing import write_fields

SCHEDULE_FIELDS = [
    "due_at",
    "due_is_day",
    "due_day",
    "due_zone",
    "late_by_design",
    "next_reminder_at",
]


def with_schedule_facts(steps: StepQuerySet) -> StepQuerySet:
    """Fetch in one query what dates and recipients of steps depend on."""
    return steps.select_related(
        "anchor",
        "opening",
        "engagement",
        "assignee__manager",
        "pool__region",
        "checklist__customer",
        "checklist__coordinator__manager",
        "checklist__manager",
        "checklist__pool__region",
    )


def pool_calendar(pool: Pool, settings: PortalSettings) -> Calendar:
    """Return the calendar of the pool's region, the company's for all regions."""
    return pool.region.calendar if pool.region else settings.company_calendar


def owner_calendar(step: Step, settings: PortalSettings) -> Calendar:
    """Return the calendar of the person, or of the pool, that owns the step."""
    if step.assignee is not None:
        return step.assignee.calendar
    return pool_calendar(step.pool or step.checklist.pool, settings)


def rule_calendar(step: Step, settings: PortalSettings) -> Calendar:
    """Return the calendar that the step's rule names (domain.md, Dates)."""
    checklist = step.checklist
    if step.calendar == CalendarKind.SESSION:
        return Calendar(checklist.zone, checklist.country, checklist.subdivision)
    if step.calendar == CalendarKind.CUSTOMER and checklist.customer is not None:
        return checklist.customer.calendar
    if step.calendar == CalendarKind.OWNER:
        return owner_calendar(step, settings)
    return settings.company_calendar


def known_since(step: Step) -> datetime | None:
    """Return since when the portal knew the step and its anchor's date."""
    moments = [step.anchor.known_since, step.open_since]
    return max((moment for moment in moments if moment is not None), default=None)


def timing_of(step: Step, settings: PortalSettings) -> Timing:
    """Gather what the step's due date depends on."""
    return Timing(
        anchor_key=step.anchor.key,
        anchor=step.anchor.value,
        known_since=known_since(step),
        offset=Offset(step.offset_value, OffsetUnit(step.offset_unit)),
        calendar=rule_calendar(step, settings),
        due_at_once=step.due_at_once,
        repeat=step.repeat,
        period=step.period,
        opens_key=step.opens_with,
        opens=step.opening.value if step.opening else None,
    )


def escalation_target(step: Step, recipient: str) -> User | Pool:
    """Return who hears of the step: its owner, the coordinator, or the manager.

    Where nobody holds the office any more, the checklist's pool stands in (R-23).
    """
    checklist = step.checklist
    if recipient == Recipient.OWNER:
        return still_here(step.assignee) or step.pool or checklist.pool
    if recipient == Recipient.COORDINATOR:
        return still_here(checklist.coordinator) or checklist.pool
    managers = [
        step.assignee.manager if step.assignee else None,
        checklist.manager,
        checklist.coordinator.manager if checklist.coordinator else None,
    ]
    here = (still_here(person) for person in managers)
    return next((person for person in here if person is not None), checklist.pool)


def recipient_calendar(
    step: Step, recipient: str, settings: PortalSettings
) -> Calendar:
    """Return the calendar on which a recipient's reminders leave."""
    target = escalation_target(step, recipient)
    if isinstance(target, Pool):
        return pool_calendar(target, settings)
    return target.calendar


def planned_reminders(
    step: Step, settings: PortalSettings
) -> list[reminders.PlannedReminder]:
    """Return every reminder that the step's deadline calls for, with its moment.

    The owner hears nothing of a step that is not open yet.
    """
    if step.due_at is None:
        return []
    opens_at = timing_of(step, settings).opens_at
    known = known_since(step) or step.due_at
    base = max(step.due_at, known)
    planned = [
        reminders.PlannedReminder(
            reminders.reminder_moment(
                rule,
                step.due_at,
                base,
                recipient_calendar(step, rule.recipient, settings),
                settings["reminders.hour"],
            ),
            rule,
        )
        for rule in reminders.reminder_rules(step.reminder_days)
    ]
    worth = reminders.still_worth_saying(planned, max(known, opens_at or known))
    quiet = (quiet_until(step, settings), opens_at)
    return reminders.after_snooze(worth, max(filter(None, quiet), default=None))


def quiet_until(step: Step, settings: PortalSettings) -> datetime | None:
    """Return when the owner hears of a step again that was put off."""
    if step.snoozed_until is None:
        return None
    zone = owner_calendar(step, settings).zone
    return local_moment(step.snoozed_until, time(settings["reminders.hour"]), zone)


def put_deadline(step: Step, settings: PortalSettings) -> None:
    """Write the due date that the rules give onto the step (not saved)."""
    deadline = deadline_for(timing_of(step, settings))
    if deadline is None:
        step.due_at, step.due_day, step.due_zone = None, None, ""
        step.late_by_design = False
        return
    step.due_at = deadline.due.at
    step.due_is_day = deadline.due.is_day
    step.due_day = deadline.due.day
    step.due_zone = deadline.due.zone
    step.late_by_design = deadline.late_by_design


def put_next_reminder(
    step: Step, settings: PortalSettings, decided: frozenset[str], now: datetime
) -> None:
    """Write the moment of the step's next reminder onto it (not saved)."""
    if not step.is_open or step.checklist.is_paused:
        step.next_reminder_at = None
        return
    step.next_reminder_at = reminders.next_reminder_moment(
        planned_reminders(step, settings), decided, now
    )


def decided_rules(steps: Iterable[Step]) -> Mapping[int, frozenset[str]]:
    """Return, per step, the reminder rules decided for its present due date."""
    due = {step.pk: step.due_at for step in steps}
    codes: dict[int, set[str]] = {}
    for step_id, rule, due_at in Reminder.objects.filter(step__in=due).values_list(
        "step_id", "rule", "due_at"
    ):
        if due[step_id] == due_at:
            codes.setdefault(step_id, set()).add(rule)
    return {step_id: frozenset(found) for step_id, found in codes.items()}


def schedule(steps: list[Step], settings: PortalSettings, *, now: datetime) -> None:
    """Recompute due dates and next reminders of the steps (not saved).

    Steps pinned by hand keep their date (R-20).
    """
    for step in steps:
        if not step.pinned:
            put_deadline(step, settings)
    decided = decided_rules([step for step in steps if step.pk])
    for step in steps:
        put_next_reminder(step, settings, decided.get(step.pk, frozenset()), now)


def save_schedule(steps: list[Step]) -> None:
    """Save what `schedule` wrote."""
    write_fields(steps, SCHEDULE_FIELDS)
