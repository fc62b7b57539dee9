"""The board in words: numbers of capacity, bars, and what screen readers say."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.people.choices import Role
from psdelivery.people.models import User
from psdelivery.people.moments import SHORT_DAY, dated, day_text
from psdelivery.registry import Reason
from scheduling.choices import TASKS, DayOff, Hold, Zoom
from scheduling.models import Allocation, ResourceRequest
from scheduling.queries.board_bars import Bar
from scheduling.queries.board_rows import Cell
from scheduling.rules.board import Load, Stretch
from scheduling.words import hours_text as asked_hours
from scheduling.words import what_text

MONTH = "F Y"
# A row has room for a word.
SHORT_ROLES = {
    Role.PSE: gettext_lazy("PSE"),
    Role.TRAINER: gettext_lazy("Trainer"),
    Role.TECHNICAL_ARCHITECT: gettext_lazy("Architect"),
    Role.PARTNER: gettext_lazy("Partner"),
    Role.PM: gettext_lazy("PM"),
    Role.EM: gettext_lazy("EM"),
    Role.COORDINATOR: gettext_lazy("Coordinator"),
}


def hours_text(hours: Decimal) -> str:
    """Return hours without needless digits: 7.5, 40."""
    return f"{hours.normalize():f}"


def booked_text(load: Load) -> str:
    """Return what is booked hard of what there is: 32/40."""
    return f"{hours_text(load.hard)}/{hours_text(load.capacity)}"


def state_of(load: Load) -> str:
    """Return the one word for a number of capacity that the style goes by."""
    if load.over:
        return "over"
    if load.soft_over:
        return "soft-over"
    if load.is_off:
        return "off"
    return "full" if load.is_full else "free"


def state_words(load: Load) -> str:
    """Return what stands beside a number of capacity: 8 free, full, 4 over."""
    words = {
        "over": _("%(n)s over") % {"n": hours_text(load.over)},
        "soft-over": _("%(n)s soft over") % {"n": hours_text(load.soft_over)},
        "off": _("off"),
        "full": _("full"),
        "free": _("%(n)s free") % {"n": hours_text(load.free)},
    }
    return words[state_of(load)]


def stretch_text(stretch: Stretch, zoom: str) -> str:
    """Return the name of a week or a month."""
    if zoom == Zoom.MONTH:
        return dated(stretch.first, MONTH)
    return _("Week of %(day)s") % {"day": dated(stretch.first, SHORT_DAY)}


def cell_words(cell: Cell, zoom: str) -> str:
    """Return a number of capacity as a sentence, with the days off that are special."""
    load = cell.load
    words = [
        _("%(when)s: %(hard)s of %(capacity)s hours booked hard")
        % {
            "when": stretch_text(cell.stretch, zoom),
            "hard": hours_text(load.hard),
            "capacity": hours_text(load.capacity),
        }
    ]
    if load.soft:
        words.append(_("%(n)s soft") % {"n": hours_text(load.soft)})
    words.append(state_words(load))
    words += off_words(cell)
    return ", ".join(words)


def off_words(cell: Cell) -> list[str]:
    """Return the days off of a week; of a month how many there are of each."""
    if cell.stretch.place.width > 1:
        return [f"{dated(day, 'D')} {DayOff(off).label}" for day, off in cell.off]
    counts: dict[str, int] = {}
    for _day, off in cell.off:
        counts[off] = counts.get(off, 0) + 1
    return [
        _("%(off)s on %(n)s days") % {"off": DayOff(off).label, "n": count}
        for off, count in counts.items()
    ]


def title_of(allocation: Allocation) -> str:
    """Return what a booking is for, as its bar says it."""
    engagement, asked = allocation.engagement, allocation.request
    if engagement is not None:
        title = f"{engagement.customer.name} · {engagement.title}"
        return f"{title}: {task_of(allocation)}" if allocation.task else title
    about = asked.about if asked is not None else ""
    return about or allocation.note or _("Planning inquiry")


def task_of(allocation: Allocation) -> str:
    """Return the internal task of a booking in words."""
    for tasks in TASKS.values():
        if allocation.task in tasks.values:
            return str(tasks(allocation.task).label)
    return allocation.task


def bar_words(bar: Bar) -> str:
    """Return how firm a booking is, its hours and its days."""
    one = bar.allocation
    parts = [
        Hold(one.hold).label,
        _("%(n)s h") % {"n": hours_text(one.hours)},
        short_span(one.starts_on, one.ends_on),
    ]
    if one.person_id is None:
        parts.insert(0, one.unnamed)
    return ", ".join(map(str, parts))


def short_span(first: date, last: date) -> str:
    """Return two days as short as a bar needs them: 15 Mar, 15–19 Mar."""
    if first == last:
        return dated(first, SHORT_DAY)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{dated(last, SHORT_DAY)}"
    return f"{dated(first, SHORT_DAY)} – {dated(last, SHORT_DAY)}"


def place_words(person: User) -> str:
    """Return what somebody is, and where, below their name."""
    roles = [
        str(SHORT_ROLES[Role(grant.role)])
        for grant in person.role_grants.all()
        if grant.role in SHORT_ROLES
    ]
    names = [person.practice, person.region]
    return " · ".join([", ".join(roles), *[str(one) for one in names if one]]).strip(
        " ·"
    )


def window_text(first: date, last: date) -> str:
    """Return the days that the board shows."""
    return f"{day_text(first)} – {day_text(last)}"


def request_words(asked: ResourceRequest) -> str:
    """Return what a request asks for: whom, how firm, when and how much.

    Its first and last day are annotated (`queries.board_requests.with_days`).
    """
    first = getattr(asked, "first_day", None)
    last = getattr(asked, "last_day", None)
    parts = [
        what_text(asked),
        asked.get_booking_display(),
        short_span(first, last) if first and last else "",
        asked_hours(asked),
        str(asked.person) if asked.person else "",
    ]
    return ", ".join(str(part) for part in parts if part)


def refusal_title(reasons: Iterable[Reason], person: User | None) -> str:
    """Return the heading of a refused move: who has no room, or that it cannot be."""
    codes = {reason.code for reason in reasons}
    if "overbooked" in codes and person is not None:
        words = {"person": person.display_name}
        return _("%(person)s has no room on these days") % words
    if "stale" in codes:
        return _("Somebody else was faster")
    return _("This cannot be booked")
