"""Steps that somebody asks for on a running checklist, beside its playbook."""

from datetime import datetime

from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import Pool, User
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.choices import OffsetKind
from psdelivery.playbooks.definitions import default_reminders
from psdelivery.playbooks.events import tell_changed
from psdelivery.playbooks.models import Anchor, Checklist, Playbook, Step
from psdelivery.playbooks.owners import Assignment, Owners, assignment_for
from psdelivery.playbooks.rules.adhoc import AdHocStep, reasons_against_asking
from psdelivery.playbooks.services.anchors import dated_anchor
from psdelivery.playbooks.services.checklists import TITLE_LENGTH
from psdelivery.playbooks.services.deadlines import pool_calendar, schedule
from psdelivery.playbooks.services.steps import record_step
from psdelivery.playbooks.words import ASKED
from psdelivery.registry import RuleRefused

# After everything that the playbook brought.
LAST = 10_000
STANDING_PLAYBOOK = "asked"


@transaction.atomic
def add_step(
    checklist: Checklist,
    asked: AdHocStep,
    *,
    owners: Owners | None = None,
    by: User | None,
    now: datetime,
) -> Step:
    """Put a step of somebody's own on a running checklist; raises RuleRefused.

    It hangs on an anchor of its own, the day it was asked for, so that no move of
    the work's dates takes it along. `owners` says who holds the roles; without it
    the checklist's coordinator stands in for every role, then its pool (R-23).
    """
    reasons = reasons_against_asking(asked)
    if reasons:
        raise RuleRefused(reasons)
    checklist = Checklist.objects.select_for_update(of=("self",)).get(pk=checklist.pk)
    anchor = asked_anchor(checklist, asked, now)
    step = asked_step(anchor, asked, owners or owners_known_to(checklist), now)
    schedule([step], portal_settings(), now=now)
    step.save()
    record_step("step-added", step, by=by, reason="", now=now)
    tell_changed([step.engagement_id], now)
    return step


def owners_known_to(checklist: Checklist) -> Owners:
    """Return the people whom the checklist itself knows."""
    return Owners(
        pool=checklist.pool,
        coordinator=checklist.coordinator,
        manager=checklist.manager,
    )


def asked_anchor(checklist: Checklist, asked: AdHocStep, now: datetime) -> Anchor:
    """Make the anchor of the step; the row of the checklist is locked meanwhile."""
    taken = Anchor.objects.filter(checklist=checklist, key__startswith=f"{ASKED}-")
    keys = taken.values_list("key", flat=True)
    numbers = [int(key.rpartition("-")[2]) for key in keys]
    anchor = Anchor(checklist=checklist, key=f"{ASKED}-{max(numbers, default=0) + 1}")
    dated_anchor(anchor, asked.due_day or asked.due_at, now).save()
    return anchor


def asked_step(anchor: Anchor, asked: AdHocStep, owners: Owners, now: datetime) -> Step:
    """Return the step (not saved, not yet dated)."""
    checklist = anchor.checklist
    owner = owner_of(asked, owners)
    return Step(
        checklist=checklist,
        engagement_id=checklist.engagement_id,
        anchor=anchor,
        key=anchor.key,
        title=Truncator(asked.title.strip()).chars(TITLE_LENGTH),
        instructions=asked.instructions,
        phase=asked.phase,
        owner_role=EngagementRole.CONTACT if asked.contact else asked.owner_role,
        order=LAST,
        offset_unit=OffsetKind.DAYS if asked.due_day else OffsetKind.HOURS,
        calendar=asked.calendar,
        evidence_wanted=asked.evidence_wanted,
        reminder_days=asked.reminder_days or default_reminders(),
        blocks_move=asked.blocks_move,
        assignee=owner.person,
        pool=owner.pool,
        # Asked of one person or pool: it does not follow the holder of a role.
        is_delegated=asked.assignee is not None or asked.pool is not None,
        contact=asked.contact,
        subject_url=asked.subject_url,
        open_since=now,
    )


def owner_of(asked: AdHocStep, owners: Owners) -> Assignment:
    """Return who does it; of a contact's step it is the person who chases."""
    if asked.assignee is not None or asked.pool is not None:
        return Assignment(person=asked.assignee, pool=asked.pool)
    role = asked.owner_role or (EngagementRole.CONTACT if asked.contact else "")
    return assignment_for(role, owners)


@transaction.atomic
def standing_checklist(pool: Pool, *, now: datetime) -> Checklist:
    """Return the checklist of a pool for steps that belong to no engagement.

    There is one a pool; it is made when it is first asked for, on the pool's calendar.
    """
    # A version that is never current: no new checklist is made from it.
    playbook, _made = Playbook.objects.get_or_create(
        key=STANDING_PLAYBOOK,
        version=1,
        defaults={"title": _("Asked for"), "is_current": False},
    )
    Playbook.objects.select_for_update().get(pk=playbook.pk)
    found = Checklist.objects.filter(playbook=playbook, pool=pool).first()
    return found or new_standing_checklist(playbook, pool, now)


def new_standing_checklist(playbook: Playbook, pool: Pool, now: datetime) -> Checklist:
    """Make the checklist of a pool."""
    calendar = pool_calendar(pool, portal_settings())
    return Checklist.objects.create(
        title=str(pool),
        playbook=playbook,
        pool=pool,
        zone=calendar.zone,
        country=calendar.country,
        subdivision=calendar.subdivision,
        created_at=now,
    )
