"""A very large portal: the demo data once more inside PostgreSQL, several times.

Copying rows through Python takes a quarter of an hour for 10,000 engagements; here the
database repeats what it has, with every key moved on by the same distance. People and
customers are repeated too, so that lists and queues grow as in a large company.
"""

from collections.abc import Iterable
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from engagements.models import (
    BallPeriod,
    Engagement,
    GateCondition,
    Paper,
    TeamMember,
    WorkAtRisk,
)
from psdelivery.documents.models import Document
from psdelivery.history.models import Event
from psdelivery.outbox.models import Message, Recipient
from psdelivery.people.models import Contact, Customer, RoleGrant, User
from psdelivery.playbooks.models import Anchor, Checklist, Reminder, Step
from training.models import Delivery, Session, Submission

# The catalogue, places and settings stay as they are; all this is repeated.
REPEATED: tuple[type[models.Model], ...] = (
    User, RoleGrant, Customer, Contact, Document, Checklist, Anchor, Engagement,
    Engagement.offerings.through, Paper, TeamMember, GateCondition, WorkAtRisk,
    BallPeriod, Step, Step.blockers.through, Message, Recipient, Reminder,
    Delivery, Session, Submission, Event,
)  # fmt: skip
# Further than any key of the told part.
DISTANCE = 100_000_000
# Columns that tell records apart, or name them in a text.
WRITTEN: dict[tuple[type[models.Model], str], str] = {
    (User, "username"): "{column} || '-{turn}'",
    (User, "email"): "'{turn}-' || {column}",
    (Customer, "name"): "{column} || ', group {turn}'",
    (Message, "idempotency_key"): "{column} || ' ×{turn}'",
    (Document, "series"): "md5({column}::text || '-{turn}')::uuid",
    (Event, "subject_id"): (
        "CASE WHEN {column} ~ '^[0-9]+$'"
        " THEN ({column}::bigint + {shift})::text ELSE {column} END"
    ),
    (Checklist, "subject_url"): (
        "regexp_replace({column}, '[0-9]+', coalesce("
        "((regexp_match({column}, '[0-9]+'))[1]::bigint + {shift})::text, ''))"
    ),
}


def multiply(times: int) -> None:
    """Let everything be there so many times; only on PostgreSQL.

    Each turn is one transaction. That the copies point to one another follows from
    the distance, so the database need not look up every key again.
    """
    for turn in range(1, times):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for model in REPEATED:
                cursor.execute(repeating(model, turn))
    with connection.cursor() as cursor:
        tables = connection.ops.sequence_reset_sql(no_style(), list(REPEATED))
        for statement in tables:
            cursor.execute(statement)


def repeating(model: type[models.Model], turn: int) -> str:
    """Return the statement that repeats the first rows of a table at a distance."""
    table = quoted(model._meta.db_table)
    columns = list(columns_of(model))
    names = ", ".join(quoted(fact.column) for fact in columns)
    values = ", ".join(value_of(model, fact, turn) for fact in columns)
    told = is_told(model)
    # Only names of our own columns and numbers are put into the statement.
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {told}"  # noqa: S608


def columns_of(model: type[models.Model]) -> Iterable[Any]:
    """Return the columns that are stored; the database makes the others itself."""
    return [fact for fact in model._meta.concrete_fields if not fact.generated]


def is_told(model: type[models.Model]) -> str:
    """Return the condition for the rows that are no copies."""
    if model is Message:
        return f"{quoted('idempotency_key')} !~ ' ×[0-9]+$'"
    pk = model._meta.pk
    return f"{quoted(str(pk.column))} < {DISTANCE}"


def value_of(model: type[models.Model], fact: Any, turn: int) -> str:
    """Return what stands in a column of the copy, as SQL."""
    column, shift = quoted(fact.column), turn * DISTANCE
    if written := WRITTEN.get((model, fact.name)):
        return written.format(column=column, turn=turn, shift=shift)
    target = fact.related_model if fact.is_relation else model
    if fact.is_relation and fact.unique and target not in REPEATED:
        # Its one owner is the first record.
        return "NULL"
    if not (fact.primary_key or fact.is_relation) or target not in REPEATED:
        return column
    if target is Message:
        return f"md5({column}::text || '-{turn}')::uuid"
    return f"{column} + {shift}"


def quoted(name: str) -> str:
    """Return a name fit for a statement."""
    return connection.ops.quote_name(name)
