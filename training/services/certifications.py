"""Certifications of trainers: begin, note, renew, withdraw (R-14).

Each has a checklist of its own. Which of its steps it has follows from its state:
those of the way while somebody is on the way, those of the renewal while it has an end.
"""

from copy import copy
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from psdelivery.history.services import Changes, record
from psdelivery.people.away import local_day
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.models import Pool, User
from psdelivery.people.queries import coordinator_pool
from psdelivery.people.services.changes import one_transaction
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Checklist, Step
from psdelivery.playbooks.owners import Owners, still_here
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.checklists import (
    ChecklistDraft,
    change_owners,
    set_anchor,
    start_checklist,
)
from psdelivery.playbooks.services.facts import adapt_checklist
from psdelivery.playbooks.services.steps import complete_step, reopen_step
from psdelivery.registry import Reason, refuse
from training.choices import StepKey, TrainerState
from training.models import Course, TrainerCertification
from training.rules.trainers import (
    Validity,
    reasons_against_confirming,
    reasons_against_starting_again,
    reasons_against_withdrawing,
)
from training.services.trainers import follow_classes
from training.trainer_queries import certification_of, certifications

PLAYBOOK = "trainer"
START, END = "trainer_start", "certification_end"
RENEWAL = (StepKey.RENEWAL_PREPARED, StepKey.RENEWAL_DECIDED)


def add_certification(
    person: User,
    course: Course,
    *,
    validity: Validity | None = None,
    note: str = "",
    by: User | None,
    now: datetime,
) -> TrainerCertification:
    """Put somebody on the way to a course, or note what they have already.

    Without `validity` they are on the way, and get the steps of it. Raises
    RuleRefused where there is an entry, for oneself, and for days that cannot be.
    """
    refuse(reasons_against_second(person, course))
    entry = TrainerCertification(person=person, course=course, note=note)
    if validity is not None:
        put_validity(entry, validity, by=by, now=now)
    with one_transaction():
        entry.save()
        give_checklist(entry, by=by, now=now)
        verb = "trainer-certified" if validity else "trainer-started"
        told = validity_told(TrainerCertification(), entry) if validity else {}
        tell(verb, entry, told, by=by, now=now)
        follow_classes(person, course, now=now)
    return entry


def put_validity(
    entry: TrainerCertification, validity: Validity, *, by: User | None, now: datetime
) -> None:
    """R-14: write on the entry that it counts, and who says so (not saved).

    Raises RuleRefused for oneself, a leaver, and days that cannot be.
    """
    today = local_day(by or entry.person, now)
    refuse(reasons_against_confirming(entry, validity, by=by, today=today))
    entry.state = TrainerState.CERTIFIED
    entry.certified_on, entry.expires_on = validity.certified_on, validity.expires_on
    entry.confirmed_by, entry.confirmed_at = by, now


def validity_told(old: TrainerCertification, new: TrainerCertification) -> Changes:
    """Return the days before and after, as the history keeps them."""
    return {
        name: [getattr(old, name), getattr(new, name)]
        for name in ("certified_on", "expires_on")
    }


def reasons_against_second(person: User, course: Course) -> list[Reason]:
    """Return the reason against a second entry of a person for a course."""
    there = certification_of(person, course)
    if there is None:
        return []
    sentence = _("There is an entry of %(person)s for this course already.")
    words = sentence % {"person": person}
    return [Reason("double", words, there.get_absolute_url(), _("Open it"))]


@transaction.atomic
def certify(
    certification: TrainerCertification,
    validity: Validity,
    *,
    note: str = "",
    by: User,
    now: datetime,
) -> TrainerCertification:
    """R-14: note that somebody is certified, or renew it; classes follow.

    What is left of the way is set aside with it; the steps of the renewal wait for the
    end. Raises RuleRefused for oneself, a leaver, and days that cannot be.
    """
    entry = lock(certification)
    before = copy(entry)
    put_validity(entry, validity, by=by, now=now)
    entry.note = note
    entry.save()
    was_certified = before.state == TrainerState.CERTIFIED
    verb = "trainer-renewed" if was_certified else "trainer-certified"
    tell(verb, entry, validity_told(before, entry), by=by, now=now)
    finish_way(entry, by=by, now=now)
    follow_state(entry, by=by, now=now)
    return entry


@transaction.atomic
def withdraw(
    certification: TrainerCertification, *, reason: str, by: User, now: datetime
) -> TrainerCertification:
    """Take a certification back, or end the way to it; the reason is kept.

    Raises RuleRefused without a reason, for oneself, and where it was done before.
    """
    entry = lock(certification)
    refuse(reasons_against_withdrawing(entry, by))
    refuse(reasons_without_reason(reason))
    old = entry.get_state_display()
    entry.state = TrainerState.WITHDRAWN
    entry.save(update_fields=["state"])
    told: Changes = {"state": [old, entry.get_state_display()]}
    tell("trainer-withdrawn", entry, told, by=by, reason=reason, now=now)
    follow_state(entry, by=by, now=now)
    return entry


def reasons_without_reason(reason: str) -> list[Reason]:
    """Return the reason against withdrawing without a word."""
    if reason.strip():
        return []
    return [Reason("reason-missing", _("Say why it is withdrawn."))]


@transaction.atomic
def start_again(
    certification: TrainerCertification, *, by: User | None, now: datetime
) -> TrainerCertification:
    """Put somebody on the way again whose certification ended or was withdrawn.

    What was done of the way stays done. Raises RuleRefused where it is not over.
    """
    entry = lock(certification)
    today = local_day(entry.person, now)
    refuse(reasons_against_starting_again(entry, today=today))
    told: Changes = {"certified_on": [entry.certified_on, None]}
    entry.state = TrainerState.LEARNING
    entry.certified_on = entry.expires_on = None
    entry.confirmed_by = entry.confirmed_at = None
    entry.save()
    tell("trainer-started", entry, told, by=by, now=now)
    if entry.checklist is not None:
        set_anchor(entry.checklist, START, today, by=by, now=now)
    follow_state(entry, by=by, now=now)
    return entry


def lock(certification: TrainerCertification) -> TrainerCertification:
    """Read the entry anew and keep others from deciding it meanwhile."""
    rows = certifications().select_for_update(of=("self",))
    return rows.get(pk=certification.pk)


def finish_way(entry: TrainerCertification, *, by: User, now: datetime) -> None:
    """Tick the last step of the way: noting the certification is what it asks."""
    badge = Step.objects.open().filter(
        checklist=entry.checklist_id, key=StepKey.TRAINER_BADGE
    )
    for step in badge:
        complete_step(step, Completion(note=entry.note), by=by, now=now)


def follow_state(
    entry: TrainerCertification, *, by: User | None, now: datetime
) -> None:
    """Let the steps of a certification follow its state, and classes too (R-14)."""
    if entry.checklist is None:
        give_checklist(entry, by=by, now=now)
    else:
        date_end(entry, entry.checklist, by=by, now=now)
        facts, owners = certification_facts(entry), certification_owners(entry)
        adapt_checklist(entry.checklist, facts, owners, now=now)
    follow_classes(entry.person, entry.course, now=now)


def give_checklist(
    entry: TrainerCertification, *, by: User | None, now: datetime
) -> None:
    """Make the checklist of an entry that has none."""
    entry.checklist = start_checklist(draft_of(entry, now=now), by=by, now=now)
    entry.save(update_fields=["checklist"])


def date_end(
    entry: TrainerCertification,
    checklist: Checklist,
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Put the end on the checklist; with another one the renewal is to do again."""
    ends = entry.expires_on if entry.state == TrainerState.CERTIFIED else None
    old = checklist.anchors.get(key=END).day
    if old == ends:
        return
    set_anchor(checklist, END, ends, by=by, now=now)
    done = Step.objects.filter(checklist=checklist, key__in=RENEWAL)
    for step in done.filter(state__in=[StepState.DONE, StepState.NOT_APPLICABLE]):
        reopen_step(
            step, by=by, reason=_("The certification has another end."), now=now
        )


def certification_facts(entry: TrainerCertification) -> dict[str, object]:
    """Return which steps the checklist has; of who has left, none."""
    is_here = entry.person.is_active
    is_certified = entry.state == TrainerState.CERTIFIED
    return {
        "learning": is_here and entry.state == TrainerState.LEARNING,
        "expires": is_here and is_certified and entry.expires_on is not None,
        "certification": entry.course.has_certification,
        "labs": entry.course.has_labs,
    }


def certification_owners(entry: TrainerCertification) -> Owners:
    """Return who owns the steps: the person, and whoever decides about them.

    Without a manager it is who leads the practice, else the coordinators (R-23).
    """
    person = entry.person
    leads = person.practice.manager if person.practice else None
    manager = still_here(person.manager) or still_here(leads)
    by_role: dict[str, User] = {EngagementRole.TRAINER: person}
    if manager is not None:
        by_role[EngagementRole.PRACTICE_MANAGER] = manager
    return Owners(
        pool=pool_of(person), by_role=by_role, coordinator=manager, manager=manager
    )


def pool_of(person: User) -> Pool:
    """Return the coordinators of the person's region, else those of all regions."""
    if person.region is not None:
        return coordinator_pool(person.region)
    pool, _made = Pool.objects.get_or_create(
        role=Role.COORDINATOR, region=None, defaults={"name": _("Coordinators")}
    )
    return pool


def draft_of(entry: TrainerCertification, *, now: datetime) -> ChecklistDraft:
    """Return what the checklist is made from, on the calendar of the person."""
    person = entry.person
    ends = entry.expires_on
    anchors: dict[str, date | None] = {START: local_day(person, now), END: ends}
    return ChecklistDraft(
        playbook_key=PLAYBOOK,
        title=f"{entry.course} · {person}",
        owners=certification_owners(entry),
        zone=person.zone,
        country=person.country,
        subdivision=person.subdivision,
        subject_url=entry.get_absolute_url(),
        facts=certification_facts(entry),
        anchors=anchors,
    )


@transaction.atomic
def follow_person(person: User, *, by: User | None, now: datetime) -> None:
    """Let the steps of somebody's certifications follow who decides about them."""
    for entry in certifications().filter(person=person, checklist__isnull=False):
        entry.person = person
        checklist = entry.checklist
        if checklist is not None:
            owners = certification_owners(entry)
            change_owners(checklist, owners, by=by, now=now)
            adapt_checklist(checklist, certification_facts(entry), owners, now=now)


def tell(
    verb: str,
    entry: TrainerCertification,
    changes: Changes | None = None,
    *,
    by: User | None,
    reason: str = "",
    now: datetime,
) -> None:
    """Write what happened to a certification into the history."""
    told: Changes = {"trainer": [None, entry.person]}
    record(
        verb, by=by, subject=entry, changes={**told, **(changes or {})},
        reason=reason, now=now,
    )  # fmt: skip
