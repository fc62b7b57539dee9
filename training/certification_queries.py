"""Reads of certifications: what waits, what comes first, and who has tried before."""

from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Greatest, Least

from engagements.choices import Status
from training.choices import DeliveryState, ExtensionState, Result
from training.models import Delivery, LabCode, LabExtension, Submission
from training.queries import with_review

# What every row of a list shows of the class and of who reviews.
SHOWN = ("delivery__trainer", "delivery__checklist", "attendee")


def lab_end(path: str) -> Any:
    """R-12: return until when the labs of a class live: its code, or an extension.

    `path` is the look-up from the row to its class; null where no code is known.
    """
    codes = LabCode.objects.filter(delivery=OuterRef(path), retired_at__isnull=True)
    granted = LabExtension.objects.filter(
        delivery=OuterRef(path), state=ExtensionState.GRANTED
    )
    code = Subquery(codes.order_by().values("expires_at")[:1])
    # The last word counts, as `labs_queries.granted_until` says.
    newest = granted.order_by("-decided_at", "-granted_until")
    extension = Subquery(newest.values("granted_until")[:1])
    # SQLite takes null for the greatest of null and something.
    return Greatest(Coalesce(code, extension), Coalesce(extension, code))


def with_urgency(submissions: QuerySet[Submission], now: datetime) -> QuerySet[Any]:
    """R-13: annotate `due_at`, `lab_dies_at` and `first_at`: what comes first.

    A lab that is dead already hurries nobody: what remains is the deadline.
    """
    rows = with_review(submissions).annotate(lab_dies_at=lab_end("delivery"))
    sooner = Least(F("due_at"), F("lab_dies_at"))
    lives = Q(lab_dies_at__gt=now, due_at__isnull=False)
    first = Case(When(lives, then=sooner), default=F("due_at"))
    found: QuerySet[Any] = rows.annotate(first_at=first)
    return found


def waiting_submissions(
    submissions: QuerySet[Submission], now: datetime
) -> QuerySet[Any]:
    """R-13: return what waits for review, in the order of what comes first.

    Nothing waits of a class that was called off, or of a cancelled engagement.
    """
    waiting = with_urgency(submissions.filter(result=Result.WAITING), now)
    return (
        waiting.exclude(delivery__state=DeliveryState.CANCELLED)
        .exclude(delivery__engagement__status=Status.CANCELLED)
        .order_by(F("first_at").asc(nulls_last=True), "submitted_at", "pk")
    )


def released_submissions(submissions: QuerySet[Submission]) -> QuerySet[Any]:
    """Return what was released, the newest first."""
    released = submissions.filter(released_at__isnull=False)
    return with_review(released).order_by("-released_at", "pk")


def withdrawn_submissions(submissions: QuerySet[Submission]) -> QuerySet[Any]:
    """Return what was withdrawn, handed in last first."""
    withdrawn = submissions.filter(result=Result.WITHDRAWN)
    return with_review(withdrawn).order_by("-submitted_at", "pk")


def submissions_of_class(delivery: Delivery, now: datetime) -> QuerySet[Any]:
    """Return the submissions of a class, those waiting first, by what comes first."""
    rows = with_urgency(Submission.objects.filter(delivery=delivery), now)
    return rows.order_by(
        Case(When(result=Result.WAITING, then=0), default=1),
        F("first_at").asc(nulls_last=True),
        "submitted_at",
        "pk",
    )


def first_of_class(delivery: Delivery, now: datetime, *, most: int) -> list[Any]:
    """Return the first submissions of a class, each with the counts of all.

    How many stand at each result is `count_waiting` and so on; one query.
    """
    counts = {
        f"count_{result}": Window(Count("pk", filter=Q(result=result)))
        for result in Result.values
    }
    return list(submissions_of_class(delivery, now).annotate(**counts)[:most])


def same_person(submission: Submission) -> Q:
    """Return the condition for what the same attendee handed in in the same class."""
    same = Q(attendee_email=submission.attendee_email)
    if submission.attendee_id is not None:
        same |= Q(attendee=submission.attendee_id)
    return Q(delivery=submission.delivery_id) & same


def attempts_of(submission: Submission) -> list[Submission]:
    """Return all that the attendee handed in in this class, the first one first."""
    found = Submission.objects.filter(same_person(submission))
    return list(found.order_by("submitted_at", "pk"))


def earlier_attempt(submission: Submission) -> Submission | None:
    """Return the attempt before this one that counts and was not followed yet."""
    found = Submission.objects.filter(
        same_person(submission),
        submitted_at__lt=submission.submitted_at,
        resubmission=None,
    )
    counting = found.exclude(result=Result.WITHDRAWN).exclude(pk=submission.pk)
    return counting.order_by("-submitted_at", "-pk").first()


def counts_of_class(delivery: Delivery) -> dict[str, int]:
    """Return how many submissions of a class stand at each result (one query)."""
    counted = {
        str(result): Count("pk", filter=Q(result=result)) for result in Result.values
    }
    found: dict[str, int] = Submission.objects.filter(delivery=delivery).aggregate(
        **counted
    )
    return found
