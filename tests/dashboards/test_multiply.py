"""A very large portal is the demo data several times, each copy whole in itself."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from engagements.models import Engagement
from psdelivery.dashboards.demo import seeding
from psdelivery.dashboards.demo.multiply import REPEATED, quoted
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step

NOW = datetime(2027, 6, 9, 9, 30, tzinfo=UTC)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]


def counts():
    return {model: model._default_manager.count() for model in REPEATED}


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


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL")
def test_every_copy_is_whole_and_points_to_itself(monkeypatch, transactional_db):
    monkeypatch.setattr(seeding, "LARGE", 6)
    seeding.seed_once(6, 1, now=NOW, told=6)
    once = counts()

    seeding.multiply(3)

    assert counts() == {model: 3 * count for model, count in once.items()}
    assert [orphans(model) for model in REPEATED if orphans(model)] == []
    for step in Step.objects.select_related("checklist", "engagement").order_by("-pk"):
        assert step.checklist.engagement_id == step.engagement_id
    last = Engagement.objects.exclude(checklist=None).latest("pk")
    assert last.checklist.subject_url == last.get_absolute_url()
    # The next record gets a key of its own.
    assert User.objects.create_user("new", "new@example.com").pk > last.created_by_id
