"""Versions of a deliverable, its states, and what the customer says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.execution.choices import DeliverableState, ReviewOutcome
from engagements.execution.models import (
    Deliverable,
    DeliverableReview,
    DeliverableVersion,
)
from engagements.execution.rules.deliverables import (
    are_all,
    reasons_against_move,
    reasons_against_review,
    reasons_against_version,
    reasons_without_version,
    state_with_version,
)
from engagements.execution.services.plan import lock, tell
from engagements.execution.services.plan_steps import PlanStep, reopen, tick
from engagements.models import Engagement
from psdelivery.documents.models import Document
from psdelivery.documents.services import new_version, save_evidence
from psdelivery.people.models import Contact, User
from psdelivery.people.moments import local_day
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.registry import Reason, refuse

IN_REVIEW, DELIVERED = DeliverableState.IN_REVIEW, DeliverableState.DELIVERED
ACCEPTED, REJECTED = DeliverableState.ACCEPTED, DeliverableState.REJECTED


@dataclass(frozen=True, kw_only=True)
class Review:
    """What the customer said: who there, on which day, and where it is written.

    `evidence` is what came out of `EvidenceFields`; empty where nothing is at hand.
    """

    outcome: str
    contact: Contact | None
    note: str
    said_on: date
    evidence: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def add_version(
    deliverable: Deliverable,
    given: Mapping[str, Any],
    note: str,
    *,
    by: User,
    now: datetime,
) -> DeliverableVersion:
    """Keep a newer version; what was delivered becomes a draft again.

    `given` is what came out of `EvidenceFields`. Raises RuleRefused for what was
    accepted, for milestones, and for a file or link that cannot be kept.
    """
    stored = lock(deliverable)
    refuse(reasons_against_version(stored))
    last = stored.versions.select_related("document").first()
    document = kept_document(stored, last, given, by=by, now=now)
    if document is None:
        refuse([Reason("nothing-given", _("Give a file or a link."))])
        raise AssertionError  # refused above
    number = last.number + 1 if last else 1
    version = DeliverableVersion.objects.create(
        deliverable=stored, number=number, document=document, note=note, by=by, at=now
    )
    changes = {"version": [number - 1 or None, number]}
    tell("deliverable-version", stored, changes, note, by=by, now=now)
    put_state(stored, state_with_version(stored.state), now=now)
    settle_steps(stored.engagement, by=by, now=now)
    return version


def kept_document(
    deliverable: Deliverable,
    last: DeliverableVersion | None,
    given: Mapping[str, Any],
    *,
    by: User,
    now: datetime,
) -> Document | None:
    """Keep what was given: as a newer version of the document that is there."""
    if last is None:
        return save_evidence(
            given,
            title=deliverable.title,
            engagement=deliverable.engagement,
            by=by,
            now=now,
        )
    series = Document.objects.filter(series=last.document.series)
    return new_version(series.get(is_current=True), given, by=by, now=now)


@transaction.atomic
def move_deliverable(
    deliverable: Deliverable, target: str, reason: str, *, by: User, now: datetime
) -> Deliverable:
    """Move it along the table; raises RuleRefused with all that is missing.

    Where a decision of the customer is taken back, its record goes; the history keeps
    it, with the reason.
    """
    stored = lock(deliverable)
    has_versions = stored.versions.exists()
    refuse(reasons_against_move(stored, target, reason, has_versions=has_versions))
    before = stored.state
    if before in {ACCEPTED, REJECTED} and target == DELIVERED:
        DeliverableReview.objects.filter(version=stored.versions.first()).delete()
    put_state(stored, target, now=now)
    changes = {"state": [before, target]}
    tell("deliverable-moved", stored, changes, reason, by=by, now=now)
    if before == ACCEPTED:
        reopen(stored.engagement, PlanStep.ACCEPTED, reason, by=by, now=now)
    settle_steps(stored.engagement, by=by, now=now)
    return stored


@transaction.atomic
def record_review(
    deliverable: Deliverable, review: Review, *, by: User, now: datetime
) -> DeliverableReview:
    """Record what the customer said of the newest version; raises RuleRefused.

    A rejection says why and brings the step of delivering back.
    """
    stored = lock(deliverable)
    zones = {stored.engagement.customer.zone, by.zone}
    today = max(local_day(now, zone) for zone in zones)
    refuse(
        reasons_against_review(
            stored, review.outcome, review.note, review.said_on, today=today
        )
    )
    recorded = write_review(stored, review, by=by, now=now)
    put_state(stored, review.outcome, now=now)
    changes: dict[str, list[object]] = {"said_on": [None, review.said_on]}
    if review.contact is not None:
        changes["contact"] = [None, review.contact]
    verb = f"deliverable-{review.outcome}"
    tell(verb, stored, changes, review.note, by=by, now=now)
    if review.outcome == ReviewOutcome.REJECTED:
        words = _("Rejected: %(title)s") % {"title": stored.title}
        reopen(stored.engagement, PlanStep.DELIVERED, words, by=by, now=now)
    settle_steps(stored.engagement, by=by, now=now)
    return recorded


def write_review(
    stored: Deliverable, review: Review, *, by: User, now: datetime
) -> DeliverableReview:
    """Write what the customer said of the newest version, with its evidence."""
    newest = stored.versions.first()
    if newest is None:
        refuse(reasons_without_version(stored, has_versions=False))
        raise AssertionError  # refused above
    words = _("%(title)s: the customer's word") % {"title": stored.title}
    return DeliverableReview.objects.create(
        version=newest,
        outcome=review.outcome,
        contact=review.contact,
        note=review.note,
        evidence=save_evidence(
            review.evidence,
            title=words,
            engagement=stored.engagement,
            by=by,
            now=now,
        ),
        said_on=review.said_on,
        by=by,
        at=now,
    )


def put_state(deliverable: Deliverable, state: str, *, now: datetime) -> None:
    """Save the state, with the moments at which it was delivered and decided on."""
    deliverable.state = state
    deliverable.decided_at = now if state in {ACCEPTED, REJECTED} else None
    if state == DELIVERED:
        deliverable.delivered_at = now
    deliverable.save(update_fields=["state", "decided_at", "delivered_at"])


def settle_steps(engagement: Engagement, *, by: User, now: datetime) -> None:
    """Tick what the deliverables answer: drafted, delivered, accepted.

    Accepted wants the customer's word as evidence, so it is ticked where the last
    review has one.
    """
    found = list(Deliverable.objects.filter(engagement=engagement))
    note = Completion(note=_("It stands with the deliverables."))
    if are_all(found, IN_REVIEW, DELIVERED, ACCEPTED):
        tick(engagement, PlanStep.DRAFTED, note, by=by, now=now)
    if are_all(found, DELIVERED, ACCEPTED):
        tick(engagement, PlanStep.DELIVERED, note, by=by, now=now)
    if are_all(found, ACCEPTED):
        reviews = DeliverableReview.objects.filter(
            version__deliverable__engagement=engagement, evidence__isnull=False
        )
        last = reviews.select_related("evidence").order_by("said_on", "pk").last()
        if last is not None:
            word = Completion(evidence=last.evidence, note=note.note)
            tick(engagement, PlanStep.ACCEPTED, word, by=by, now=now)
