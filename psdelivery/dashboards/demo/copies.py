"""The told stories again, at other sites of their customers, with other people.

Telling a story through the services takes a good part of a second; its copy takes a
few inserts. Every due date stays right: the site has its customer's calendar, and who
stands in for somebody works in the same region.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid5

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q

from engagements.models import (
    Acknowledgement,
    Attendance,
    BallPeriod,
    Engagement,
    GateCondition,
    Handoff,
    HandoffQuestion,
    Paper,
    TeamMember,
    WorkAtRisk,
)
from psdelivery.dashboards.demo import names
from psdelivery.dashboards.demo.people import Cast
from psdelivery.documents.models import Document
from psdelivery.history.models import Event
from psdelivery.livetext.models import LiveSheet, LiveText, LiveTextVersion
from psdelivery.people.models import Contact, User
from psdelivery.playbooks.models import Anchor, Checklist, Step
from scheduling.models import Allocation
from training.models import Delivery, Mark, Session, Submission

# What hangs on an engagement and how it is found, in the order of its keys.
BELONGINGS: tuple[tuple[type[models.Model], str], ...] = (
    (Engagement.offerings.through, "engagement"),
    (Document, "engagement"),
    (Paper, "engagement"),
    (TeamMember, "engagement"),
    (Anchor, "checklist__engagement"),
    (Step, "engagement"),
    # Both name steps.
    (GateCondition, "engagement"),
    (WorkAtRisk, "engagement"),
    (BallPeriod, "engagement"),
    (Step.blockers.through, "from_step__engagement"),
    (LiveSheet, "handoff__engagement"),
    (LiveText, "sheet__handoff__engagement"),
    (LiveTextVersion, "row__sheet__handoff__engagement"),
    (Handoff, "engagement"),
    (HandoffQuestion, "handoff__engagement"),
    (Attendance, "handoff__engagement"),
    (Acknowledgement, "handoff__engagement"),
    (Delivery, "engagement"),
    (Session, "delivery__engagement"),
    (Submission, "delivery__engagement"),
    (Mark, "submission__delivery__engagement"),
    (Event, "engagement"),
)
BATCH = 400


@dataclass
class Site:
    """Where a copy plays: what stands for what, by model and key."""

    number: int
    keys: dict[type[models.Model], dict[int, int]] = field(default_factory=dict)

    def emptied(self) -> "Site":
        """Return the site with its people and customers, before a story is copied."""
        return Site(self.number, dict(self.keys))

    def note(self, old: models.Model, new: models.Model) -> None:
        """Remember that the one record became the other."""
        self.keys.setdefault(type(old), {})[old.pk] = new.pk

    def key(self, model: type[models.Model] | None, pk: Any) -> Any:
        """Return what stands for the key here; itself where nothing does."""
        return self.keys[model].get(pk, pk) if model in self.keys else pk


@transaction.atomic
def copy_story(engagement: Engagement, places: Iterable[Site]) -> list[int]:
    """Write copies of an engagement with all that hangs on it, one for each site.

    Returns the keys of the copies. Their teams are booked later (`site_bookings`).
    """
    sites = [place.emptied() for place in places]
    told = Engagement.objects.get(pk=engagement.pk)
    # Both are copied after it.
    owners = stamp_rows([told], sites, checklist_id=None, ball_step_id=None)
    copy_checklists(told, sites)
    for model, path in BELONGINGS:
        rows = model._default_manager.filter(**{path: told.pk}).order_by("pk")
        if model is Event:
            rows = rows.exclude(is_about_bookings())
        made = stamp_rows(list(rows), sites)
        if model in {Delivery, Session, Submission}:
            owners += made
    settle_checklists(told, sites, owners)
    return [site.key(Engagement, told.pk) for site in sites]


def is_about_bookings() -> Q:
    """Return the condition for events that tell how the people of a story are booked.

    Other people are booked at a site, and on other days.
    """
    booked = ContentType.objects.get_for_model(Allocation)
    return Q(subject_type=booked) | Q(changes__has_key="booking")


def site_of(cast: Cast, number: int) -> Site:
    """Return a site with its customers, contacts and people in the others' place."""
    site = Site(number)
    homes = len(names.CUSTOMERS)
    for place, home in enumerate(cast.homes):
        there = cast.sites[place + number * homes]
        site.note(home, there)
        for old, new in zip(
            cast.contacts[home.pk], cast.contacts[there.pk], strict=True
        ):
            site.note(old, new)
    for person in cast.people:
        site.note(person, stand_in(cast, person, number))
    return site


def stand_in(cast: Cast, person: User, number: int) -> User:
    """Return who does the person's work at a site: same role, same region."""
    role = cast.role_of[person.pk]
    others = [
        one for one in cast.by_role[role][1:] if one.region_id == person.region_id
    ]
    if not others:
        return person
    place = others.index(person) if person in others else 0
    return others[(place + number) % len(others)]


def copy_checklists(told: Engagement, sites: list[Site]) -> None:
    """Copy the checklists from the top down, since each names the one above it."""
    level = list(Checklist.objects.filter(engagement=told, parent=None))
    while level:
        stamp_rows(level, sites)
        level = list(Checklist.objects.filter(parent__in=level).order_by("pk"))


def settle_checklists(
    told: Engagement, sites: list[Site], owners: Iterable[Any]
) -> None:
    """Let each copy know its checklist, made after it, and the checklist its page."""
    own = {
        site.key(Engagement, told.pk): site.key(Checklist, told.checklist_id)
        for site in sites
    }
    for engagement, checklist in own.items():
        Engagement.objects.filter(pk=engagement).update(checklist=checklist)
    for site in sites:
        copy = Engagement.objects.filter(pk=site.key(Engagement, told.pk))
        copy.update(ball_step=site.key(Step, told.ball_step_id))
    checklists = []
    for owner in owners:
        pk = own[owner.pk] if isinstance(owner, Engagement) else owner.checklist_id
        checklists.append(Checklist(pk=pk, subject_url=owner.get_absolute_url()))
    Checklist.objects.bulk_update(checklists, ["subject_url"], batch_size=BATCH)


def stamp_rows(
    rows: Sequence[models.Model], sites: list[Site], **fixed: object
) -> list[models.Model]:
    """Write the rows once for each site and remember what they became."""
    pairs = [(site, row, copied(row, site, fixed)) for site in sites for row in rows]
    if not pairs:
        return []
    manager = type(rows[0])._default_manager
    made = manager.bulk_create([new for _s, _r, new in pairs], batch_size=BATCH)
    for (site, row, _new), new in zip(pairs, made, strict=True):
        site.note(row, new)
    return made


def copied(row: models.Model, site: Site, fixed: Mapping[str, object]) -> models.Model:
    """Return a copy of the row (not saved) that points to what is at the site."""
    values = {
        fact.attname: value_at(row, fact, site)
        for fact in row._meta.concrete_fields
        if not fact.primary_key
    }
    if isinstance(row, Event):
        values |= event_values(row, site)
    if isinstance(row, TeamMember):
        # Who stands in is booked on days of their own.
        values |= {"booking": "", "first_day": None, "hours": None}
    if isinstance(row, Document):
        values["series"] = uuid5(row.series, str(site.number))
    if isinstance(row, Delivery | Checklist):
        values["title"] = renamed(row.title, site)
    return type(row)(**values | dict(fixed))


def value_at(row: models.Model, fact: "models.Field[Any, Any]", site: Site) -> Any:
    """Return a field's value, a key turned into that of its copy."""
    value = getattr(row, fact.attname)
    if fact.is_relation and value is not None:
        return site.key(fact.related_model, value)
    return value


def event_values(event: Event, site: Site) -> dict[str, object]:
    """Return what an event says of its subject and of people, at the site."""
    values: dict[str, object] = {
        "changes": at_site(event.changes, site),
        "subject_label": renamed(event.subject_label, site),
    }
    if event.subject_type_id and event.subject_id.isdigit():
        kind = ContentType.objects.get_for_id(event.subject_type_id).model_class()
        values["subject_id"] = str(site.key(kind, int(event.subject_id)))
    return values


def at_site(value: Any, site: Site) -> Any:
    """Return what an event noted, with the people of the site."""
    if isinstance(value, list):
        return [at_site(one, site) for one in value]
    if isinstance(value, dict):
        if value.keys() == {"person"}:
            return {"person": site.key(User, value["person"])}
        if value.keys() == {"contact"}:
            return {"contact": site.key(Contact, value["contact"])}
        return {key: at_site(one, site) for key, one in value.items()}
    return value


def renamed(text: str, site: Site) -> str:
    """Return a title with the site's name in place of the customer's."""
    for name, *_rest in names.CUSTOMERS:
        if name in text:
            return text.replace(name, f"{name}, site {site.number + 1}")[:160]
    return text
