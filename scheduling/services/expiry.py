"""R-8: warn before a soft hold ends, and free its days when it has ended.

A look without arguments: the rows say what there is to do. Several holds of one
request are told of in one mail; each hold is claimed by a conditional update, so that
of two workers one acts and the other finds nothing.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.choices import PAUSED_STATUSES
from engagements.services.approvals import News, tell
from psdelivery.outbox.renderers import register_kind
from psdelivery.people.models import User
from psdelivery.people.moments import moment_text
from psdelivery.people.notifications import CHANGE, STEP_DUE
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.choices import Phase
from psdelivery.playbooks.models import Checklist, Step
from psdelivery.playbooks.owners import Assignment
from psdelivery.playbooks.rules.adhoc import AdHocStep
from psdelivery.playbooks.services.adhoc import add_step, standing_checklist
from scheduling.choices import AllocationState, Hold, RequestState
from scheduling.kept_holds import without_kept
from scheduling.models import Allocation
from scheduling.rules.booking import warns_until
from scheduling.services.bookings import Change, release
from scheduling.services.requests import Next, lock_request, move_request
from scheduling.services.requests.turns import pool_of
from scheduling.services.soft_holds import asker_of
from scheduling.settings import SOFT_WARNING_DAYS

KIND = "soft-hold"
BATCH = 200
# The step is the warning: no second one follows it.
NO_REMINDERS: dict[str, list[int]] = {"owner": []}
NEEDS = (
    "person",
    "request__requested_by__region",
    "request__engagement__region",
    "placed_by",
    "engagement__customer",
    "engagement__region",
    "engagement__practice__manager",
    "engagement__checklist",
    "engagement__main_contact",
)
logger = logging.getLogger(__name__)


def look_at_holds(now: datetime) -> int:
    """Let what has ended expire, then warn about what ends soon; return how many.

    In this order, so that after an outage a hold gives one notice, the last.
    """
    return expire_holds(now) + warn_of_holds(now)


def soft_holds() -> QuerySet[Allocation]:
    """Return the soft holds that stand, in the order in which they end."""
    rows = Allocation.objects.filter(state=AllocationState.ACTIVE, hold=Hold.SOFT)
    return rows.order_by("expires_at", "pk")


def ended_holds(now: datetime) -> QuerySet[Allocation]:
    """R-8: return the holds whose time is over: an index range, however many stand."""
    return soft_holds().filter(expires_at__lte=now)


def ending_holds(now: datetime) -> QuerySet[Allocation]:
    """R-8: return the holds to warn about; an index of those not warned about yet."""
    until = warns_until(now, portal_settings()[SOFT_WARNING_DAYS])
    coming = soft_holds().filter(expires_at__gt=now, expires_at__lte=until)
    return coming.filter(warned_at=None)


def expire_holds(now: datetime) -> int:
    """R-8: free the days of the holds that have ended; tell each requester once.

    Not of those that a record below ends itself, all of its holds at once.
    """
    ended = without_kept(ended_holds(now))
    return for_each_group(ended, lambda keys: expire_group(keys, now))


def warn_of_holds(now: datetime) -> int:
    """R-8: give the requesters of holds that end soon a step and one mail.

    Not while the work is on hold (domain.md, section 0: no reminders); once it is
    taken up again the next look warns of what still stands. Asked for here and not
    where a hold is claimed: a join would keep PostgreSQL from looking at it again.
    """
    running = ending_holds(now).exclude(engagement__status__in=PAUSED_STATUSES)
    return for_each_group(running, lambda keys: warn_group(keys, now))


def for_each_group(
    rows: QuerySet[Allocation], treat: Callable[[list[int]], int]
) -> int:
    """Treat the holds of one request together; one that fails stops no other."""
    groups: dict[tuple[str, int], list[int]] = {}
    for pk, asked in rows.values_list("pk", "request")[:BATCH]:
        groups.setdefault(("request", asked) if asked else ("own", pk), []).append(pk)
    treated = 0
    for keys in groups.values():
        try:
            treated += treat(keys)
        except Exception:
            logger.exception("Soft holds %s could not be treated.", keys)
    return treated


@transaction.atomic
def expire_group(keys: list[int], now: datetime) -> int:
    """Free the days of these holds, tell who asked, and ask coordination again.

    The request is locked first, as everywhere.
    """
    asked = Allocation.objects.get(pk=keys[0]).request
    stored = lock_request(asked) if asked else None
    holds = claimed(ended_holds(now), keys, changed_at=now)
    if not holds:
        return 0
    reason = _("The soft hold has ended.")
    for hold in holds:
        release(
            hold,
            Change(reason=reason),
            state=AllocationState.EXPIRED,
            by=None,
            now=now,
        )
    if stored is not None and stored.state == RequestState.BOOKED:
        to = Next(state=RequestState.UNDER_REVIEW, note=reason)
        move_request(stored, to, by=None, now=now)
    tell_of_expiry(holds, now)
    return len(holds)


@transaction.atomic
def warn_group(keys: list[int], now: datetime) -> int:
    """Open a step for each of these holds, and tell who asked in one mail."""
    holds = claimed(ending_holds(now), keys, warned_at=now)
    for hold in holds:
        hold.expiry_step = open_step(hold, now)
        Allocation.objects.filter(pk=hold.pk).update(expiry_step=hold.expiry_step)
    if holds:
        tell_of_end(holds, now)
    return len(holds)


def claimed(
    rows: QuerySet[Allocation], keys: list[int], **mark: datetime
) -> list[Allocation]:
    """Return those of these holds that nobody else treats or has treated.

    The update waits for whoever holds the row and looks at it again: what was
    extended, released or treated meanwhile is left alone.
    """
    won = [pk for pk in sorted(keys) if rows.filter(pk=pk).update(**mark)]
    return list(Allocation.objects.filter(pk__in=won).select_related(*NEEDS))


def open_step(hold: Allocation, now: datetime) -> Step | None:
    """Open the step of the requester, due when the hold ends."""
    owner = asker_of(hold)
    checklist = checklist_of(hold, now)
    if checklist is None or (owner.person is None and owner.pool is None):
        return None
    asked = AdHocStep(
        title=_("The soft hold ends: %(who)s, %(booking)s")
        % {"who": hold.who, "booking": hold},
        phase=Phase.INITIATE,
        assignee=owner.person,
        pool=owner.pool,
        due_at=hold.expires_at,
        instructions=_("Extend it with a reason, have it made hard, or let it go."),
        subject_url=url_of(hold),
        reminder_days=NO_REMINDERS,
    )
    return add_step(checklist, asked, by=None, now=now)


def checklist_of(hold: Allocation, now: datetime) -> Checklist | None:
    """Return where the step stands: on the engagement's checklist, else the pool's."""
    if hold.engagement is not None and hold.engagement.checklist is not None:
        return hold.engagement.checklist
    return standing_checklist(pool_of(hold.request), now=now) if hold.request else None


def url_of(hold: Allocation) -> str:
    """Return the page on which a hold is extended, made hard or released."""
    return reverse("scheduling:allocation-extend", args=[hold.pk])


def tell_of_end(holds: list[Allocation], now: datetime) -> None:
    """Mail who asked that their holds end soon."""
    zone = zone_of(asker_of(holds[0]))
    lines = [
        _("%(line)s: until %(moment)s.")
        % {"line": line_of(hold), "moment": ends_text(hold, zone)}
        for hold in holds
    ]
    lines.append(_("Extend with a reason, have it made hard, or let it go."))
    title = _("A soft hold ends soon: %(who)s") % {"who": names_of(holds)}
    tell_asker(holds, "ending", title, lines, STEP_DUE, now)


def tell_of_expiry(holds: list[Allocation], now: datetime) -> None:
    """Mail who asked, once, that their holds have ended and the days are free."""
    lines = [line_of(hold) for hold in holds]
    lines.append(_("The days are free again."))
    if holds[0].request is not None:
        lines.append(_("The request is under review again."))
    title = _("The soft hold has ended: %(who)s") % {"who": names_of(holds)}
    tell_asker(holds, "ended", title, lines, CHANGE, now)


def tell_asker(
    holds: list[Allocation],
    event: str,
    title: str,
    lines: Iterable[str],
    reason: str,
    now: datetime,
) -> None:
    """Queue the mail; of the same holds after the same extensions it is one mail."""
    first = holds[0]
    extended = sum(hold.extended for hold in holds)
    news = News(
        subject=first,
        event=f"{event}-{extended}",
        engagement=first.engagement,
        title=title,
        lines=tuple(lines),
        url=first.request.get_absolute_url() if first.request else url_of(first),
        why=_("You asked for this soft hold."),
        kind=KIND,
        reason=reason,
    )
    tell(news, whom(asker_of(first)), by=None, now=now)


def whom(asker: Assignment) -> list[User]:
    """Return whom a mail goes to."""
    return [one for one in (asker.person, asker.pool) if one is not None]  # type: ignore[misc]  # a pool is told like a person


def zone_of(asker: Assignment) -> str:
    """Return the zone by which a mail tells moments: the reader's, else the house's."""
    if asker.person is not None:
        return asker.person.zone
    return portal_settings().company_calendar.zone


def names_of(holds: list[Allocation]) -> str:
    """Name whose days are held, each once."""
    return ", ".join(dict.fromkeys(hold.who for hold in holds))


def line_of(hold: Allocation) -> str:
    """Say whose days are held, which, and for how many hours."""
    words = {
        "who": hold.who,
        "booking": hold,
        "hours": f"{hold.hours.normalize():f}",
    }
    return _("%(who)s, %(booking)s, %(hours)s hours") % words


def ends_text(hold: Allocation, zone: str) -> str:
    """Say when a hold ends, by the clock of the reader."""
    return str(moment_text(hold.expires_at, zone, zone)) if hold.expires_at else ""


def register_hold_mails() -> None:
    """Name the kind of mail."""
    register_kind(KIND, gettext_lazy("Soft hold that ends"))
