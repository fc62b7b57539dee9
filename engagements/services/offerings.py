"""Keep the catalogue of what is sold."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.text import slugify

from engagements.models import Offering
from engagements.services.values import write_values
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.people.services.changes import one_transaction

KEY_LENGTH = 60


def add_offering(values: Mapping[str, Any], *, by: User, now: datetime) -> Offering:
    """Add an offering; marked as edited, so that shipped data never replaces it."""
    with one_transaction():
        offering = Offering(
            key=slugify(values["title"])[:KEY_LENGTH], edited_at=now, **values
        )
        offering.save(force_insert=True)
        record("offering-added", by=by, subject=offering, now=now)
        return offering


def edit_offering(
    offering: Offering, values: Mapping[str, Any], *, by: User, now: datetime
) -> Offering:
    """Change an offering; from then on shipped data leaves it alone."""
    with one_transaction():
        stored = Offering.objects.select_for_update(of=("self",)).get(pk=offering.pk)
        changes = write_values(stored, values)
        if not changes:
            return stored
        stored.edited_at = now
        stored.save()
        record("offering-edited", by=by, subject=stored, changes=changes, now=now)
        return stored
