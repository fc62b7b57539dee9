"""What the pages of requests show: a row of the list, and one in full."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from psdelivery.comments.models import Comment
from psdelivery.history.queries import events_for_subject
from psdelivery.people.http import SignedInRequest
from scheduling.access import visible_requests
from scheduling.change_page import change_of
from scheduling.choices import WAITING_STATES, Hold, RequestState
from scheduling.comments import subject_of
from scheduling.models import ResourceRequest
from scheduling.queries.requests import neighbours, waited_long
from scheduling.request_panels import request_panels
from scheduling.request_rights import RequestRights, rights_on
from scheduling.rules.requests import coordination_time
from scheduling.words import headline, hours_text, ranges_text, task_text

TONES = {
    "draft": "neutral",
    "submitted": "info",
    "under_review": "info",
    "offered": "warn",
    "accepted": "info",
    "booked": "good",
    "answered": "done",
    "refused": "bad",
    "withdrawn": "done",
}
HISTORY_ROWS = 50


@dataclass(frozen=True)
class RequestRow:
    """A request as a list shows it."""

    asked: ResourceRequest
    title: str
    days: str
    hours: str
    tone: str
    is_late: bool


def request_rows(
    requests: Iterable[ResourceRequest], now: datetime
) -> list[RequestRow]:
    """Return requests as rows; they come from `rows_of_list`."""
    return [
        RequestRow(
            asked,
            headline(asked),
            ranges_text(list(asked.ranges.all())),
            hours_text(asked),
            TONES[asked.state],
            waited_long(asked, now),
        )
        for asked in requests
    ]


def request_context(
    request: SignedInRequest, asked: ResourceRequest, now: datetime
) -> dict[str, Any]:
    """Return what the page of a request shows to this reader."""
    rights = rights_on(request.user, asked)
    panels = request_panels.shown(request, asked)
    return {
        "asked": asked,
        "headline": headline(asked),
        "hours": hours_text(asked),
        "task": task_text(asked.kind, asked.task),
        "ranges": asked.ranges.all(),
        "skills": asked.skills.select_related("skill"),
        # What is offered has a panel of its own.
        "allocations": asked.allocations.exclude(hold=Hold.OFFER).select_related(
            "person", "partner"
        ),
        "tone": TONES[asked.state],
        "change": change_of(asked),
        "rights": rights,
        "next": next_action(asked, is_late=waited_long(asked, now)),
        "coordination": hours_of(coordination_time(asked, now)),
        "first_panels": [panel for panel in panels if panel.is_first],
        "panels": [panel for panel in panels if not panel.is_first],
        "subject": subject_of(asked),
        "comments": Comment.objects.on(asked),
        "events": events_for_subject(asked)[:HISTORY_ROWS],
        **queue_context(request, asked, rights),
    }


def queue_context(
    request: SignedInRequest, asked: ResourceRequest, rights: RequestRights
) -> dict[str, Any]:
    """Return the requests before and after this one, for who handles them."""
    if not rights.books:
        return {"before": None, "after": None}
    before, after = neighbours(visible_requests(request.user), asked, request.user)
    return {"before": before, "after": after}


def hours_of(span: timedelta) -> int:
    """Return a span in whole hours."""
    return int(span / timedelta(hours=1))


@dataclass(frozen=True)
class NextAction:
    """The heading of what is to be done next, and how loud it is."""

    title: str
    tone: str = "accent"


def next_action(asked: ResourceRequest, *, is_late: bool) -> NextAction:
    """Say who does what next with a request; what ended only says how."""
    state = asked.get_state_display()
    if asked.state == RequestState.DRAFT:
        return NextAction(_("Not sent yet"))
    if asked.state == RequestState.OFFERED:
        return NextAction(_("Next: choose among what is offered"))
    if asked.state not in WAITING_STATES:
        return NextAction(state, "")
    if is_late:
        return NextAction(_("Late: coordination answers"), "bad")
    return NextAction(_("Next: coordination answers"))
