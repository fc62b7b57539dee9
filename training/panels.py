"""The tab "Training" of the engagement page."""

from dataclasses import replace
from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engagements.access import may, rights_of
from engagements.models import Engagement
from engagements.moves import within_reach
from engagements.queries import gate_for
from engagements.registry import Panel, panels
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.models import User
from training.models import Delivery
from training.planning_page import meetings_of
from training.proposal_rows import proposal_rows_of
from training.queries import ClassRow, class_rows, with_dates
from training.rules.classes import (
    reasons_against_planning,
    reasons_against_promising_dates,
)


def training_context(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """Return the classes of the engagement with their countdown, soonest first."""
    user = cast(User, request.user)  # the middleware lets nobody else through
    classes = with_dates(Delivery.objects.filter(engagement=engagement))
    rows = classes.select_related("course", "trainer", "engagement")
    may_enter = may(user, Action.WORK_EDIT, engagement)
    against = reasons_against_planning(engagement)
    may_open = may(user, Action.WORK_SEE, engagement)
    in_order = rows.order_by("first_start", "pk")
    shown = class_rows(list(in_order), now=clock.now())
    return {
        "engagement": engagement,
        "classes": shown if may_open else [without_links(row) for row in shown],
        "may_open": may_open,
        "may_enter": may_enter and not against,
        "may_propose": may(user, Action.BOOK, engagement) and not against,
        "may_book_meeting": may_enter and bool(shown),
        "meetings": meetings_of(engagement) if may_open else [],
        "proposals": proposal_rows_of(engagement) if may_open else [],
        "gate_reasons": within_reach(
            reasons_against_promising_dates(gate_for(engagement, clock.now())),
            rights_of(user, engagement),
        ),
    }


def without_links(row: ClassRow) -> ClassRow:
    """Return a row for who sees the dates, but not the pages behind them."""
    return replace(row, marks=[replace(mark, url="") for mark in row.marks])


def has_training(engagement: Engagement) -> bool:
    """Tell whether the engagement has classes at all: training and blended."""
    return engagement.has_training


def register_panels() -> None:
    """Add the tab to the engagement page."""
    panels.register(
        Panel(
            key="training",
            title=str(_("Training")),
            template="training/partials/_panel.html",
            order=60,
            context=training_context,
            is_shown=has_training,
        )
    )
