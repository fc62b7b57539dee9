"""What of the schedule waits for somebody on My day, without a deadline of its own."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from psdelivery.people.models import User
from psdelivery.people.moments import day_text
from psdelivery.people.queries.time_off import approver_ids
from psdelivery.registry import WaitingItem
from scheduling.choices import ExtraDayState
from scheduling.models import ExtraDay

# What a row tells, and what says who decides.
SHOWN = (
    "day", "asked_at", "consented_at", "granted_at",
    "person__username", "person__first_name", "person__last_name",
    "person__manager", "person__practice__manager",
)  # fmt: skip


def extra_days_to_answer(user: User, now: datetime) -> Sequence[WaitingItem]:
    """Return the extra days that wait for this person: to consent, or to grant."""
    asked = ExtraDay.objects.filter(state=ExtraDayState.ASKED).filter(
        Q(person=user, consented_at=None) | Q(granted_at=None)
    )
    told = asked.select_related("person__practice").only(*SHOWN)
    rows = list(told.order_by("asked_at"))
    others = [row for row in rows if row.person_id != user.pk]
    deciders = approver_ids(row.person for row in others)
    return [
        item(row, is_own=row.person_id == user.pk)
        for row in rows
        if (row.person_id == user.pk and row.consented_at is None)
        or (row.granted_at is None and user.pk in deciders.get(row.person_id, ()))
    ]


def item(extra: ExtraDay, *, is_own: bool) -> WaitingItem:
    """Return the row of one extra day."""
    words = {"person": extra.person.display_name, "day": day_text(extra.day)}
    if is_own:
        title, why = _("Agree to an extra day: %(day)s"), _("You would work on it.")
    else:
        title = _("Grant an extra day: %(person)s, %(day)s")
        why = _("You are their manager.")
    return WaitingItem(
        title=title % words,
        url=extra.get_absolute_url(),
        why=why,
        since=extra.asked_at,
        icon="calendar-event",
    )
