"""The database refuses by itself what goes past the models."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from psdelivery.history.models import Erasing, Event
from psdelivery.history.services import record
from tests.machine import is_on_postgres


def run(sql, *parameters):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


@pytest.fixture
def event(ann, now):
    return record("tea-made", by=ann, reason="thirst", now=now)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE history_event SET reason = 'boredom'",
        "UPDATE history_event SET id = id + 1",
        "DELETE FROM history_event",
        "DELETE FROM history_event WHERE verb = 'tea-made'",
    ],
)
def test_a_raw_statement_changes_no_history(event, sql):
    with pytest.raises(IntegrityError, match="cannot be changed or deleted"):
        run(sql)

    assert Event.objects.values_list("pk", "reason").get() == (event.pk, "thirst")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verb", "end"),
    [
        ("INSERT", "ON CONFLICT (id) DO UPDATE SET verb = 'forged'"),
        pytest.param(
            "REPLACE",
            "",
            marks=pytest.mark.skipif(is_on_postgres(), reason="SQLite's own word"),
        ),
    ],
)
def test_an_insert_that_overwrites_is_refused(event, verb, end):
    columns = "id, at, verb, subject_id, subject_label, changes, reason, is_money"
    values = "%s, %s, 'forged', '', '', '{}', '', false"

    with pytest.raises(IntegrityError, match="cannot be changed or deleted"):
        run(
            f"{verb} INTO history_event ({columns}) VALUES ({values}) {end}",
            event.pk,
            event.at,
        )

    assert Event.objects.get().verb == "tea-made"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "reason = 'boredom'",
        "changes = '{}'",
        "subject_label = 'somebody'",
    ],
)
def test_words_are_replaced_while_somebody_is_erased_and_not_afterwards(
    event, now, change
):
    erasing = Erasing.objects.create(at=now)
    run(f"UPDATE history_event SET {change}")

    erasing.delete()
    with pytest.raises(IntegrityError, match="cannot be changed or deleted"):
        run(f"UPDATE history_event SET {change}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "id = id + 1",
        "at = '2020-01-01'",
        "actor_id = NULL",
        "verb = 'forged'",
        "subject_id = '7'",
        "is_money = true",
        "reason = 'x', verb = 'forged'",
    ],
)
def test_nothing_but_words_is_changed_even_then(event, now, change):
    Erasing.objects.create(at=now)

    with pytest.raises(IntegrityError, match="cannot be changed or deleted"):
        run(f"UPDATE history_event SET {change}")
    with pytest.raises(IntegrityError, match="cannot be changed or deleted"):
        run("DELETE FROM history_event")


@pytest.mark.django_db
def test_a_statement_that_meets_no_event_is_no_error(event):
    run("DELETE FROM history_event WHERE verb = 'coffee-made'")
    run("UPDATE history_event SET reason = '' WHERE verb = 'coffee-made'")

    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_test_database_can_be_emptied_and_refuses_again_afterwards(ann, now):
    record("tea-made", by=ann, now=now)
    call_command("flush", interactive=False, verbosity=0)

    assert not Event.objects.exists()
    record("tea-made", by=None, now=now)
    with pytest.raises(IntegrityError):
        run("DELETE FROM history_event")
