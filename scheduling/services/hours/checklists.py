"""The checklists of hours: one for the week of a person, one for who approves it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.calendars import Calendar
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.models import Pool, User
from psdelivery.people.moments import day_text
from psdelivery.people.queries import coordinator_pool
from psdelivery.playbooks.models import Checklist, Playbook, Step
from psdelivery.playbooks.owners import Assignment, Owners
from psdelivery.playbooks.services.checklists import ChecklistDraft, start_checklist

# What the steps are called in their playbooks, and what they are counted from.
WEEK, CONFIRM, WEEK_END = "hours-week", "hours-confirm", "week_end"
APPROVAL, APPROVE, APPROVAL_DUE = "hours-approval", "hours-approve", "hours_due"
# The roles that the playbooks name; whose they are here is said by who owns the week.
ROLES = (EngagementRole.PSE, EngagementRole.PM)
WEEK_TITLE = gettext_lazy("Hours, week to %(day)s")
APPROVAL_TITLE = gettext_lazy("Hours to approve, week to %(day)s")


@dataclass(frozen=True)
class Asked:
    """Who is asked, on which calendar, for the hours of which week, on which page."""

    owner: Assignment
    calendar: Calendar
    ends_on: date
    url: str


def pool_behind(person: User) -> Pool:
    """Return the coordinators of somebody's region; of all where there is none."""
    if person.region is not None:
        return coordinator_pool(person.region)
    pool, _made = Pool.objects.get_or_create(
        role=Role.COORDINATOR, region=None, defaults={"name": _("Coordinators")}
    )
    return pool


def ask_for_hours(person: User, ends_on: date, url: str, now: datetime) -> Checklist:
    """Start the checklist of somebody's week: to confirm it by its last day."""
    asked = Asked(Assignment(person=person), person.calendar, ends_on, url)
    anchors: dict[str, date | datetime | None] = {WEEK_END: ends_on}
    return start(WEEK, str(WEEK_TITLE), asked, anchors, now)


def ask_for_approval(asked: Asked, due: datetime, now: datetime) -> Checklist:
    """Start the checklist of who approves the hours of a week: by that moment."""
    anchors: dict[str, date | datetime | None] = {APPROVAL_DUE: due}
    return start(APPROVAL, str(APPROVAL_TITLE), asked, anchors, now)


def start(
    key: str,
    title: str,
    asked: Asked,
    anchors: dict[str, date | datetime | None],
    now: datetime,
) -> Checklist:
    """Start a checklist of no engagement; its steps are those of who is asked."""
    person, calendar = asked.owner.person, asked.calendar
    draft = ChecklistDraft(
        playbook_key=key,
        title=title % {"day": day_text(asked.ends_on)},
        owners=owners_for(asked.owner),
        zone=calendar.zone,
        country=calendar.country,
        subdivision=calendar.subdivision,
        subject_url=asked.url,
        anchors=anchors,
    )
    checklist = start_checklist(draft, by=None, now=now)
    if person is not None:
        # It is theirs whatever they are on an engagement, and follows no role.
        steps = Step.objects.filter(checklist=checklist)
        steps.update(owner_role="", is_delegated=True)
    return checklist


def owners_for(owner: Assignment) -> Owners:
    """Return who owns the steps: one person, or a pool."""
    if owner.pool is not None:
        return Owners(pool=owner.pool)
    person = cast(User, owner.person)  # one of the two is set
    return Owners(
        pool=pool_behind(person),
        by_role=dict.fromkeys(ROLES, person),
        manager=person.manager,
    )


def is_loaded(key: str) -> bool:
    """Tell whether the playbook is there; a portal that is just set up has none."""
    return Playbook.objects.current().filter(key=key).exists()
