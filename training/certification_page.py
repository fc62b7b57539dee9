"""The certification of a class: its tab, and the card on its first page (R-13)."""

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from engagements.access import may
from psdelivery.access import Action
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from psdelivery.people.models import User
from training.certification_queries import (
    counts_of_class,
    first_of_class,
    submissions_of_class,
)
from training.choices import DeliveryState, Result
from training.class_tabs import MAIN, ClassCard, ClassTab, register_card, register_tab
from training.import_job import register_import_job
from training.import_purge import register_import_purge
from training.mail_facts import last_day_to_submit
from training.models import Attendee, Delivery
from training.pages import class_tabs
from training.reviewers import forecasts_for
from training.rules.rubric import reasons_without_rubric
from training.services.rubrics import lines_of
from training.services.submissions import lab_end_of
from training.submission_queue import row_of

SHOWN_ON_CARD = 5
SHOWN_IMPORTS = 5


def certification_page(
    request: SignedInRequest, delivery: Delivery, *, now: datetime
) -> dict[str, Any]:
    """Return what the tab shows; the queries do not grow with the submissions."""
    page = page_of(submissions_of_class(delivery, now), request)
    lines = lines_of(delivery.course)
    return {
        "delivery": delivery,
        "class_tabs": class_tabs(request, delivery),
        "page": page,
        "rows": rows_of(page.object_list, now),
        "counts": counts_of_class(delivery),
        "roster": roster_of(delivery),
        "lines": lines,
        "most": sum(line.points for line in lines),
        "rubric_reasons": reasons_without_rubric(delivery.course, lines),
        "lab_dies_at": lab_end_of(delivery),
        "until": hand_in_until(delivery),
        "zone": delivery.checklist.zone if delivery.checklist else "",
        "now": now,
        "may_enter": may_enter(request, delivery),
        "imports": list(
            delivery.form_imports.select_related("uploaded_by").defer("rows")[
                :SHOWN_IMPORTS
            ]
        ),
    }


def rows_of(submissions: Any, now: datetime) -> list[Any]:
    """Return submissions as the queue shows them."""
    waiting = [one for one in submissions if one.result == Result.WAITING]
    reviewers: set[User] = {one.reviewer for one in waiting if one.reviewer}
    forecasts = forecasts_for(reviewers, now)
    return [row_of(one, forecasts, now) for one in submissions]


def may_enter(request: SignedInRequest, delivery: Delivery) -> bool:
    """Tell whether the reader may enter submissions of this class now."""
    is_on = delivery.state != DeliveryState.CANCELLED and delivery.with_certification
    return is_on and may(request.user, Action.WORK_EDIT, delivery.engagement)


def hand_in_until(delivery: Delivery) -> date | None:
    """Return the last day to hand in, on the clock of the last session."""
    sessions = list(delivery.sessions.all())
    return last_day_to_submit(sessions) if sessions else None


def roster_of(delivery: Delivery) -> dict[str, int]:
    """Return how many are on the roster, and how many of them have handed in."""
    roster = Attendee.objects.filter(delivery=delivery, cancelled_at__isnull=True)
    handed_in = Q(submissions__isnull=False) & ~Q(submissions__result=Result.WITHDRAWN)
    found: dict[str, int] = roster.aggregate(
        people=Count("pk", distinct=True),
        handed_in=Count("pk", filter=handed_in, distinct=True),
    )
    return found


def certification_card(
    request: SignedInRequest, delivery: Delivery, now: datetime
) -> dict[str, Any] | None:
    """Return how the certification stands; None of a class without one."""
    shown = first_of_class(delivery, now, most=SHOWN_ON_CARD)
    if not delivery.with_certification and not shown:
        return None
    counts = {
        result: getattr(shown[0], f"count_{result}") if shown else 0
        for result in Result.values
    }
    return {
        "delivery": delivery,
        "counts": counts,
        "total": sum(counts.values()),
        "rows": [row_of(one, {}, now) for one in shown],
    }


def register_certification() -> None:
    """Add the tab and the card of the certification to the page of a class."""
    register_import_job()
    register_import_purge()
    register_tab(
        ClassTab(
            "training:delivery-certification",
            _("Certification"),
            70,
            lambda delivery: delivery.with_certification,
        )
    )
    register_card(
        ClassCard(
            "certification",
            "training/certification/_card.html",
            70,
            certification_card,
            MAIN,
        )
    )
