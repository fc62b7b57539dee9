"""R-20: which dates of an engagement people move themselves, and to which days.

Pure: no database, no clock, no request.
"""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from engagements.choices import Kind, Status
from engagements.models import Engagement
from engagements.rules.moves import edit_url
from psdelivery.calendars import LATEST_DAY
from psdelivery.people.moments import day_text
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.words import anchor_words
from psdelivery.registry import Reason

START, END = "planned_start", "planned_end"
# They are days of the intake, and move with it.
PLANNED = (START, END)
# The record of the handoff says when it was held: the date follows from it.
RECORDED = frozenset({"handoff_held"})
# What was sent starts the customer's clock.
SENT = frozenset({"signoff_sent"})
# Nothing is left to be done by the dates of these.
OVER = frozenset({Status.COMPLETED, Status.CANCELLED})


def date_words(kind: str, key: str) -> str:
    """Name a date in a sentence; dedicated work begins with a first day."""
    if kind == Kind.DEDICATED and key == START:
        return _("the first day")
    return anchor_words(key)


def reasons_against_moving(
    engagement: Engagement, key: str, value: date | None, dating: Step | None
) -> list[Reason]:
    """R-20: only a date that is there is moved, and only while something hangs on it.

    `dating` is the step whose tick gives the date, None for days of the intake.
    """
    if engagement.status in OVER:
        sentence = _("It is %(status)s: nothing waits for this date any more.")
        status = engagement.get_status_display().lower()
        return [Reason("over", sentence % {"status": status})]
    if value is not None:
        return []
    words = date_words(engagement.kind, key)
    if dating is None:
        return [reason_of_unplanned(engagement, key, words)]
    sentence = _("%(date)s has no date yet: the tick of “%(step)s” gives it one.")
    told = {"date": words[:1].upper() + words[1:], "step": dating.title}
    url = dating.get_absolute_url()
    return [Reason("undated", sentence % told, url, _("Open the step"))]


def reason_of_unplanned(engagement: Engagement, key: str, words: str) -> Reason:
    """R-2: planned days count once the gate is open, if the intake has them."""
    told = {"date": words[:1].upper() + words[1:]}
    if key == START and engagement.wished_start is None:
        sentence = _("%(date)s has no date yet: the intake plans none.")
        return Reason(
            "undated", sentence % told, edit_url(engagement), _("Edit the intake")
        )
    sentence = _("%(date)s has no date yet: no date is promised before the gate opens.")
    url = f"{engagement.get_absolute_url()}gate/"
    return Reason("undated", sentence % told, url, _("Open the gate"))


def reasons_against_day(
    key: str, value: date | None, day: date, *, today: date
) -> list[Reason]:
    """R-20: a move leads to another day; what was sent does not lie ahead (R-16)."""
    if day == value:
        return [Reason("same-day", _("It is on that day already."))]
    if key in SENT and day > today:
        return [Reason("ahead", _("What was sent does not lie ahead."))]
    return []


def planned_days(engagement: Engagement, key: str, day: date) -> dict[str, date]:
    """Return the days of the intake that change when a planned day moves.

    The window of the start keeps its length.
    """
    if key == END:
        return {"planned_end": day}
    start, latest = engagement.wished_start, engagement.wished_start_latest
    moved = {"wished_start": day}
    if start is not None and latest is not None:
        moved["wished_start_latest"] = min(latest + (day - start), LATEST_DAY)
    return moved


def reasons_against_planned(
    engagement: Engagement, days: Mapping[str, date]
) -> list[Reason]:
    """Return a reason where the work would end before it starts."""
    start = days.get("wished_start", engagement.wished_start)
    end = days.get("planned_end", engagement.planned_end)
    if start is None or end is None or start <= end:
        return []
    if "planned_end" in days:
        sentence = _("The end lies before the start, %(day)s.")
        return [Reason("order", sentence % {"day": day_text(start)})]
    sentence = _("The start lies after the end, %(day)s: move the end first.")
    return [Reason("order", sentence % {"day": day_text(end)})]
