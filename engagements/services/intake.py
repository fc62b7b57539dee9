"""Register and edit engagements, with their paper, team and checklist."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Model

from engagements.choices import Kind, Status
from engagements.models import Engagement, Offering, Paper, TeamMember
from engagements.owners import owners_of
from engagements.services.gate import create_conditions, note_intake_conditions
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.playbooks.models import Anchor
from psdelivery.playbooks.services.checklists import (
    ChecklistDraft,
    set_anchor,
    start_checklist,
)

PLAYBOOK_OF = {
    Kind.CONSULTING: "consulting",
    Kind.TRAINING: "training",
    Kind.BLENDED: "blended",
    Kind.DEDICATED: "dedicated",
}
ANCHORS_OF_ENGAGEMENT = (
    "intake",
    "closed_won",
    "gate_open",
    "planned_start",
    "planned_end",
    "kickoff",
    "handoff_held",
    "golive",
    "signoff_sent",
    "closed",
    "completed",
)
SMALL_HOURS = 80
MEDIUM_HOURS = 400
MONEY_FIELDS = frozenset({"value", "currency"})


@dataclass(frozen=True)
class Intake:
    """What the intake form hands over: unsaved or changed records, and the team."""

    engagement: Engagement
    paper: Paper
    offerings: Iterable[Offering] = ()
    team: Iterable[TeamMember] = field(default_factory=list)


@transaction.atomic
def register_engagement(
    intake: Intake, *, by: User | None, now: datetime
) -> Engagement:
    """Register a sold or coming engagement: gate, team, checklist, history.

    domain.md, section 1. It begins as Estimate; internal work is Active at once.
    """
    engagement = intake.engagement
    is_internal = engagement.kind == Kind.INTERNAL
    engagement.status = Status.ACTIVE if is_internal else Status.ESTIMATE
    engagement.status_since = engagement.ball_since = engagement.created_at = now
    engagement.created_by = by
    engagement.save()
    engagement.offerings.set(intake.offerings)
    intake.paper.engagement = engagement
    intake.paper.save()
    create_conditions(engagement, now=now)
    for member in intake.team:
        member.engagement = engagement
        member.save()
    if not is_internal:
        start_engagement_checklist(engagement, by=by, now=now)
    record(
        "engagement-registered",
        by=by,
        subject=engagement,
        engagement=engagement,
        now=now,
    )
    note_intake_conditions(engagement, by=by, now=now)
    return engagement


def start_engagement_checklist(
    engagement: Engagement, *, by: User | None, now: datetime
) -> None:
    """Make the engagement's checklist from the playbook of its kind."""
    customer = engagement.customer
    engagement.checklist = start_checklist(
        ChecklistDraft(
            playbook_key=PLAYBOOK_OF[Kind(engagement.kind)],
            title=str(engagement),
            owners=owners_of(engagement),
            zone=customer.zone,
            country=customer.country,
            subdivision=customer.subdivision,
            engagement_id=engagement.pk,
            customer=customer,
            subject_url=engagement.get_absolute_url(),
            facts=checklist_facts(engagement),
            anchors={
                **dict.fromkeys(ANCHORS_OF_ENGAGEMENT),
                "intake": now,
                "closed_won": engagement.closed_won_at,
                "planned_start": engagement.wished_start,
                "planned_end": engagement.planned_end,
            },
        ),
        by=by,
        now=now,
    )
    engagement.save(update_fields=["checklist"])


def checklist_facts(engagement: Engagement) -> dict[str, object]:
    """Return the facts that decide which conditional steps belong to it.

    Size as in R-19: small up to 80 hours, medium up to 400; unknown counts as small.
    """
    hours = engagement.paper.hours or 0
    size = "large"
    if hours <= MEDIUM_HOURS:
        size = "small" if hours <= SMALL_HOURS else "medium"
    deploys = engagement.kind not in {Kind.TRAINING, Kind.INTERNAL}
    return {"kind": engagement.kind, "size": size, "deployed": deploys}


def changed_fields(before: Model, after: Model, names: Iterable[str]) -> dict:
    """Return what differs between two states of a record, as the history keeps it."""
    return {
        name: [str(getattr(before, name) or ""), str(getattr(after, name) or "")]
        for name in names
        if getattr(before, name) != getattr(after, name)
    }


EDITED_FIELDS = (
    "title",
    "main_contact",
    "region",
    "practice",
    "opportunity_url",
    "opportunity_stage",
    "forecast_category",
    "wished_start",
    "wished_start_latest",
    "planned_end",
    "definition_url",
    "notes",
)
PAPER_FIELDS = (
    "kind",
    "document",
    "value",
    "currency",
    "billing_terms",
    "hours",
    "units_sold",
    "use_by",
    "passive_acceptance",
)


@transaction.atomic
def edit_engagement(intake: Intake, *, by: User, now: datetime) -> Engagement:
    """Save a changed intake; dates that steps hang on move with it (R-20)."""
    engagement, paper = intake.engagement, intake.paper
    before = Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    paper_before = Paper.objects.get(engagement=engagement)
    engagement.save()
    paper.save()
    engagement.offerings.set(intake.offerings)
    changes = changed_fields(before, engagement, EDITED_FIELDS)
    paper_changes = changed_fields(paper_before, paper, PAPER_FIELDS)
    record_changes(engagement, changes | paper_changes, by=by, now=now)
    move_planned_dates(engagement, by=by, now=now)
    note_intake_conditions(engagement, by=by, now=now)
    return engagement


def record_changes(
    engagement: Engagement, changes: dict, *, by: User, now: datetime
) -> None:
    """Write the changed fields into the history, money apart from the rest."""
    for is_money in (False, True):
        part = {
            name: change
            for name, change in changes.items()
            if (name in MONEY_FIELDS) == is_money
        }
        if part:
            record(
                "engagement-edited",
                by=by,
                subject=engagement,
                engagement=engagement,
                changes=part,
                money=is_money,
                now=now,
            )


def move_planned_dates(engagement: Engagement, *, by: User, now: datetime) -> None:
    """Let the anchors of the planned start and end follow the intake."""
    if engagement.checklist is None:
        return
    planned = {
        "planned_start": engagement.wished_start,
        "planned_end": engagement.planned_end,
    }
    for anchor in Anchor.objects.filter(
        checklist=engagement.checklist, key__in=planned
    ):
        set_anchor(
            engagement.checklist, anchor.key, planned[anchor.key], by=by, now=now
        )
