"""Write down the rhythm of a dedicated engineer; each record ticks its own step."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.execution.choices import Renewal
from engagements.execution.models import (
    HoursReview,
    MonthlyGoal,
    RenewalDecision,
    WeeklySummary,
)
from engagements.execution.rules.dedicated import (
    NEEDS_PAPER,
    Goal,
    hours_of_month,
    reasons_against_goals,
)
from engagements.execution.rules.health import last_day_of_week
from engagements.execution.services.health import AGAIN
from engagements.execution.services.periods import (
    is_due_by,
    is_of_month,
    tick_periods,
)
from engagements.models import Engagement
from engagements.owners import owners_of
from engagements.queries import step_of
from engagements.registry import facts
from engagements.rules.hours import WorkedHours
from engagements.services.approvals import News, tell
from engagements.services.evidence_steps import tick_if_ready
from psdelivery.history.services import record
from psdelivery.outbox.rules.drafts import DRAFT_STATES
from psdelivery.outbox.services.drafting import prepare_draft
from psdelivery.people.choices import ACCOUNT_ROLES, EngagementRole
from psdelivery.people.models import User
from psdelivery.people.moments import dated, local_day
from psdelivery.playbooks.choices import Phase
from psdelivery.playbooks.rules.adhoc import AdHocStep
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.adhoc import add_step
from psdelivery.registry import refuse

GOALS_STEP = "monthly-goals"
SUMMARY_STEP = "weekly-summary"
REVIEW_STEP = "hours-review"
RENEWAL_STEP = "renewal-decision"
SUMMARY_MAIL = "weekly-summary"
MONTH = "F Y"
# The paper of a renewal takes its time: signatures on both sides.
PAPER_IN = timedelta(days=14)


def locked(engagement: Engagement) -> Engagement:
    """Lock the engagement, so that two who write the same thing wait for each other."""
    rows = Engagement.objects.select_for_update(of=("self",))
    return rows.select_related("customer", "paper").get(pk=engagement.pk)


@transaction.atomic
def save_goals(
    engagement: Engagement,
    month: date,
    goals: Sequence[Goal],
    *,
    by: User,
    now: datetime,
) -> list[MonthlyGoal]:
    """Save the goals of a month (its first day) as they stand in this order.

    Those left out are removed. The step of the month is ticked. Raises RuleRefused
    for fewer than three, more than five, and one without a measure.
    """
    refuse(reasons_against_goals(goals))
    engagement = locked(engagement)
    ours = MonthlyGoal.objects.filter(engagement=engagement, month=month)
    known = {row.pk: row for row in ours}
    ours.exclude(pk__in=[goal.pk for goal in goals if goal.pk]).delete()
    rows = []
    for order, goal in enumerate(goals):
        row = known.get(goal.pk or 0) or MonthlyGoal(engagement=engagement, month=month)
        values = asdict(goal)
        row.order, row.carried_from_id = order, values.pop("carried_from")
        values.pop("pk")
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        rows.append(row)
    told = [", ".join(row.text for row in known.values())]
    changes = {"goals": [*told, ", ".join(row.text for row in rows)]}
    note = _("Goals of %(month)s.") % {"month": dated(month, MONTH)}
    record(
        "goals-agreed",
        by=by,
        subject=engagement,
        engagement=engagement,
        changes=changes,
        reason=note,
        now=now,
    )
    tick_periods(engagement, GOALS_STEP, is_of_month(month), note, by=by, now=now)
    return rows


@transaction.atomic
def save_summary(
    engagement: Engagement,
    ends_on: date,
    done: str,
    coming: str,
    obstacles: str,
    *,
    by: User,
    now: datetime,
) -> WeeklySummary:
    """Save the summary of a week (its Friday), tick its step and draft its mail.

    The mail to the customer waits for a person's click. One that has left stays.
    """
    engagement = locked(engagement)
    summary, _made = WeeklySummary.objects.update_or_create(
        engagement=engagement,
        ends_on=ends_on,
        defaults={
            "done": done,
            "coming": coming,
            "obstacles": obstacles,
            "by": by,
            "at": now,
        },
    )
    note = _("Summary of the week until %(day)s.") % {"day": dated(ends_on, "j F Y")}
    record(
        "week-summarised",
        by=by,
        subject=engagement,
        engagement=engagement,
        reason=note,
        now=now,
    )
    is_meant = is_due_by(last_day_of_week(ends_on))
    tick_periods(engagement, SUMMARY_STEP, is_meant, note, by=by, now=now)
    message = summary.message
    if message is None or message.state in {*DRAFT_STATES, *AGAIN}:
        summary.message = prepare_draft(SUMMARY_MAIL, summary, by=by, now=now)
        summary.save(update_fields=["message"])
    return summary


@transaction.atomic
def save_review(
    engagement: Engagement, month: date, note: str, *, by: User, now: datetime
) -> HoursReview:
    """Save what was agreed about the hours of a month, as they stand now.

    Planned and actual are those of the weeks that end in it. Its step is ticked.
    """
    engagement = locked(engagement)
    hours = hours_of_month(facts.read(WorkedHours, engagement), month)
    review, _made = HoursReview.objects.update_or_create(
        engagement=engagement,
        month=month,
        defaults={
            "planned": hours.planned,
            "actual": hours.actual,
            "note": note,
            "by": by,
            "at": now,
        },
    )
    words = _("Hours of %(month)s reviewed.") % {"month": dated(month, MONTH)}
    record(
        "hours-reviewed",
        by=by,
        subject=engagement,
        engagement=engagement,
        changes={"planned": ["", hours.planned], "actual": ["", hours.actual]},
        reason=note or words,
        now=now,
    )
    tick_periods(engagement, REVIEW_STEP, is_of_month(month), words, by=by, now=now)
    return review


@transaction.atomic
def decide_renewal(
    engagement: Engagement, decision: str, note: str, *, by: User, now: datetime
) -> RenewalDecision:
    """Save what becomes of the engineer's time after the last day, and why.

    Its step is ticked. Going on, changed or not, asks the account team for the paper:
    a step of sales, and word to the rest of them.
    """
    engagement = locked(engagement)
    before = RenewalDecision.objects.filter(engagement=engagement).first()
    values = {"decision": decision, "note": note, "by": by, "at": now}
    decided, _made = RenewalDecision.objects.update_or_create(
        engagement=engagement, defaults=values
    )
    old = before.decision if before else None
    record(
        "renewal-decided",
        by=by,
        subject=engagement,
        engagement=engagement,
        changes={"renewal": [old, decision]},
        reason=note,
        now=now,
    )
    completion = Completion(note=f"{decided}: {note}")
    tick_if_ready(step_of(engagement, RENEWAL_STEP), completion, by=by, now=now)
    if decision in NEEDS_PAPER and old not in NEEDS_PAPER:
        ask_for_paper(engagement, decided, by=by, now=now)
    return decided


def ask_for_paper(
    engagement: Engagement, decided: RenewalDecision, *, by: User, now: datetime
) -> None:
    """Put the follow-on to the account team: a step of sales, and a note to all."""
    url = engagement.get_absolute_url()
    title = _("Prepare the follow-on paper: %(decision)s") % {
        "decision": Renewal(decided.decision).label
    }
    if engagement.checklist is not None:
        asked = AdHocStep(
            title=title,
            phase=Phase.CUSTOMER_SUCCESS,
            owner_role=EngagementRole.SAL,
            due_day=local_day(now, engagement.customer.zone) + PAPER_IN,
            instructions=decided.note,
            subject_url=url,
        )
        owners = owners_of(engagement)
        add_step(engagement.checklist, asked, owners=owners, by=by, now=now)
    members = engagement.team.filter(role__in=ACCOUNT_ROLES, person__isnull=False)
    people = [member.person for member in members.select_related("person")]
    news = News(
        subject=decided,
        event=decided.decision,
        engagement=engagement,
        title=title,
        lines=(title, decided.note),
        url=url,
        why=_("You are on the account team."),
    )
    tell(news, [person for person in people if person], by=by, now=now)
