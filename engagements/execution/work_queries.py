"""Work items as lists and pages show them."""

from dataclasses import dataclass

from django.db.models import QuerySet

from engagements.execution.choices import WorkItemState
from engagements.execution.models import OpenQuestion, WorkItem
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
