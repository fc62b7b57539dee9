"""A very large portal is the demo data several times, each copy whole in itself."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import F, Sum

from engagements.models import Engagement, Offering, TeamMember
from psdelivery.dashboards.demo import seeding
from psdelivery.dashboards.demo.multiply import DISTANCE, quoted, repeated
from psdelivery.history.models import Event
from psdelivery.people.models import Region, User
from psdelivery.playbooks.models import Playbook, Step
from scheduling.choices import Hold
from scheduling.models import Allocation, AllocationDay, CapacityDay
from training.models import Course, Session

NOW = datetime(2027, 6, 9, 9, 30, tzinfo=UTC)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]


def counts():
    return {model: model._default_manager.count() for model in repeated()}


def indexes():
    """Every index of the database, and every constraint that is one.

    Without the types and brackets, which the server writes in another way each time.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef, contype, pg_get_constraintdef(c.oid) FROM pg_indexes"
            " LEFT JOIN pg_constraint c ON conname = indexname"
            " WHERE schemaname = 'public'"
        )
        rows = [" ".join(map(str, row)) for row in cursor.fetchall()]
    return sorted(
        re.sub(r"::(character varying|text)|[()\[\]]", "", row) for row in rows
    )


def test_what_points_to_people_or_work_is_repeated_and_the_process_is_not():
    tables = set(repeated())

    assert {User, Engagement, Step, Event, Session, Allocation, CapacityDay} <= tables
    assert Engagement.offerings.through in tables
    assert not {Course, Offering, Playbook, Region, Permission} & tables


def orphans(model):
    """Foreign keys of the table that lead nowhere, by column."""
    found = {}
    for fact in model._meta.concrete_fields:
        if not fact.is_relation:
            continue
        table, column = quoted(model._meta.db_table), quoted(fact.column)
        target = quoted(fact.related_model._meta.db_table)
        key = quoted(fact.target_field.column)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM {table} a LEFT JOIN {target} b"
                f" ON a.{column} = b.{key} WHERE a.{column} IS NOT NULL"
                f" AND b.{key} IS NULL"
            )
            missing = cursor.fetchone()[0]
        if missing:
            found[f"{table}.{column}"] = missing
    return found


def booked_by_day(hard):
    """The hours of the bookings by person and day."""
    days = AllocationDay.objects.exclude(person=None).order_by()
    chosen = days.filter(hold=Hold.HARD) if hard else days.exclude(hold=Hold.HARD)
    sums = chosen.values("person_id", "day").annotate(sum=Sum("hours"))
    return {(row["person_id"], row["day"]): row["sum"] for row in sums}


def kept_by_day(name):
    """The same hours as the days of people keep them."""
    rows = CapacityDay.objects.filter(**{f"{name}__gt": 0}).order_by()
    values = rows.values_list("person_id", "day", name)
    return {(who, day): hours for who, day, hours in values}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL")
def test_every_copy_is_whole_and_points_to_itself(monkeypatch, transactional_db):
    monkeypatch.setattr(seeding, "LARGE", 9)
    seeding.seed_once(9, 1, now=NOW, told=6)
    once, built = counts(), indexes()

    seeding.multiply(3)

    assert indexes() == built
    the_copies_are_whole(once)
    the_copies_are_booked()


def the_copies_are_whole(once):
    """Each table is there three times, and each copy points to its own."""
    assert counts() == {model: 3 * count for model, count in once.items()}
    assert [orphans(model) for model in repeated() if orphans(model)] == []
    for step in Step.objects.select_related("checklist", "engagement").order_by("-pk"):
        assert step.checklist.engagement_id == step.engagement_id
    last = Engagement.objects.exclude(checklist=None).latest("pk")
    assert last.checklist.subject_url == last.get_absolute_url()
    # The next record gets a key of its own.
    assert User.objects.create_user("new", "new@example.com").pk > last.created_by_id


def the_copies_are_booked():
    """The people of a copy have the bookings of those that they repeat."""
    booked = Allocation.objects.exclude(person=None)
    assert booked.filter(pk__gt=DISTANCE, engagement__gt=DISTANCE).exists()
    assert not booked.filter(pk__gt=DISTANCE, person__lt=DISTANCE).exists()
    assert kept_by_day("hard") == booked_by_day(hard=True)
    assert kept_by_day("soft") == booked_by_day(hard=False)
    over = CapacityDay.objects.filter(hard__gt=F("capacity"))
    assert not over.exclude(overbooked=True).exists()
    for member in TeamMember.objects.exclude(booking="").filter(pk__gt=DISTANCE):
        days = AllocationDay.objects.filter(
            allocation__engagement=member.engagement_id,
            allocation__role=member.role,
            person=member.person_id,
            hold=member.booking,
        )
        assert days.aggregate(sum=Sum("hours"))["sum"] == member.hours
