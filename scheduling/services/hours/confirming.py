"""A person tells the hours of a week: kept for later, or confirmed and sent on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from engagements.models import Engagement
from psdelivery.history.services import EventDraft, record_many
from psdelivery.people.models import User
from psdelivery.people.services.changes import one_transaction
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step
from psdelivery.registry import Reason, refuse
from scheduling.choices import HoursSource, HoursState
from scheduling.models import HoursEntry, HoursPart, HoursWeek
from scheduling.queries.hours import (
    PART_NEEDS,
    days_of,
    drafts_or_plan,
    engagements_by_key,
    entries_in_order,
    hours_by_day,
    plan_of,
    work_of,
)
from scheduling.rules.hours import (
    NOTHING,
    STALE,
    Days,
    Plan,
    reasons_against_days,
    reasons_against_quarters,
    reasons_against_work,
)
from scheduling.services.hours import asking, budgets, release
from scheduling.services.hours.weeks import (
    current_settings,
    reasons_before_opening,
    reasons_while_imported,
)


@dataclass(frozen=True)
class TypedRow:
    """The hours that somebody tells of one engagement, day by day."""

    engagement: Engagement
    hours: Days
    note: str = ""

    @property
    def total(self) -> Decimal:
        return sum(self.hours.values(), NOTHING)


@dataclass(frozen=True)
class Standing:
    """A week as it is stored, locked: its days, its parts, and what was planned."""

    week: HoursWeek
    days: Sequence[date]
    parts: Mapping[int, HoursPart]
    plan: Plan

    @property
    def settled(self) -> dict[int, HoursPart]:
        """Return the parts that only a counter-entry changes."""
        return {pk: part for pk, part in self.parts.items() if is_settled(part)}


def is_settled(part: HoursPart) -> bool:
    """Tell whether hours were approved once, or imported: they are told no more."""
    was_approved = part.state == HoursState.APPROVED or part.is_correction
    return was_approved or part.source == HoursSource.IMPORTED


def standing_of(week: HoursWeek) -> Standing:
    """Return the week with its rows locked: first the week, then its parts."""
    rows = HoursWeek.objects.select_for_update(of=("self",))
    week = rows.select_related("person__manager", "person__region").get(pk=week.pk)
    parts = HoursPart.objects.select_for_update(of=("self",)).filter(week=week)
    found = parts.select_related(
        *PART_NEEDS, "engagement__practice__manager", "engagement__region"
    )
    by_key = {
        part.engagement_id: part
        for part in found.prefetch_related(entries_in_order()).order_by("pk")
    }
    for part in by_key.values():
        part.week = week
    days = days_of(week)
    return Standing(week, days, by_key, plan_of(week.person, days))


def save_week(
    week: HoursWeek,
    rows: Sequence[TypedRow],
    *,
    version: int | None,
    by: User,
    now: datetime,
) -> HoursWeek:
    """Keep the hours for later; of a week that was confirmed they are sent on.

    Raises RuleRefused as `confirm_week` does.
    """
    with one_transaction():
        standing = standing_of(week)
        check(standing, rows, version=version, by=by, now=now)
        parts = put(standing, rows, by=by, now=now)
        if standing.week.confirmed_at is not None:
            return send_on(standing, parts, by=by, now=now)
        return touch(standing.week)


def confirm_week(
    week: HoursWeek,
    rows: Sequence[TypedRow],
    *,
    version: int | None,
    by: User,
    now: datetime,
) -> HoursWeek:
    """Confirm the hours of a week; whoever approves them is asked.

    domain.md, section 4. Raises RuleRefused: for somebody else's week, one that has
    not begun or changed meanwhile, and, at the day, for more than 24 hours, for what
    is no quarter, and for hours on work that had ended.
    """
    with one_transaction():
        standing = standing_of(week)
        check(standing, rows, version=version, by=by, now=now)
        parts = put(standing, rows, by=by, now=now)
        return send_on(standing, parts, by=by, now=now)


def confirm_as_it_stands(week: HoursWeek, *, by: User, now: datetime) -> HoursWeek:
    """Confirm a week in one click: as it was kept, where nothing was: as planned.

    Raises RuleRefused as `confirm_week` does, and for a week without hours.
    """
    with one_transaction():
        standing = standing_of(week)
        rows = rows_as_they_stand(standing)
        check(standing, rows, version=None, by=by, now=now)
        refuse(reasons_against_nothing(standing, rows))
        parts = put(standing, rows, by=by, now=now)
        return send_on(standing, parts, by=by, now=now)


def rows_as_they_stand(standing: Standing) -> list[TypedRow]:
    """Return what was kept, and what was planned where nothing was told."""
    settled = standing.settled
    hours = drafts_or_plan(standing.parts, standing.plan)
    found = engagements_by_key(pk for pk in hours if pk not in settled)
    return [
        TypedRow(engagement, hours[pk], note_of(standing.parts.get(pk)))
        for pk, engagement in sorted(found.items())
    ]


def note_of(part: HoursPart | None) -> str:
    return part.note if part is not None else ""


def reasons_against_nothing(
    standing: Standing, rows: Sequence[TypedRow]
) -> list[Reason]:
    """Return the reason against confirming in one click what nobody planned or told."""
    if rows or standing.parts:
        return []
    sentence = _("Nothing is planned and nothing was told: enter the hours first.")
    url = standing.week.get_absolute_url()
    return [Reason("nothing", sentence, url, _("Open the week"))]


def check(
    standing: Standing,
    rows: Sequence[TypedRow],
    *,
    version: int | None,
    by: User,
    now: datetime,
) -> None:
    """Raise RuleRefused where a rule stands against these hours."""
    refuse(reasons_against_writing(standing.week, by, now))
    refuse(reasons_against_stale(standing, rows, version))
    refuse(reasons_against_rows(standing, rows))


def reasons_against_writing(
    week: HoursWeek, by: User | None, now: datetime
) -> list[Reason]:
    """Everybody tells the own hours, of a week that has begun, while they work here."""
    person = week.person
    if by is not None and by != person:
        sentence = _("%(person)s confirms the own hours.")
        return [Reason("not-own", sentence % {"person": person})]
    if not person.is_active:
        return [Reason("left", _("%(person)s has left.") % {"person": person})]
    imported = reasons_while_imported(current_settings())
    return imported or reasons_before_opening(week.ends_on, person, now)


def reasons_against_stale(
    standing: Standing, rows: Sequence[TypedRow], version: int | None
) -> list[Reason]:
    """Say that the week changed since it was opened: in another tab, or by approval."""
    settled = standing.settled
    is_stale = version is not None and version != standing.week.version
    if not is_stale and not any(row.engagement.pk in settled for row in rows):
        return []
    sentence = _("The week has changed since you opened it: look again, then send it.")
    return [Reason(STALE, sentence)]


def reasons_against_rows(standing: Standing, rows: Sequence[TypedRow]) -> list[Reason]:
    """Return what is wrong with the hours, each at its day."""
    reasons = [
        Reason(f"hours-{row.engagement.pk}-{day:%Y%m%d}", one.sentence)
        for row in rows
        for day, hours in row.hours.items()
        for one in reasons_against_quarters(hours)
    ]
    known = {
        pk: hours_by_day(part.entries.all()) for pk, part in standing.settled.items()
    }
    told = {row.engagement.pk: row.hours for row in rows}
    reasons += reasons_against_days({**known, **told})
    for row in rows:
        planned = standing.plan.hours_of(row.engagement.pk)
        reasons += reasons_against_work(work_of(row.engagement), row.hours, planned)
    return reasons


def put(
    standing: Standing, rows: Iterable[TypedRow], *, by: User, now: datetime
) -> list[HoursPart]:
    """Write the parts of a week that are still the person's; others stay."""
    written = []
    settled = standing.settled
    for row in rows:
        part = standing.parts.get(row.engagement.pk)
        is_planned = row.engagement.pk in standing.plan.engagements
        if row.total or row.note or is_planned:
            written.append(put_row(standing, row, part, by=by, now=now))
    kept = {part.pk for part in written} | {part.pk for part in settled.values()}
    HoursPart.objects.filter(week=standing.week).exclude(pk__in=kept).delete()
    return written


def put_row(
    standing: Standing,
    row: TypedRow,
    part: HoursPart | None,
    *,
    by: User,
    now: datetime,
) -> HoursPart:
    """Write the hours of one engagement, in place of those that stood there."""
    part = part or HoursPart(week=standing.week, engagement=row.engagement)
    part.engagement = row.engagement
    part.hours, part.note = row.total, row.note
    if part.state == HoursState.DRAFT or part.pk is None:
        part.state = HoursState.DRAFT
    part.version = (part.version or 0) + 1 if part.pk else 1
    part.save()
    HoursEntry.objects.filter(part=part).delete()
    HoursEntry.objects.bulk_create(
        HoursEntry(part=part, day=day, hours=hours, by=by, at=now)
        for day, hours in sorted(row.hours.items())
        if hours
    )
    return part


def touch(week: HoursWeek) -> HoursWeek:
    """Count the change."""
    week.version += 1
    week.save(update_fields=["version", "confirmed_at"])
    return week


def send_on(
    standing: Standing, parts: Sequence[HoursPart], *, by: User, now: datetime
) -> HoursWeek:
    """Submit the parts, ask who approves them, tick the step, write the history."""
    week = standing.week
    week.confirmed_at = now
    touch(week)
    earlier = {asking.key_of(part) for part in standing.parts.values()}
    for part in parts:
        submit(part, standing, now=now)
    asking.ask(parts, by=by, now=now)
    # Somebody else may approve by now, and what fell away waits for nobody.
    asking.settle(earlier - {asking.key_of(part) for part in parts}, by=by, now=now)
    for part in parts:
        budgets.follow_budget(part, by=by, now=now)
    record_many(
        [
            EventDraft(
                verb="hours-confirmed",
                by=by,
                subject=part,
                engagement=part.engagement,
            )
            for part in parts
        ],
        now=now,
    )
    tick(week, by=by, now=now)
    return week


def submit(part: HoursPart, standing: Standing, *, now: datetime) -> None:
    """Let one part wait for whoever approves it."""
    part.week = standing.week
    part.state, part.submitted_at = HoursState.SUBMITTED, now
    part.returned_reason = ""
    part.decided_by, part.decided_at = None, None
    days = HoursEntry.objects.filter(part=part).values_list("day", flat=True)
    part.waits_for_release = release.must_wait(part.engagement, days, now)
    asking.name_approver(part)
    part.save()


def tick(week: HoursWeek, *, by: User, now: datetime) -> None:
    """Tick the step of the week, where it waits."""
    steps = Step.objects.open().filter(checklist=week.checklist_id)
    if week.checklist_id is not None:
        for step in steps.order_by("pk"):
            complete_step(step, Completion(), by=by, now=now)
