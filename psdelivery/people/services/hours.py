"""Working hours: a row from a day on, what was before stays."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from psdelivery.people.away import local_day
from psdelivery.people.events import Changes, WorkingHoursChanged
from psdelivery.people.models import User, WorkingHours
from psdelivery.people.rules.hours import (
    by_name,
    hours_on,
    may_remove,
    reasons_against_hours,
)
from psdelivery.people.services.changes import (
    one_transaction,
    publish_change,
)
from psdelivery.registry import Reason, reactions, refuse


def set_working_hours(
    person: User,
    valid_from: date,
    hours: Sequence[Decimal],
    *,
    by: User | None,
    now: datetime,
) -> WorkingHours:
    """Let these hours (Monday to Sunday) hold from a day on.

    Hours that begin on the same day are corrected; the history keeps the old ones.
    """
    with one_transaction():
        refuse(reasons_against_hours(hours))
        # Locked, so that two entries at once see each other.
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        rows = list(person.working_hours.all())
        before = by_name(hours_on(rows, valid_from, person.country))
        stored, is_new = WorkingHours.objects.update_or_create(
            person=person, valid_from=valid_from, defaults=by_name(hours)
        )
        changes = {
            name: (before[name], new)
            for name, new in by_name(hours).items()
            if before[name] != new
        }
        if is_new or changes:
            _tell(person, valid_from, "hours-set", changes, by, now)
        return stored


def remove_working_hours(
    hours: WorkingHours, *, by: User | None, now: datetime
) -> None:
    """Take back hours that have not begun; those before them hold on."""
    with one_transaction():
        if not may_remove(hours, local_day(hours.person, now)):
            sentence = _("These hours have begun. Enter new ones from a later day on.")
            refuse([Reason("begun", sentence)])
        hours.delete()
        _tell(hours.person, hours.valid_from, "hours-removed", {}, by, now)


def _tell(
    person: User,
    first: date,
    verb: str,
    changes: Changes,
    by: User | None,
    now: datetime,
) -> None:
    told = {"valid_from": (None, first), **changes}
    publish_change(person, verb, told, by=by, now=now)
    reactions.publish(WorkingHoursChanged(person=person, first=first, by=by, at=now))
