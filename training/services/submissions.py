"""Certification submissions and the release of their results (R-13)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.checklists import ChecklistDraft, start_checklist
from psdelivery.playbooks.services.steps import complete_step
from psdelivery.registry import Reason, RuleRefused
from training.choices import Result
from training.models import Submission
from training.services.deliveries import delivery_owners

REVIEW_STEP = "certification-review"


@dataclass(frozen=True)
class Verdict:
    result: Result
    score: int | None = None
    note: str = ""


def reasons_against_entering(submission: Submission, *, now: datetime) -> list[Reason]:
    """Return what is wrong with a submission that is to be entered."""
    reasons = []
    if submission.submitted_at > now:
        reasons.append(Reason("in-the-future", _("This moment lies in the future.")))
    if not submission.delivery.with_certification:
        sentence = _("This class has no certification.")
        reasons.append(Reason("no-certification", sentence))
    return reasons


@transaction.atomic
def enter_submission(
    submission: Submission, *, by: User | None, now: datetime
) -> Submission:
    """R-13: enter a submission; its review is due 168 hours after it was handed in.

    The reviewer is the class's trainer. Raises RuleRefused.
    """
    reasons = reasons_against_entering(submission, now=now)
    if reasons:
        raise RuleRefused(reasons)
    delivery = submission.delivery
    submission.reviewer = submission.reviewer or delivery.trainer
    submission.save()
    customer = delivery.engagement.customer
    submission.checklist = start_checklist(
        ChecklistDraft(
            playbook_key="submission",
            title=f"{submission.attendee_name} · {delivery.title}",
            owners=delivery_owners(delivery),
            zone=customer.zone,
            country=customer.country,
            subdivision=customer.subdivision,
            engagement_id=delivery.engagement_id,
            customer=customer,
            parent=delivery.checklist,
            subject_url=submission.get_absolute_url(),
            anchors={"submission": submission.submitted_at},
        ),
        by=by,
        now=now,
    )
    submission.save(update_fields=["checklist"])
    record_submission("submission-entered", submission, by=by, now=now)
    return submission


def record_submission(
    verb: str, submission: Submission, *, by: User | None, note: str = "", now: datetime
) -> None:
    """Write what happened to a submission into the engagement's history."""
    record(
        verb,
        by=by,
        subject=submission,
        engagement=submission.delivery.engagement,
        changes={"result": ["", submission.result]},
        reason=note,
        now=now,
    )


@transaction.atomic
def release_result(
    submission: Submission, verdict: Verdict, *, by: User, now: datetime
) -> Submission:
    """R-13: record the result, once; the review step is ticked with it.

    Raises RuleRefused when a result was released before.
    """
    submission = Submission.objects.select_for_update(of=("self",)).get(
        pk=submission.pk
    )
    if submission.released_at is not None:
        sentence = _("The result was released before.")
        raise RuleRefused([Reason("released", sentence)])
    submission.result, submission.score = verdict.result, verdict.score
    submission.released_at = now
    submission.save(update_fields=["result", "score", "released_at"])
    record_submission("result-released", submission, by=by, note=verdict.note, now=now)
    step = Step.objects.open().filter(
        checklist=submission.checklist_id, key=REVIEW_STEP
    )
    for review in step:
        note = verdict.note or submission.get_result_display()
        complete_step(review, Completion(note=note), by=by, now=now)
    return submission
