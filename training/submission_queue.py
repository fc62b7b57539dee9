"""The review queue: what waits, what comes first, and what will be late.

The filters stand in the address, and every number leads to the list behind it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from psdelivery.people.models import User
from training.access import visible_submissions
from training.certification_queries import (
    released_submissions,
    waiting_submissions,
    withdrawn_submissions,
)
from training.forms import filters
from training.forms.filters import SubmissionFilterForm
from training.forms.submissions import HandOutForm
from training.models import Course, Submission
from training.reviewers import forecasts_for
from training.rules.reviewers import Forecast

PAGE_SIZE = 25
NO_KEY = 0


@dataclass(frozen=True)
class QueueRow:
    """A submission in the queue, with what stands against its being in time."""

    submission: Any
    forecast: Forecast | None
    is_late: bool
    lab_is_dead: bool
    lab_comes_first: bool

    @property
    def is_another_try(self) -> bool:
        return self.submission.resubmits_id is not None


@dataclass(frozen=True)
class Number:
    """A count above the queue, and the address of the list behind it."""

    count: int
    label: str
    url: str
    tone: str = ""


def queue_page(
    request: SignedInRequest,
    *,
    hand_out_form: HandOutForm | None = None,
    now: datetime,
) -> dict[str, Any]:
    """Return what the queue shows; the same queries for 3 and for 30 rows."""
    user = request.user
    within = visible_submissions(user, Action.WORK_SEE)
    waiting = waiting_submissions(within, now)
    reviewers = reviewers_of(waiting)
    form = SubmissionFilterForm(
        request.GET,
        reviewers=reviewers,
        courses=certified_courses(),
    )
    forecasts = forecasts_for(reviewers, now)
    found = Submission.objects.none()
    if form.is_valid():
        narrowed = narrow(within, form.cleaned_data, user)
        found = listed(narrowed, form.cleaned_data["state"], forecasts, now)
    page = page_of(found, request, size=PAGE_SIZE)
    may_assign = scope_for(user.role_set, Action.CERTIFICATION_ASSIGN) > Scope.NONE
    state = form.cleaned_data.get("state", "")
    return {
        "form": form,
        "page": page,
        "rows": [row_of(one, forecasts, now) for one in page.object_list],
        "is_queue": state not in {filters.RELEASED, filters.WITHDRAWN},
        "numbers": numbers_of(request, waiting, forecasts, now),
        "may_assign": may_assign,
        "hand_out_form": hand_out_form
        or (HandOutForm(within=within, now=now) if may_assign else None),
        "ticked": ticked_in(request),
        "hand_out_url": with_query("training:submission-assign", request),
        "now": now,
    }


def certified_courses() -> list[tuple[int, str]]:
    """Return the courses with a certification, for the filter (one query)."""
    courses = Course.objects.filter(has_certification=True)
    return list(courses.values_list("pk", "title"))


def ticked_in(request: HttpRequest) -> set[int]:
    """Return which rows were ticked when the form was sent."""
    sent = request.POST.getlist("submissions")
    return {int(one) for one in sent if one.isascii() and one.isdigit()}


def queue_url(request: HttpRequest) -> str:
    """Return the queue with the filters of this address."""
    return with_query("training:submission-list", request)


def with_query(view: str, request: HttpRequest) -> str:
    """Return the address of a view with the filters of this one."""
    query = request.GET.urlencode()
    return f"{reverse(view)}?{query}" if query else reverse(view)


def reviewers_of(waiting: QuerySet[Any]) -> list[User]:
    """Return whose reviews wait, for the filter and for the forecast (one query)."""
    keys = waiting.order_by().values("reviewer")
    return list(User.objects.filter(pk__in=keys))


def narrow(
    within: QuerySet[Submission], wanted: dict[str, Any], user: User
) -> QuerySet[Submission]:
    """Keep the reviews of a person and of a course, where these were chosen."""
    if wanted["course"]:
        within = within.filter(delivery__course=int(wanted["course"]))
    match wanted["reviewer"]:
        case "":
            return within
        case filters.MINE:
            return within.filter(reviewer=user)
        case filters.NOBODY:
            return within.filter(reviewer=None)
        case chosen:
            return within.filter(reviewer=int(chosen))


def listed(
    within: QuerySet[Submission],
    state: str,
    forecasts: dict[int, Forecast],
    now: datetime,
) -> QuerySet[Any]:
    """Return what the chosen state lists, in its order."""
    if state == filters.RELEASED:
        return released_submissions(within)
    if state == filters.WITHDRAWN:
        return withdrawn_submissions(within)
    waiting = waiting_submissions(within, now)
    match state:
        case filters.LATE:
            return waiting.filter(due_at__lte=now)
        case filters.AT_RISK:
            return waiting.filter(pk__in=list(forecasts))
        case filters.LAB_DYING:
            return waiting.filter(dying(now))
    return waiting


def dying(now: datetime) -> Q:
    """R-12: the lab lives, and dies before the review is due."""
    return Q(lab_dies_at__gt=now, lab_dies_at__lt=F("due_at"))


def row_of(submission: Any, forecasts: dict[int, Forecast], now: datetime) -> QueueRow:
    """Put together what a row shows."""
    due, dies = submission.due_at, getattr(submission, "lab_dies_at", None)
    return QueueRow(
        submission=submission,
        forecast=forecasts.get(submission.pk),
        is_late=due is not None and due <= now,
        lab_is_dead=dies is not None and dies <= now,
        lab_comes_first=dies is not None and dies > now and (due is None or dies < due),
    )


def numbers_of(
    request: HttpRequest,
    waiting: QuerySet[Any],
    forecasts: dict[int, Forecast],
    now: datetime,
) -> list[Number]:
    """Return the counts above the queue, each with its list (one query)."""
    counted = waiting.order_by().aggregate(
        all=Count("pk"),
        late=Count("pk", filter=Q(due_at__lte=now)),
        # An empty list would make all of it nothing.
        risk=Count("pk", filter=Q(pk__in=list(forecasts) or [NO_KEY])),
        dying=Count("pk", filter=dying(now)),
    )
    url = reverse("training:submission-list")

    def to(state: str) -> str:
        return f"{url}?{urlencode({'state': state})}"

    return [
        Number(counted["all"], _("waiting"), url),
        Number(counted["late"], _("late"), to(filters.LATE), "bad"),
        Number(counted["risk"], _("expected to be late"), to(filters.AT_RISK), "warn"),
        Number(counted["dying"], _("lab dies first"), to(filters.LAB_DYING), "warn"),
    ]
