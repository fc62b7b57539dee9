"""Register and edit engagements, with their paper, team and checklist."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.choices import BallWith, Kind, Status
from engagements.models import Engagement, Offering, Paper, TeamMember
from engagements.owners import owners_of
from engagements.rules.intake import reasons_against_double
from engagements.rules.status import BALL_AFTER
from engagements.services.ball import follow_steps, put_ball
from engagements.services.contacts import follow_contact
from engagements.services.facts import checklist_facts
from engagements.services.gate import create_conditions, note_intake_conditions
from engagements.services.planned_dates import (
    PLANNED,
    Replanning,
    follow_planned_dates,
)
from engagements.services.units import follow_units
from engagements.services.values import write_values
from psdelivery.documents.models import Document
from psdelivery.documents.services import save_evidence
from psdelivery.history.services import record
from psdelivery.people.models import Customer, User
from psdelivery.playbooks.models import Playbook
from psdelivery.playbooks.services.checklists import (
    ChecklistDraft,
    start_checklist,
)
from psdelivery.registry import Reason, RuleRefused

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
    "use_by",
)
ONE_DAY = timedelta(days=1)
MONEY_FIELDS = frozenset({"value", "currency"})


@dataclass(frozen=True)
class PaperFile:
    """What was given in the fields of `EvidenceFields`, and whether it tells money."""

    given: Mapping[str, Any] = field(default_factory=dict)
    tells_money: bool = False


@dataclass(frozen=True)
class Intake:
    """What the intake form hands over: unsaved records, the team, the paper itself."""

    engagement: Engagement
    paper: Paper
    offerings: Iterable[Offering] = ()
    team: Iterable[TeamMember] = field(default_factory=list)
    paper_file: PaperFile = field(default_factory=PaperFile)
    # Whether a second one of the same title within a day is refused.
    refuses_double: bool = False


@dataclass(frozen=True)
class IntakeChanges:
    """What somebody changed in the intake: only the fields that differ for them."""

    engagement: Mapping[str, Any] = field(default_factory=dict)
    paper: Mapping[str, Any] = field(default_factory=dict)
    offerings: Iterable[Offering] | None = None
    paper_file: PaperFile = field(default_factory=PaperFile)


@transaction.atomic
def register_engagement(
    intake: Intake, *, by: User | None, now: datetime
) -> Engagement:
    """Register a sold or coming engagement: gate, team, checklist, history.

    domain.md, section 1. It begins as Estimate; internal work is Active at once.
    Raises RuleRefused for a double where the intake asks for that, and where there is
    no playbook.
    """
    engagement = intake.engagement
    if intake.refuses_double:
        refuse_double(engagement, now=now)
    is_internal = engagement.kind == Kind.INTERNAL
    engagement.status = Status.ACTIVE if is_internal else Status.ESTIMATE
    engagement.status_since = engagement.ball_since = engagement.created_at = now
    engagement.created_by = by
    engagement.save()
    put_ball(engagement, first_ball(engagement), now=now)
    engagement.offerings.set(intake.offerings)
    save_paper(intake, by=by, now=now)
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
    follow_steps(engagement, now=now)
    return engagement


def refuse_double(engagement: Engagement, *, now: datetime) -> None:
    """Raise RuleRefused where the same was registered within a day.

    The customer is locked, so that of two clicks at once the second sees the first.
    """
    Customer.objects.select_for_update().get(pk=engagement.customer_id)
    lately = Engagement.objects.filter(
        customer=engagement.customer_id, created_at__gt=now - ONE_DAY
    )
    reasons = reasons_against_double(engagement.title, lately.order_by("pk"))
    if reasons:
        raise RuleRefused(reasons)


def first_ball(engagement: Engagement) -> BallWith:
    """Return who must move first; on internal work nobody waits for anybody."""
    if engagement.kind == Kind.INTERNAL:
        return BallWith.NOBODY
    return BALL_AFTER[Status(engagement.status)]


def save_paper(intake: Intake, *, by: User | None, now: datetime) -> None:
    """Save the paper of a new engagement, with its file or link."""
    paper = intake.paper
    paper.engagement = intake.engagement
    document = keep_paper_file(paper, intake.paper_file, by=by, now=now)
    paper.document = document or paper.document
    paper.save()


def keep_paper_file(
    paper: Paper, file: PaperFile, *, by: User | None, now: datetime
) -> Document | None:
    """Keep the file or link of the paper, if one was given."""
    return save_evidence(
        file.given,
        title=str(paper.get_kind_display()),
        engagement=paper.engagement,
        by=by,
        now=now,
        money=file.tells_money,
    )


def start_engagement_checklist(
    engagement: Engagement, *, by: User | None, now: datetime
) -> None:
    """Make the engagement's checklist from the playbook of its kind.

    Raises RuleRefused where that playbook is missing.
    """
    customer = engagement.customer
    key = PLAYBOOK_OF[Kind(engagement.kind)]
    if not Playbook.objects.current().filter(key=key).exists():
        sentence = _("There is no playbook for this kind: %(kind)s.")
        kind = engagement.get_kind_display()
        raise RuleRefused([Reason("no-playbook", sentence % {"kind": kind})])
    engagement.checklist = start_checklist(
        ChecklistDraft(
            playbook_key=key,
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
            },
        ),
        by=by,
        now=now,
    )
    engagement.save(update_fields=["checklist"])


@transaction.atomic
def edit_engagement(
    engagement: Engagement,
    changes: IntakeChanges,
    *,
    by: User,
    why: Mapping[str, Any] | None = None,
    now: datetime,
) -> Engagement:
    """Save a changed intake; dates that steps hang on move with it (R-20).

    `why` holds the reason, the cause and the exempted steps of such a move.
    """
    locked = Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    before = {name: getattr(locked, name) for name in PLANNED}
    paper = Paper.objects.select_for_update(of=("self",)).get(engagement=locked)
    document = keep_paper_file(paper, changes.paper_file, by=by, now=now)
    given = dict(changes.paper) | ({"document": document} if document else {})
    told = write_values(locked, changes.engagement) | write_values(paper, given)
    locked.save()
    paper.save()
    locked.paper = paper
    if changes.offerings is not None:
        told |= write_offerings(locked, changes.offerings)
    record_changes(locked, told, by=by, now=now)
    note_intake_conditions(locked, by=by, now=now)
    if "main_contact" in told:
        follow_contact(locked, by=by, now=now)
    replanning = Replanning(before=before, **(why or {}))
    follow_planned_dates(locked, by=by, now=now, replanning=replanning)
    follow_units(locked, by=by, now=now)
    return locked


def write_offerings(
    engagement: Engagement, offerings: Iterable[Offering]
) -> dict[str, list[object]]:
    """Set the offerings; return the change, if there is one."""
    old = sorted(map(str, engagement.offerings.all()))
    engagement.offerings.set(offerings)
    new = sorted(map(str, engagement.offerings.all()))
    return {} if old == new else {"offerings": [old, new]}


def record_changes(
    engagement: Engagement,
    changes: Mapping[str, list[object]],
    *,
    by: User,
    now: datetime,
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
