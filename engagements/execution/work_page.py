"""The tab "Work items" of the engagement page, and the page of one item."""

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engagements.access import Rights, rights_of
from engagements.execution.choices import WorkItemState
from engagements.execution.gitlab.addresses import reasons_against_talking
from engagements.execution.models import WorkItem
from engagements.execution.rules.completeness import PARTS
from engagements.execution.rules.work import (
    next_state,
    reasons_against_removing,
    reasons_against_state,
    states_before,
)
from engagements.execution.services.project_runs import project_of
from engagements.execution.tabs import shown_with
from engagements.execution.work_queries import (
    ItemRow,
    has_findings,
    item_rows,
    items_of,
    row_of,
)
from engagements.models import Engagement
from engagements.registry import Panel, panels
from psdelivery.access import Action
from psdelivery.history.queries import events_for_subject
from psdelivery.people.models import User

KEY = "work"
# Behind the plan and the discovery.
ORDER = 18


@dataclass(frozen=True)
class StateMove:
    """A state that an item can go to, with the words of its button."""

    to: str
    words: str
    is_back: bool = False


FORWARD = {
    WorkItemState.READY: _("Ready to build"),
    WorkItemState.IN_BUILD: _("Start the build"),
    WorkItemState.IN_VALIDATION: _("Start the validation"),
    WorkItemState.DONE: _("Done"),
}


def work_panel(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """Return the items of the engagement with what each lacks."""
    rights = reader_rights(request, engagement)
    project = project_of(engagement.pk)
    return {
        "rows": item_rows(engagement),
        "may_edit": rights.may(Action.WORK_EDIT),
        "has_findings": has_findings(engagement),
        "project": project,
        "against_push": reasons_against_talking(project.url) if project else [],
    }


def reader_rights(request: HttpRequest, engagement: Engagement) -> Rights:
    """Return what the reader may do with the engagement."""
    user = cast(User, request.user)  # the middleware lets nobody else through
    return rights_of(user, engagement)


def item_page(request: HttpRequest, item: WorkItem) -> dict[str, Any]:
    """Return what the page of one item shows, and what may be done there."""
    engagement = item.engagement
    found = items_of(engagement).get(pk=item.pk)
    found.engagement = engagement
    may_edit = reader_rights(request, engagement).may(Action.WORK_EDIT)
    row = row_of(found)
    moves = state_moves(row) if may_edit else []
    return {
        "engagement": engagement,
        "item": found,
        "row": row,
        "parts": [(words, getattr(found, name)) for name, words in PARTS.items()],
        "against_next": against_next(row),
        "moves": moves,
        "has_way_back": any(move.is_back for move in moves),
        "may_edit": may_edit,
        "may_remove": may_edit and not reasons_against_removing(found),
        "comments": list(found.comments_there.all()),
        "events": events_for_subject(found),
    }


def against_next(row: ItemRow) -> list[Any]:
    """Return what stands against the next state, each with its cure."""
    to = next_state(row.item.state)
    if not to:
        return []
    return reasons_against_state(row.item, to, against_build=row.against_build)


def state_moves(row: ItemRow) -> list[StateMove]:
    """Return the states that the item can go to now, the next one first."""
    state = row.item.state
    moves = [
        StateMove(one, str(WorkItemState(one).label), is_back=True)
        for one in states_before(state)
    ]
    to = next_state(state)
    if to and not against_next(row):
        moves.insert(0, StateMove(to, str(FORWARD[WorkItemState(to)])))
    return moves


def register_work_panel() -> None:
    """Add the tab to the engagement page."""
    panels.register(
        Panel(
            key=KEY,
            title=_("Work items"),
            template="execution/work/_panel.html",
            order=ORDER,
            context=work_panel,
            is_shown=shown_with(WorkItem),
            needs=Action.WORK_SEE,
        )
    )
