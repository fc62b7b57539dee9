"""What of people waits for somebody on My day."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from psdelivery.people.models import User
from psdelivery.people.moments import span_text
from psdelivery.people.queries.time_off import Request, requests_for
from psdelivery.registry import WaitingItem


def time_off_to_decide(user: User, now: datetime) -> Sequence[WaitingItem]:
    """Return the requests for time off that wait for this person's decision."""
    requests = requests_for(user, now)
    absent = User.objects.in_bulk(
        [one.on_behalf_of for one in requests if one.on_behalf_of is not None]
    )
    return [_item(one, absent) for one in requests]


def _item(request: Request, absent: dict[int, User]) -> WaitingItem:
    time_off = request.time_off
    words = {
        "person": time_off.person.display_name,
        "days": span_text(time_off.starts_on, time_off.ends_on),
    }
    principal = absent.get(request.on_behalf_of or 0)
    why = _("You are their manager.")
    if principal is not None:
        why = _("For %(person)s, who is away.") % {"person": principal.display_name}
    return WaitingItem(
        title=_("Approve the time off of %(person)s: %(days)s") % words,
        url=time_off.get_absolute_url(),
        why=why,
        since=time_off.requested_at,
        icon="calendar-x",
    )
