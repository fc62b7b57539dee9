"""What comes with the portal: read from its files once a run, then copied."""

from django.db import connection

from psdelivery.outbox.models import MailTemplate
from psdelivery.outbox.services.templates import load_templates
from psdelivery.playbooks.models import Playbook, PlaybookStep
from psdelivery.playbooks.services.shipped import load_shipped_data

_rows = {}


def ship_playbooks():
    """Have the shipped playbooks, as `load_shipped_data` leaves them."""
    _ship(load_shipped_data, Playbook, PlaybookStep)


def ship_mails():
    """Have the shipped texts of mails, as `load_templates` leaves them."""
    _ship(load_templates, MailTemplate)


def _ship(load, *models):
    tables = [connection.ops.quote_name(model._meta.db_table) for model in models]
    if models[0].objects.exists():
        # Only the loader knows what to do with what is there.
        load()
    elif load not in _rows:
        load()
        _rows[load] = {table: _stored(table) for table in tables}
    else:
        for table in tables:
            _copy(table, _rows[load][table])


def _stored(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return cursor.fetchall()


def _copy(table, rows):
    row = f"({', '.join(['%s'] * len(rows[0]))})"
    values = [value for one in rows for value in one]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} VALUES {', '.join([row] * len(rows))}", values
        )
