"""Work items as lists and pages show them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from engagements.execution.choices import AssumptionState, WorkItemState
from engagements.execution.models import (
    Assumption,
    DiscoveryQuestion,
    DiscoverySession,
    OpenQuestion,
    WorkItem,
)
from engagements.execution.rules.build import reasons_against_build
from engagements.execution.rules.completeness import PARTS, missing_for_ready
from engagements.models import Engagement
from psdelivery.registry import Reason

# What is built already is not held up any more.
BEFORE_BUILD = frozenset(
    {WorkItemState.DRAFT, WorkItemState.READY, WorkItemState.IN_BUILD}
)


@dataclass(frozen=True)
class ItemRow:
    """A work item with what it lacks, and what holds up its build (R-10)."""

    item: WorkItem
    missing: list[Reason]
    against_build: list[Reason]
    questions: list[OpenQuestion]

    @property
    def open_count(self) -> int:
        return sum(not one.is_settled for one in self.questions)

    @property
    def empty_parts(self) -> list[str]:
        return [str(PARTS[reason.code]) for reason in self.missing]

    @property
    def open_assumptions(self) -> int:
        return sum(one.code == "assumption-open" for one in self.against_build)


def items_of(engagement: Engagement) -> QuerySet[WorkItem]:
    """Return the items of an engagement with what a row tells, in their order."""
    rows = WorkItem.objects.filter(engagement=engagement)
    return rows.select_related("owner").prefetch_related(
        "assumptions", "open_questions__risk", "open_questions__answered_by"
    )


def item_rows(engagement: Engagement) -> list[ItemRow]:
    """Return the rows of the tab; a constant number of queries."""
    return [row_of(item) for item in items_of(engagement).order_by("order", "pk")]


def row_of(item: WorkItem) -> ItemRow:
    """Return one item with what it lacks and what holds it up."""
    questions = list(item.open_questions.all())
    waits = item.state in BEFORE_BUILD
    against = reasons_against_build(item.assumptions.all(), questions) if waits else []
    return ItemRow(item, missing_for_ready(item, item.edit_url), against, questions)


@dataclass(frozen=True)
class Findings:
    """What discovery brought to light; each row tells whether it `has_item`."""

    assumptions: QuerySet[Assumption]
    questions: QuerySet[DiscoveryQuestion]
    drafted: list[WorkItem]


def findings_of(
    engagement: Engagement, session: DiscoverySession | None = None
) -> Findings:
    """Return what can become work items, of one session or of all of them."""
    assumptions = Assumption.objects.filter(
        engagement=engagement, state=AssumptionState.INVALIDATED
    )
    answered = DiscoveryQuestion.objects.filter(
        session__engagement=engagement,
        answer__isnull=False,
        answer__removed_at__isnull=True,
    )
    questions = answered.exclude(answer__text="").select_related("answer")
    if session is not None:
        assumptions = assumptions.filter(session=session)
        questions = questions.filter(session=session)
    sources = Q(answers__in=questions) | Q(assumptions__in=assumptions)
    items = WorkItem.objects.filter(sources, engagement=engagement).distinct()
    return Findings(
        with_item(assumptions), with_item(questions), list(items.order_by("order"))
    )


def with_item(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate `has_item`: whether a work item was made of it, or rests on it."""
    items = rows.model.work_items.through.objects
    name = rows.model._meta.model_name
    made = Exists(items.filter(**{name: OuterRef("pk")}))
    found: QuerySet[Any] = rows.annotate(has_item=made)
    return found


def has_findings(engagement: Engagement) -> bool:
    """Tell whether something can become a work item that has none yet."""
    findings = findings_of(engagement)
    rows = (findings.assumptions, findings.questions)
    return any(one.filter(work_items__isnull=True).exists() for one in rows)
