"""A world in which every text that somebody typed is a nasty one."""

from django.apps import apps
from django.db import connection
from django.db.models import CharField, TextField

from psdelivery.people.validators import validate_line, validate_text
from tests.unlocking import unlocked_history

OURS = {
    "people", "history", "documents", "jobs", "outbox", "comments",
    "playbooks", "engagements", "execution", "scheduling", "training", "closeout",
}  # fmt: skip
# Typed text that reaches these by other ways than a form's validators.
COPIED = {
    "documents.document": {"title", "filename"},
    "history.event": {"subject_label", "reason"},
    "comments.comment": {"title"},
    "jobs.job": {"title", "error"},
    "outbox.message": {"subject", "text", "why", "last_error"},
    "playbooks.checklist": {"title"},
    "playbooks.playbook": {"title"},
    "playbooks.playbookstep": {"title", "instructions"},
    "playbooks.step": {"title", "instructions", "note"},
}
UNLIMITED = 10_000


def typed_fields():
    """Every model with its fields that hold what somebody typed."""
    for model in apps.get_models():
        meta = model._meta
        if meta.app_label not in OURS:
            continue
        copied = COPIED.get(meta.label_lower, set())
        fields = [one for one in meta.local_concrete_fields if is_typed(one, copied)]
        yield meta, fields


def is_typed(field, copied):
    if not isinstance(field, CharField | TextField) or field.choices:
        return False
    by_form = any(one in (validate_line, validate_text) for one in field.validators)
    return by_form or field.name in copied


def poison(text_for):
    """Write into each typed text what `text_for(its longest length)` says.

    Around the models: history refuses to be changed. Each text ends with the key of
    its row, since some may be there only once; only a text that leaves no room for
    the key loses its end.
    """
    with unlocked_history(), connection.cursor() as cursor:
        for meta, fields in typed_fields():
            for one in fields:
                write(cursor, meta, one, text_for)


def write(cursor, meta, field, text_for):
    longest = field.max_length or UNLIMITED
    text = text_for(longest)
    table, key, column = map(
        connection.ops.quote_name, (meta.db_table, meta.pk.column, field.column)
    )
    # Empty texts stay empty: constraints may want them so.
    cursor.execute(f"SELECT {key} FROM {table} WHERE {column} <> ''")
    keys = [row[0] for row in cursor.fetchall()]
    cursor.executemany(
        f"UPDATE {table} SET {column} = %s WHERE {key} = %s",
        [(f"{text[: max(longest - len(str(one)), 0)]}{one}", one) for one in keys],
    )
