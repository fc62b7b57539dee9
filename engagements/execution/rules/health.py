"""The weekly report on health and status: when it is due, and what it must say.

Pure: no writes, no clock, no request (domain.md, section 4, Health/status).
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from engagements.choices import Kind, Status
from engagements.execution.choices import Health
from psdelivery.registry import Reason

# What a report gives a colour to; the customer is not told how we see the client.
PARTS = ("schedule", "scope", "budget", "client")
COLOURS = ("overall", *PARTS)
TOLD_TO_CUSTOMER = ("overall", "schedule", "scope", "budget")

KINDS_WITH_REPORTS = frozenset({Kind.CONSULTING, Kind.BLENDED, Kind.DEDICATED})
# When the tab is there; reports are due only while the work is active.
REPORTED_STATUSES = frozenset(
    {Status.OKAY_TO_START, Status.ACTIVE, Status.ON_HOLD, Status.CLOSED}
)
WORSE_LAST = (Health.GREEN, Health.YELLOW, Health.RED)


def version_after(versions: Iterable[int]) -> int:
    """R-9: one report a day; a second of the day becomes its next version.

    `versions` are those that the day has; the first report of a day is version 1.
    """
    return max(versions, default=0) + 1


def last_day_of_week(day: date) -> date:
    """Return the Sunday that ends the week: a report speaks for the week of its day."""
    return day + timedelta(days=6 - day.weekday())


def worst_of(colours: Iterable[str]) -> Health:
    """Return the worst of these colours, green without any."""
    known = [Health(colour) for colour in colours]
    return max(known, key=WORSE_LAST.index, default=Health.GREEN)


def must_say_why(colours: Mapping[str, str]) -> bool:
    """Tell whether something is not green, and so needs its reason and a way out."""
    return worst_of(colours[name] for name in COLOURS) != Health.GREEN


def customer_is_told_why(colours: Mapping[str, str]) -> bool:
    """Tell whether the customer's mail gives reason and path to green.

    How we see the client stays with us: a report that is yellow for that alone says
    nothing of it to them.
    """
    return worst_of(colours[name] for name in TOLD_TO_CUSTOMER) != Health.GREEN


def missing_for_report(
    colours: Mapping[str, str], reason: str, path_to_green: str
) -> list[Reason]:
    """Return what a report lacks: reason and path to green where something is not.

    The code of each names the field (domain.md, section 4).
    """
    if not must_say_why(colours):
        return []
    reasons = []
    if not reason.strip():
        reasons.append(Reason("reason", _("Say why it is not green.")))
    if not path_to_green.strip():
        sentence = _("Say what leads back to green: what, by whom, until when.")
        reasons.append(Reason("path_to_green", sentence))
    return reasons


def reasons_against_reporting(kind: str, status: str) -> list[Reason]:
    """Return why there is nothing to report of an engagement."""
    if kind not in KINDS_WITH_REPORTS:
        sentence = _("Training and internal work have no report on health.")
        return [Reason("kind", sentence)]
    if status not in REPORTED_STATUSES:
        sentence = _("There is nothing to report: the engagement is %(status)s.")
        return [Reason("status", sentence % {"status": Status(status).label})]
    return []
