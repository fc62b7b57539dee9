"""The sessions that somebody teaches, told before they go away or leave (R-23)."""

from collections.abc import Sequence
from datetime import datetime, time

from django.utils.translation import gettext as _

from psdelivery.access import Action, Scope, scope_for
from psdelivery.calendars import end_of_day, local_moment
from psdelivery.people.models import User
from psdelivery.people.moments import moment_text
from psdelivery.registry import Absentee, Held, HeldItem
from training.choices import DeliveryState
from training.models import Session

SHOWN = 20


def held_sessions(absentee: Absentee, viewer: User, now: datetime) -> Sequence[Held]:
    """Return the sessions that touch the days; of who leaves all that are coming."""
    zone = absentee.person.zone
    start = local_moment(absentee.first, time(), zone)
    sessions = Session.objects.filter(
        delivery__trainer=absentee.person, ends_at__gt=start
    ).exclude(delivery__state=DeliveryState.CANCELLED)
    if absentee.last is not None:
        sessions = sessions.filter(starts_at__lt=end_of_day(absentee.last, zone))
    rows = sessions.select_related("delivery__course").order_by("starts_at", "pk")
    may_open = viewer == absentee.person or _may_see(viewer)
    items = [_item(row, zone) for row in rows[:SHOWN]] if may_open else []
    goes_to = _("A class needs another trainer or another date: tell the coordinator.")
    return [Held(_("Sessions to teach"), sessions.count(), items, goes_to)]


def _may_see(viewer: User) -> bool:
    return scope_for(viewer.role_set, Action.WORK_SEE) is Scope.ALL


def _item(session: Session, zone: str) -> HeldItem:
    when = str(moment_text(session.starts_at, session.zone, zone))
    return HeldItem(session.delivery.title, session.get_absolute_url(), when)
