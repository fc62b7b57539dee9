"""The demo data as a whole: cast, stories, their copies, and the mail of late."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random

from django.db import connection, transaction

from engagements.choices import Kind
from engagements.models import Engagement, Offering, Paper
from engagements.services.intake import Intake, register_engagement
from psdelivery.dashboards.demo.copies import Site, copy_story, site_of
from psdelivery.dashboards.demo.discovery import hold_discoveries
from psdelivery.dashboards.demo.drafts import prepare_welcomes
from psdelivery.dashboards.demo.event_plans import draft_event_plans
from psdelivery.dashboards.demo.mail import tell_past_reminders
from psdelivery.dashboards.demo.multiply import multiply
from psdelivery.dashboards.demo.people import Cast, make_cast
from psdelivery.dashboards.demo.planning import plan
from psdelivery.dashboards.demo.plans import plan_some_work
from psdelivery.dashboards.demo.site_bookings import book_copies
from psdelivery.dashboards.demo.slots import slot_of
from psdelivery.dashboards.demo.staff import make_staff_facts
from psdelivery.dashboards.demo.story import Stage, begin
from psdelivery.dashboards.demo.trainers import make_trainers
from psdelivery.dashboards.demo.turns import tell
from psdelivery.dashboards.demo.under_way import put_classes_under_way
from psdelivery.dashboards.demo.work_items import draft_some_work
from psdelivery.outbox.models import MailTemplate
from psdelivery.people.choices import Role
from psdelivery.people.models import Customer, Skill
from psdelivery.playbooks.models import Playbook
from psdelivery.playbooks.services.shipped import load_shipped_data
from psdelivery.registry import shipped_data
from training.models import Course

# So many stories are told; what is more are the same ones at other sites.
TOLD = 60
SITES_AT_ONCE = 40
# From twice as many on, PostgreSQL repeats so many engagements by itself.
LARGE = 2000
INTERNAL = ("Creditable time", "Non-creditable time")


def seed(count: int, seed: int, *, now: datetime, told: int = TOLD) -> None:
    """Fill an empty portal with so many engagements; at most `told` told one by one.

    A very large portal on PostgreSQL is a large one, several times.
    """
    with collecting_seldom():
        if count >= 2 * LARGE and connection.vendor == "postgresql":
            seed_once(LARGE, seed, now=now, told=told)
            multiply(count // LARGE)
        else:
            seed_once(count, seed, now=now, told=told)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Look for garbage more seldom: so many rows come and go that it costs a tenth."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def seed_once(count: int, seed: int, *, now: datetime, told: int) -> None:
    """Tell the stories and copy them, record by record."""
    load_what_is_missing()
    places = -(-count // told)
    with transaction.atomic():
        cast = make_cast(Random(seed), count, sites=places)
        register_internal(cast, now - timedelta(days=400))
        # Dice of their own, so that the stories stay as they are.
        make_staff_facts(cast, Random(f"{seed}-staff"), now)
        make_trainers(cast, now)
    stage = stage_of(cast, now)
    sites = [site_of(cast, number) for number in range(1, places)]
    copies: dict[int, int] = {}
    for number in range(min(count, told)):
        engagement = tell_story(stage, seed, number)
        copied = copy_to(sites[: (count - 1 - number) // told], engagement)
        copies |= dict.fromkeys(copied, engagement.pk)
    with transaction.atomic():
        book_copies(copies, Random(f"{seed}-sites"), now)
        plan(cast, now)
        office = cast.by_role[Role.COORDINATOR][0]
        draft_event_plans(office, now)
        put_classes_under_way(office, now)
        plan_some_work(now)
        hold_discoveries(office, now)
        draft_some_work(office, now)
    tell_past_reminders(now)
    prepare_welcomes(now)


def copy_to(sites: list[Site], engagement: Engagement) -> list[int]:
    """Copy a story to the sites, some at a time so that the memory stays bounded.

    Returns the keys of the copies.
    """
    copied: list[int] = []
    for start in range(0, len(sites), SITES_AT_ONCE):
        copied += copy_story(engagement, sites[start : start + SITES_AT_ONCE])
    return copied


def load_what_is_missing() -> None:
    """Load the playbooks, courses and offerings that come with the portal."""
    if not (
        Playbook.objects.exists()
        and Course.objects.exists()
        and Offering.objects.exists()
        and Skill.objects.exists()
        and MailTemplate.objects.exists()
    ):
        load_shipped_data()
        shipped_data.load_all()


def stage_of(cast: Cast, now: datetime) -> Stage:
    """Return what all stories share."""
    offerings = Offering.objects.filter(is_active=True).order_by("key")
    return Stage(
        cast=cast,
        offerings={offering.key: offering for offering in offerings},
        courses=list(Course.objects.filter(is_active=True).order_by("key")),
        now=now,
    )


@transaction.atomic
def tell_story(stage: Stage, seed: int, number: int) -> Engagement:
    """Tell one story, whole or not at all.

    Each has its own dice, so that the first sixty are the same whatever the number
    asked for.
    """
    story = begin(stage, slot_of(number), number, Random(f"{seed}-{number}"))
    return tell(story)


def register_internal(cast: Cast, at: datetime) -> None:
    """Register the two standing internal engagements (glossary)."""
    house = Customer.objects.create(
        name="PS Delivery (internal)", zone="Europe/Berlin", country="DE"
    )
    for title in INTERNAL:
        engagement = Engagement(
            title=title,
            customer=house,
            kind=Kind.INTERNAL,
            region=next(iter(cast.regions.values())),
            practice=cast.practices[0],
        )
        register_engagement(Intake(engagement, Paper()), by=None, now=at)
