"""The checklists of a class, its sessions and submissions, and who owns their steps."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from engagements.owners import owners_of
from engagements.services.units import follow_units
from psdelivery.history.services import Changes, record
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.moments import day_text
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.models import Checklist
from psdelivery.playbooks.owners import Owners
from psdelivery.playbooks.services.checklists import (
    ChecklistDraft,
    change_owners,
    start_checklist,
)
from psdelivery.playbooks.services.facts import adapt_checklist
from training.choices import LAB_WINDOW, Place, Result
from training.labs_queries import planned_window, times_of_class, warnings_of_plan
from training.models import Delivery, Session, Submission
from training.rules.times import SessionTimes
from training.trainer_queries import certification_of, last_day_in, trainer_facts

# What decides which conditional steps there are.
Facts = Mapping[str, object]

TRAINER = EngagementRole.TRAINER
INDEPENDENT_SETTING = "certification.independent"


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

    Where nobody reviews yet, the class's trainer does; coordination, where reviews are
    independent (a setting).
    """
    delivery = submission.delivery
    owners = owners_of(delivery.engagement)
    if submission.reviewer is not None:
        return with_trainer(owners, submission.reviewer)
    if portal_settings()[INDEPENDENT_SETTING]:
        others = {k: v for k, v in owners.by_role.items() if k != TRAINER}
        return replace(owners, by_role=others)
    return with_trainer(owners, delivery.trainer)


def with_trainer(owners: Owners, trainer: User | None) -> Owners:
    """Return the owners with this person in the trainer's role."""
    if trainer is None:
        return owners
    by_role = {**owners.by_role, TRAINER: trainer}
    return replace(owners, by_role=by_role)


def delivery_facts(
    delivery: Delivery, times: Sequence[SessionTimes] | None = None
) -> dict[str, object]:
    """Return the facts that decide which conditional steps a class has.

    `times` are its sessions where they are not all saved yet. `extension`: the labs
    are needed for longer than a code lives (R-12), whatever was granted.
    """
    found = times_of_class(delivery) if times is None else times
    warnings = warnings_of_plan(
        found,
        with_labs=delivery.with_labs,
        with_certification=delivery.with_certification,
    )
    return {
        "kind": delivery.engagement.kind,
        "labs": delivery.with_labs,
        "certification": delivery.with_certification,
        "remote": delivery.place == Place.REMOTE,
        "extension": bool(warnings),
        **trainer_facts(delivery, last_day_in(found) if found else None),
    }


def draft_for(
    delivery: Delivery,
    playbook_key: str,
    title: str,
    zone: str,
    *,
    facts: Facts | None = None,
) -> ChecklistDraft:
    """Return what every checklist of a class has in common.

    `facts` are those of the class, where they are at hand.
    """
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
        facts=delivery_facts(delivery) if facts is None else facts,
    )


def start_delivery_checklist(
    delivery: Delivery,
    times: list[SessionTimes],
    *,
    facts: Facts,
    by: User | None,
    now: datetime,
) -> Checklist:
    """Make the checklist of the class on the calendar of its first session."""
    zone = times[0].zone
    window = planned_window(
        times,
        with_labs=delivery.with_labs,
        with_certification=delivery.with_certification,
    )
    draft = replace(
        draft_for(delivery, "delivery", delivery.title, zone, facts=facts),
        parent=delivery.engagement.checklist,
        anchors={
            "first_session": times[0].starts_at,
            "last_session": max(item.ends_at for item in times),
            "planning_meeting": None,
            LAB_WINDOW: window.opens if window else None,
        },
    )
    return start_checklist(draft, by=by, now=now)


def start_session_checklist(
    session: Session, *, facts: Facts | None = None, by: User | None, now: datetime
) -> Checklist:
    """Make the short checklist of one session."""
    title = session_title(session)
    draft = replace(
        draft_for(session.delivery, "session", title, session.zone, facts=facts),
        anchors={"session": session.starts_at, "session_end": session.ends_at},
    )
    return start_checklist(draft, by=by, now=now)


def start_submission_checklist(
    submission: Submission, *, by: User | None, now: datetime
) -> Checklist:
    """Make the checklist of a submission, on the calendar of its class (R-13)."""
    delivery = submission.delivery
    zone = delivery.checklist.zone if delivery.checklist else ""
    title = submission_title(submission)
    customer_zone = delivery.engagement.customer.zone
    draft = replace(
        draft_for(delivery, "submission", title, zone or customer_zone),
        owners=submission_owners(submission),
        subject_url=submission.get_absolute_url(),
        anchors={"submission": submission.submitted_at},
    )
    return start_checklist(draft, by=by, now=now)


def submission_title(submission: Submission) -> str:
    """Return what the checklist of a submission is called."""
    return f"{submission.attendee_name} · {submission.delivery.title}"[:200]


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


def follow_last_day(delivery: Delivery, *, now: datetime) -> None:
    """R-14: ask the trainer of a class whose last day lies elsewhere now, or no more.

    Only a certification that has an end can be asked about.
    """
    found = certification_of(delivery.trainer, delivery.course)
    if found is not None and found.certified_on is not None:
        adapt_checklists(delivery, now=now)


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
