"""R-13, R-23: who reviews a submission, and which reviews will not be in time.

Pure: no database, no clock, no request.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from psdelivery.calendars import local_moment
from psdelivery.people.moments import day_text
from psdelivery.registry import Reason

# From when on the free hours of a day are worked, on the person's clock.
DAY_BEGINS = time(9)
NO_TIME = timedelta(0)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Diary:
    """When somebody can review: free spans (UTC), and the days that they are away."""

    zone: str
    free: tuple[tuple[datetime, datetime], ...] = ()
    away: frozenset[date] = frozenset()

    def free_until(self, until: datetime, now: datetime) -> timedelta:
        """Return how much free working time is left before a moment."""
        spans = ((max(start, now), min(end, until)) for start, end in self.free)
        return sum((end - start for start, end in spans if end > start), NO_TIME)

    def away_until(self, until: datetime, now: datetime) -> date | None:
        """R-23: return the last day away of who cannot work before a moment.

        None where they have time before it, or are not away at all.
        """
        first = now.astimezone(ZoneInfo(self.zone)).date()
        last = until.astimezone(ZoneInfo(self.zone)).date()
        days = [day for day in self.away if first <= day <= last]
        if not days or self.free_until(until, now):
            return None
        found = max(days)
        while found + ONE_DAY in self.away:
            found += ONE_DAY
        return found


def diary_of(hours: Mapping[date, Decimal], away: Iterable[date], zone: str) -> Diary:
    """Return a diary from the free hours of each day of the person's calendar."""
    spans = []
    for day, free in sorted(hours.items()):
        start = local_moment(day, DAY_BEGINS, zone)
        spans.append((start, start + timedelta(hours=float(free))))
    return Diary(zone, tuple(spans), frozenset(away))


@dataclass(frozen=True)
class Due:
    """Until when a review must be done, and the reviewer's free time before that."""

    until: datetime
    free: timedelta


@dataclass
class Candidate:
    """Somebody who could review, with the reviews that wait for them."""

    person_id: int
    name: str
    diary: Diary
    queue: list[Due] = field(default_factory=list)
    certified_for: frozenset[int] = frozenset()

    def due(self, until: datetime, now: datetime) -> Due:
        """Return a deadline as it looks for this person."""
        return Due(until, self.diary.free_until(until, now))

    def take(self, due: Due) -> None:
        """Put one more review into the queue, in the order of the deadlines."""
        self.queue.append(due)
        self.queue.sort(key=lambda one: one.until)

    def over(self, due: Due, each: timedelta) -> timedelta:
        """Return by how much the queue would exceed the free time with this in it.

        Nothing or less: everything is done in time. Those due before it are not
        touched, those after it are done later.
        """
        before = sum(one.until <= due.until for one in self.queue)
        worst = (before + 1) * each - due.free
        for number, one in enumerate(self.queue[before:], before + 2):
            worst = max(worst, number * each - one.free)
        return worst


@dataclass(frozen=True)
class Choice:
    """Who is to review (None: coordination decides), and why in words."""

    person_id: int | None
    why: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked for: the course, the trainer of the class, and the settings."""

    course_id: int
    until: datetime
    trainer_id: int | None
    is_independent: bool
    each: timedelta


def choose_reviewer(
    candidates: Sequence[Candidate], asked: Asked, *, now: datetime
) -> Choice:
    """R-13: the class's trainer reviews; another when absent or when it would breach.

    Another is one who is certified for the course and here in time (R-23), with the
    most time to spare. Where reviews are independent (a setting) it is never the
    trainer, and without anybody else coordination decides.
    """
    trainer = trainer_of(candidates, asked)
    against = reason_against_trainer(trainer, asked, now)
    if trainer is not None and not against:
        return Choice(trainer.person_id, _("The trainer of the class reviews."))
    others = others_certified(candidates, asked, now)
    if not others:
        return without_another(trainer, asked, against)
    rivals = list(others)
    if trainer is not None and may_still(trainer, asked, now):
        rivals.append(trainer)
    best = min(rivals, key=lambda one: rank(one, asked, now))
    return Choice(best.person_id, why_chosen(best, asked, against, now))


def trainer_of(candidates: Sequence[Candidate], asked: Asked) -> Candidate | None:
    """Return the trainer of the class among the candidates."""
    found = (one for one in candidates if one.person_id == asked.trainer_id)
    return next(found, None)


def reason_against_trainer(
    trainer: Candidate | None, asked: Asked, now: datetime
) -> str:
    """R-13, R-23: say why the trainer of the class does not review; "": they do."""
    if trainer is None:
        return _("The class has no trainer.")
    if asked.is_independent:
        return _("Reviews are independent: not by the trainer of the class.")
    last = trainer.diary.away_until(asked.until, now)
    if last is not None:
        words = _("The trainer is away until after it is due (until %(day)s).")
        return words % {"day": day_text(last)}
    if trainer.over(trainer.due(asked.until, now), asked.each) > NO_TIME:
        return _("The trainer has more hours of reviews than free hours until then.")
    return ""


def others_certified(
    candidates: Sequence[Candidate], asked: Asked, now: datetime
) -> list[Candidate]:
    """R-23: return who else may review: certified for the course, and here in time."""
    return [
        one
        for one in candidates
        if one.person_id != asked.trainer_id
        and asked.course_id in one.certified_for
        and one.diary.away_until(asked.until, now) is None
    ]


def may_still(trainer: Candidate | None, asked: Asked, now: datetime) -> bool:
    """Tell whether the trainer is left where nobody has the hours."""
    if trainer is None or asked.is_independent:
        return False
    return trainer.diary.away_until(asked.until, now) is None


def rank(
    one: Candidate, asked: Asked, now: datetime
) -> tuple[bool, timedelta, str, int]:
    """Order candidates: in time before late, then by time to spare, then by name."""
    over = one.over(one.due(asked.until, now), asked.each)
    return over > NO_TIME, over, one.name.casefold(), one.person_id


def without_another(trainer: Candidate | None, asked: Asked, against: str) -> Choice:
    """Choose where nobody else may: the trainer, unless reviews are independent."""
    nobody = _("Nobody else is certified for the course and here in time.")
    if trainer is None or asked.is_independent:
        return Choice(None, f"{against} {nobody}")
    return Choice(trainer.person_id, f"{against} {nobody}")


def why_chosen(best: Candidate, asked: Asked, against: str, now: datetime) -> str:
    """Say why somebody reviews: by load, and that it will be late where it will."""
    due = best.due(asked.until, now)
    said = [against, by_load(len(best.queue), due.free)]
    if best.over(due, asked.each) > NO_TIME:
        said.append(_("Nobody has the hours: it is expected to be late."))
    return " ".join(said)


def by_load(waiting: int, free: timedelta) -> str:
    """Say what somebody has to do, and what time they have for it."""
    words = ngettext(
        "Chosen by load: %(n)d review waits, %(free)s h are free until then.",
        "Chosen by load: %(n)d reviews wait, %(free)s h are free until then.",
        waiting,
    )
    return words % {"n": waiting, "free": hours_text(free)}


def hours_text(time_: timedelta) -> str:
    """Return hours to the half: 6.5, 12."""
    return f"{round(time_ / timedelta(minutes=30)) / 2:g}"


@dataclass(frozen=True)
class Forecast:
    """A review that will not be in time, and the plain reason."""

    code: str
    words: str


def expected_breaches(
    queue: Sequence[tuple[int, datetime]],
    diary: Diary,
    *,
    each: timedelta,
    now: datetime,
) -> dict[int, Forecast]:
    """R-13: return which reviews of one person will not be in time, and why.

    `queue` is (key, until when), in the order of what comes first; reviews are done
    in that order. What is late already is no forecast any more.
    """
    found: dict[int, Forecast] = {}
    for number, (key, until) in enumerate(queue, 1):
        forecast = forecast_of(number * each, until, diary, now)
        if forecast is not None and until > now:
            found[key] = forecast
    return found


def forecast_of(
    work: timedelta, until: datetime, diary: Diary, now: datetime
) -> Forecast | None:
    """Return why so much work is not done until a moment; None where it is."""
    free = diary.free_until(until, now)
    if work <= free:
        return None
    last = diary.away_until(until, now)
    if last is not None:
        words = _("away until after it is due (until %(day)s)")
        return Forecast("away", words % {"day": day_text(last)})
    words = _("more hours in the queue than free: %(work)s h, %(free)s h free")
    told = {"work": hours_text(work), "free": hours_text(free)}
    return Forecast("hours", words % told)


def reasons_against_reviewer(
    *, is_certified: bool, is_trainer: bool, is_independent: bool, reason: str
) -> list[Reason]:
    """R-13, R-14: whom the rule would not choose reviews only with a reason.

    That is who is not certified for the course, unless they teach the class; and its
    trainer where reviews are independent.
    """
    if reason.strip():
        return []
    if is_trainer and is_independent:
        sentence = _("They teach this class, and reviews are independent: say why.")
        return [Reason("reason", sentence)]
    if not is_trainer and not is_certified:
        sentence = _("They are not certified for the course: say why.")
        return [Reason("reason", sentence)]
    return []
