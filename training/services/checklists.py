"""The checklists of a class, its sessions and submissions, and who owns their steps."""

from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from engagements.owners import owners_of
from engagements.services.units import follow_units
from psdelivery.history.services import Changes, record
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.moments import day_text
from psdelivery.playbooks.models import Checklist
from psdelivery.playbooks.owners import Owners
from psdelivery.playbooks.services.checklists import (
    ChecklistDraft,
    change_owners,
    start_checklist,
)
from psdelivery.playbooks.services.facts import adapt_checklist
from training.choices import Place, Result
from training.models import Delivery, Session, Submission
from training.rules.times import SessionTimes


def delivery_owners(delivery: Delivery) -> Owners:
    """Return the engagement's owners, with the class's own trainer before theirs."""
    owners = owners_of(delivery.engagement)
    tc = owners.by_role.get(EngagementRole.TC)
    if tc is not None:
        # Of a class it is the training coordinator who chases the customer.
        by_role = {**owners.by_role, EngagementRole.CONTACT: tc}
        owners = replace(owners, by_role=by_role)
    return with_trainer(owners, delivery.trainer)


def submission_owners(submission: Submission) -> Owners:
    """Return the owners of the class, with the reviewer in the trainer's place (R-13).

    Where nobody reviews yet, the class's trainer does.
    """
    delivery = submission.delivery
    reviewer = submission.reviewer or delivery.trainer
    return with_trainer(owners_of(delivery.engagement), reviewer)


def with_trainer(owners: Owners, trainer: User | None) -> Owners:
    """Return the owners with this person in the trainer's role."""
    if trainer is None:
        return owners
    by_role = {**owners.by_role, EngagementRole.TRAINER: trainer}
    return replace(owners, by_role=by_role)


def delivery_facts(delivery: Delivery) -> dict[str, object]:
    """Return the facts that decide which conditional steps a class has."""
    return {
        "kind": delivery.engagement.kind,
        "labs": delivery.with_labs,
        "certification": delivery.with_certification,
        "remote": delivery.place == Place.REMOTE,
    }


def draft_for(
    delivery: Delivery, playbook_key: str, title: str, zone: str
) -> ChecklistDraft:
    """Return what every checklist of a class has in common."""
    customer = delivery.engagement.customer
    return ChecklistDraft(
        playbook_key=playbook_key,
        title=title,
        owners=delivery_owners(delivery),
        zone=zone,
        country=customer.country,
        subdivision=customer.subdivision,
        engagement_id=delivery.engagement_id,
        customer=customer,
        parent=delivery.checklist,
        subject_url=delivery.get_absolute_url(),
        facts=delivery_facts(delivery),
    )


def start_delivery_checklist(
    delivery: Delivery, times: list[SessionTimes], *, by: User | None, now: datetime
) -> Checklist:
    """Make the checklist of the class on the calendar of its first session."""
    draft = replace(
        draft_for(delivery, "delivery", delivery.title, times[0].zone),
        parent=delivery.engagement.checklist,
        anchors={
            "first_session": times[0].starts_at,
            "last_session": max(item.ends_at for item in times),
            "planning_meeting": None,
        },
    )
    return start_checklist(draft, by=by, now=now)


def start_session_checklist(
    session: Session, *, by: User | None, now: datetime
) -> Checklist:
    """Make the short checklist of one session."""
    title = session_title(session)
    draft = replace(
        draft_for(session.delivery, "session", title, session.zone),
        anchors={"session": session.starts_at, "session_end": session.ends_at},
    )
    return start_checklist(draft, by=by, now=now)


def start_submission_checklist(
    submission: Submission, *, by: User | None, now: datetime
) -> Checklist:
    """Make the checklist of a submission, on the calendar of its class (R-13)."""
    delivery = submission.delivery
    zone = delivery.checklist.zone if delivery.checklist else ""
    title = f"{submission.attendee_name} · {delivery.title}"[:200]
    customer_zone = delivery.engagement.customer.zone
    draft = replace(
        draft_for(delivery, "submission", title, zone or customer_zone),
        owners=submission_owners(submission),
        subject_url=submission.get_absolute_url(),
        anchors={"submission": submission.submitted_at},
    )
    return start_checklist(draft, by=by, now=now)


def session_title(session: Session) -> str:
    """Return what the checklist of a session is called: the class and the local day."""
    times = SessionTimes(session.starts_at, session.ends_at, session.zone)
    return f"{session.delivery.title} · {day_text(times.day)}"


def name_checklists(delivery: Delivery) -> None:
    """Let the checklists of a class and its sessions follow their titles and days."""
    parts = delivery.sessions.select_related("checklist", "delivery")
    titles = {session.checklist: session_title(session) for session in parts}
    for checklist, title in {delivery.checklist: delivery.title, **titles}.items():
        if checklist is not None:
            Checklist.objects.filter(pk=checklist.pk).update(title=title)


def adapt_checklists(delivery: Delivery, *, now: datetime) -> None:
    """Bring conditional steps in line with what the class now has (labs, place …)."""
    facts, owners = delivery_facts(delivery), delivery_owners(delivery)
    for checklist in class_checklists(delivery):
        adapt_checklist(checklist, facts, owners, now=now)


def follow_owners(delivery: Delivery, *, by: User | None, now: datetime) -> None:
    """Give the open steps of a class and its parts to the present holders.

    A review stays with its reviewer; one without goes to the class's trainer.
    """
    owners = delivery_owners(delivery)
    for checklist in class_checklists(delivery):
        change_owners(checklist, owners, by=by, now=now)
    waiting = delivery.submissions.filter(result=Result.WAITING)
    for submission in waiting.select_related("reviewer", "checklist"):
        submission.delivery = delivery
        follow_reviewer(submission, by=by, now=now)


def follow_reviewer(submission: Submission, *, by: User | None, now: datetime) -> None:
    """Give the review of a submission to its reviewer."""
    if submission.checklist is not None:
        owners = submission_owners(submission)
        change_owners(submission.checklist, owners, by=by, now=now)


def class_checklists(delivery: Delivery) -> list[Checklist]:
    """Return the checklist of the class and those of its sessions."""
    if delivery.checklist_id is None:
        return []
    condition = Q(pk=delivery.checklist_id) | Q(session_owner__delivery=delivery)
    return list(Checklist.objects.filter(condition))


def checklists_of(delivery: Delivery) -> list[Checklist]:
    """Return the checklist of the class, its sessions and its submissions."""
    if delivery.checklist_id is None:
        return []
    condition = Q(pk=delivery.checklist_id) | Q(parent=delivery.checklist_id)
    return list(Checklist.objects.filter(condition))


def starts_of(times: list[SessionTimes]) -> list[datetime]:
    """Return the session starts as the history keeps them."""
    return sorted(item.starts_at for item in times)


def record_delivery(
    verb: str,
    delivery: Delivery,
    changes: Changes,
    *,
    by: User | None,
    reason: str = "",
    now: datetime,
) -> None:
    """Write what happened to a class into the history of its engagement.

    Whatever happens to a class may date or free a sold unit, so these follow.
    """
    record(
        verb,
        by=by,
        subject=delivery,
        engagement=delivery.engagement,
        changes=changes,
        reason=reason,
        now=now,
    )
    follow_units(delivery.engagement, by=by, now=now)
