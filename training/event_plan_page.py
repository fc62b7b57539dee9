"""What the pages of an event plan show: tab, card, versions and what is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from training.class_tabs import ClassCard, ClassTab, register_card, register_tab
from training.event_plan import (
    FACT_LABELS,
    FIELDS,
    page_of,
    plan_labels,
    register_plan_sheet,
    state_of,
    told_texts,
)
from training.models import Delivery, EventPlan, EventPlanVersion
from training.rules.event_plan import CHOICES, differences, open_items

MOST_NAMED = 4
TEXT_KEYS = frozenset(one.key for one in FIELDS)


@dataclass(frozen=True)
class ToldRow:
    """A part of the plan in words; `is_open`: nobody has decided about it."""

    label: str
    text: str
    is_open: bool = False
    is_long: bool = False


def plan_context(plan: EventPlan, user: User) -> dict[str, Any]:
    """Return what the tab shows of a plan that has begun."""
    return {
        "page": page_of(plan, user),
        "items": open_items(state_of(plan)),
        "facts": fact_rows(plan),
        "versions": plan.versions.select_related("by"),
    }


def fact_rows(plan: EventPlan) -> list[ToldRow]:
    """Return facts and single choices; an undecided choice says so."""
    sessions = list(plan.delivery.sessions.all())
    told = told_texts(plan, sessions)
    return [
        ToldRow(str(label), told.get(key, ""), key in CHOICES and key not in told)
        for key, label in FACT_LABELS.items()
        if key in CHOICES or key in told
    ]


def told_rows(plan: EventPlan) -> list[ToldRow]:
    """Return the whole plan in words, as it is printed."""
    return rows_of(told_texts(plan, list(plan.delivery.sessions.all())))


def rows_of(told: Mapping[str, str]) -> list[ToldRow]:
    """Return what is told, in the order of the page."""
    return [
        ToldRow(label, told[key], is_long=key in TEXT_KEYS)
        for key, label in plan_labels().items()
        if key in told
    ]


def version_context(plan: EventPlan, version: EventPlanVersion) -> dict[str, Any]:
    """Return a version with what it tells differently from the one before."""
    before = plan.versions.filter(number=version.number - 1).first()
    changed = differences(before.texts, version.texts, plan_labels()) if before else []
    return {
        "version": version,
        "rows": rows_of(version.texts),
        "before": before,
        "differences": changed,
    }


def with_plan(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Return classes with their plan and its sheet."""
    return deliveries.select_related("event_plan__sheet")


def plan_card(
    request: SignedInRequest, delivery: Delivery, now: datetime
) -> dict[str, Any]:
    """Return how the plan stands, for the first page of the class (one query)."""
    plan = getattr(delivery, "event_plan", None)
    if plan is None:
        return {"delivery": delivery, "plan": None}
    items = open_items(state_of(plan))
    return {
        "delivery": delivery,
        "plan": plan,
        "items": items[:MOST_NAMED],
        "more": max(0, len(items) - MOST_NAMED),
    }


def register_event_plan() -> None:
    """Add sheet, tab and card of the event plan."""
    register_plan_sheet()
    register_tab(ClassTab("training:delivery-plan", _("Event plan"), 20))
    template = "training/plan/_card.html"
    register_card(ClassCard("event-plan", template, 20, plan_card, reads=with_plan))
