"""What of people themselves somebody holds: approvals, deputising, reports."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from psdelivery.people.models import TimeOff, User
from psdelivery.people.queries.time_off import requests_for, stands_in_for
from psdelivery.registry import Absentee, Held, HeldItem

SHOWN = 20


def held_approvals(absentee: Absentee, viewer: User, now: datetime) -> Sequence[Held]:
    """Return the time off that waits for this person's approval."""
    mine = requests_for(absentee.person, now)
    rows = [one.time_off for one in mine if one.on_behalf_of is None]
    is_own = viewer == absentee.person
    goes_to = _("Whoever stands in decides them.")
    if absentee.is_leaving:
        goes_to = _("The next manager above decides them.")
    items = [_item(row, is_linked=is_own) for row in rows[:SHOWN]]
    return [Held(_("Time off to approve"), len(rows), items, goes_to)]


def held_deputising(absentee: Absentee, viewer: User, now: datetime) -> Sequence[Held]:
    """Return the time off of others for which this person stands in (R-23)."""
    rows = stands_in_for(absentee.person, absentee.first, absentee.last)
    goes_to = _("On those days the work goes on to whoever stands in next.")
    if absentee.is_leaving:
        goes_to = _("Their managers stand in.")
    items = [_item(row) for row in rows[:SHOWN]]
    return [Held(_("People to stand in for"), rows.count(), items, goes_to)]


def held_reports(absentee: Absentee, viewer: User, now: datetime) -> Sequence[Held]:
    """Return who reports to somebody who leaves, and the practices they manage."""
    if not absentee.is_leaving:
        return []
    reports = User.objects.active().filter(manager=absentee.person)
    practices = absentee.person.managed_practices.all()
    goes_to = _("They keep a manager who has left until you choose another.")
    return [
        Held(
            _("People who report to them"),
            reports.count(),
            [
                HeldItem(one.display_name, one.get_absolute_url())
                for one in reports[:SHOWN]
            ],
            goes_to,
        ),
        Held(
            _("Practices they manage"),
            practices.count(),
            [HeldItem(practice.name) for practice in practices[:SHOWN]],
            _("Nobody decides for them until an administrator names a manager."),
        ),
    ]


def _item(row: TimeOff, *, is_linked: bool = False) -> HeldItem:
    url = row.get_absolute_url() if is_linked else ""
    return HeldItem(row.person.display_name, url, str(row))
