"""The tab "Deliverables" of the engagement page, and the page of each."""

from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engagements.access import rights_of
from engagements.execution.choices import DeliverableState
from engagements.execution.models import (
    Deliverable,
    DeliverableVersion,
    EngagementLink,
    Lesson,
)
from engagements.execution.rules.deliverables import (
    StateMove,
    moves_of,
    state_words,
)
from engagements.execution.rules.kits import deliverables_to_take, links_to_take
from engagements.execution.rules.plan import by_due_day
from engagements.execution.services.kits import kit_items_of, kit_links_of
from engagements.execution.tabs import shown_with
from engagements.models import Engagement
from engagements.registry import Panel, panels
from psdelivery.access import Action
from psdelivery.people.models import User

KEY = "deliverables"
ORDER = 19


@dataclass(frozen=True)
class DeliverableRow:
    """A deliverable with its newest version, and how many there are."""

    deliverable: Deliverable
    state: str
    versions: list[DeliverableVersion]

    @property
    def newest(self) -> DeliverableVersion | None:
        """The version that counts."""
        return self.versions[0] if self.versions else None


def deliverable_rows(engagement: Engagement) -> list[DeliverableRow]:
    """Return the deliverables with their versions, soonest first (two queries)."""
    versions = DeliverableVersion.objects.select_related("document")
    found = Deliverable.objects.filter(engagement=engagement, is_milestone=False)
    rows = found.select_related("owner").prefetch_related(
        Prefetch("versions", versions)
    )
    return [
        DeliverableRow(one, state_words(one), list(one.versions.all()))
        for one in by_due_day(rows)
    ]


def deliverable_context(deliverable: Deliverable) -> dict[str, Any]:
    """Return what the page of a deliverable shows: versions, reviews, moves."""
    versions = deliverable.versions.select_related(
        "document", "by", "review__contact", "review__evidence", "review__by"
    )
    moves = moves_of(deliverable)
    return {
        "versions": list(versions),
        "state_words": state_words(deliverable),
        "moves": moves,
        "first_move": first_of(moves),
        "may_review": not deliverable.is_milestone
        and deliverable.state == DeliverableState.DELIVERED,
        "may_have_versions": not deliverable.is_milestone
        and deliverable.state != DeliverableState.ACCEPTED,
    }


def first_of(moves: list[StateMove]) -> StateMove | None:
    """Return the move that takes the work on: one that needs no reason."""
    return next((move for move in moves if not move.wants_reason), None)


def deliverables_panel(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """The deliverables with their newest versions."""
    user = cast(User, request.user)  # the middleware lets nobody else through
    items = kit_items_of(engagement)
    known = Deliverable.objects.filter(engagement=engagement)
    links = list(EngagementLink.objects.filter(engagement=engagement))
    offered = kit_links_of(engagement, items)
    lessons = Lesson.objects.filter(engagement=engagement)
    return {
        "rows": deliverable_rows(engagement),
        "has_kit": bool(items or offered),
        "from_kit": [
            *deliverables_to_take(items, known),
            *links_to_take(offered, links),
        ],
        "links": links,
        "lessons": lessons.select_related("offering", "by", "decided_by"),
        "may_propose": engagement.offerings.exists(),
        "may_edit": rights_of(user, engagement).may(Action.WORK_EDIT),
    }


def register_deliverables_panel() -> None:
    """Add the tab to the engagement page."""
    panels.register(
        Panel(
            key=KEY,
            title=_("Deliverables"),
            template="execution/panels/deliverables.html",
            order=ORDER,
            context=deliverables_panel,
            is_shown=shown_with(Deliverable, EngagementLink, Lesson),
            needs=Action.WORK_SEE,
        )
    )
