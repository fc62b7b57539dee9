"""R-13: a review marks every line of the course's rubric; the result follows.

Pure: no database, no clock, no request.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from psdelivery.registry import Reason
from training.choices import Result
from training.models import Course, Criterion


@dataclass(frozen=True)
class Points:
    """What a line of the rubric got, and a word on why."""

    points: int
    note: str = ""


@dataclass(frozen=True)
class Marking:
    """What a reviewer gives: points by the key of the line, a note, and the badge.

    `seen` is the mark (`sight_of_marks`) of the points that stood on the form; None
    where nobody looked at a form.
    """

    points: Mapping[int, Points] = field(default_factory=dict)
    note: str = ""
    badge_url: str = ""
    seen: str | None = None


@dataclass(frozen=True)
class Total:
    """Points of all lines together: what was given, of how many, and for how many."""

    points: int
    most: int
    marked: int
    lines: int

    @property
    def is_complete(self) -> bool:
        return self.marked == self.lines > 0

    @property
    def score(self) -> int:
        """The mark in per cent, never rounded up: 79.9 % is below 80."""
        return self.points * 100 // self.most if self.most else 0


def total_of(lines: Sequence[Criterion], given: Mapping[int, Points]) -> Total:
    """R-13: return what the lines of a rubric add up to."""
    marked = [line for line in lines if line.pk in given]
    return Total(
        points=sum(given[line.pk].points for line in marked),
        most=sum(line.points for line in lines),
        marked=len(marked),
        lines=len(lines),
    )


def result_of(total: Total, *, pass_mark: int) -> Result:
    """R-13: who reaches the pass mark (per cent, a setting) has passed."""
    return Result.PASSED if total.score >= pass_mark else Result.NOT_PASSED


def reasons_without_rubric(course: Course, lines: Sequence[Criterion]) -> list[Reason]:
    """R-13: nothing is marked, and no result released, without a rubric."""
    if lines:
        return []
    sentence = _(
        "“%(course)s” has no rubric yet: a result is released only when the work was "
        "marked against one."
    )
    url = reverse("training:course-rubric", args=[course.pk])
    label = _("Write the rubric")
    return [Reason("no-rubric", sentence % {"course": course}, url, label)]


def reasons_of_unmarked(
    lines: Sequence[Criterion], given: Mapping[int, Points]
) -> list[Reason]:
    """R-13: a result is released only when every line of the rubric is marked."""
    missing = [line for line in lines if line.pk not in given]
    if not missing:
        return []
    sentence = ngettext(
        "%(n)d line of the rubric is not marked: %(lines)s.",
        "%(n)d lines of the rubric are not marked: %(lines)s.",
        len(missing),
    )
    words = {"n": len(missing), "lines": ", ".join(line.title for line in missing)}
    return [Reason("not-marked", sentence % words)]


def reasons_against_points(
    lines: Iterable[Criterion], given: Mapping[int, Points]
) -> list[Reason]:
    """Return what is wrong with points: more than a line gives, or of no line."""
    most = {line.pk: line for line in lines}
    reasons = [
        Reason("no-line", _("The rubric has changed meanwhile: look at it again."))
        for key in given
        if key not in most
    ][:1]
    for key, one in given.items():
        if key in most and not 0 <= one.points <= most[key].points:
            sentence = _("“%(line)s” gives 0 to %(most)s points.")
            words = {"line": most[key].title, "most": most[key].points}
            reasons.append(Reason("points", sentence % words))
    return reasons


def sight_of_marks(given: Mapping[int, Points]) -> str:
    """Return a mark of the points that somebody sees, to notice another's."""
    seen = [f"{key}:{one.points}:{one.note}" for key, one in sorted(given.items())]
    return sha256("\n".join(seen).encode()).hexdigest()[:16]


def reasons_of_unseen_marks(
    seen: str | None, stored: Mapping[int, Points], given: Mapping[int, Points]
) -> list[Reason]:
    """Refuse to overwrite the points that somebody else gave meanwhile."""
    same = all(given.get(key) == one for key, one in stored.items())
    if seen is None or seen == sight_of_marks(stored) or same:
        return []
    sentence = _(
        "Somebody else marked this meanwhile. What you typed is still here; their "
        "points stand beside it. Send it again to replace them."
    )
    return [Reason("marked-meanwhile", sentence)]


@dataclass(frozen=True)
class RubricLine:
    """A line as somebody writes it; `key` is that of the line it was before."""

    title: str
    points: int
    help: str = ""
    key: int | None = None


def sight_of_rubric(lines: Iterable[Criterion], badge_url: str) -> str:
    """Return a mark of the rubric that somebody sees, to notice another's change."""
    seen = [f"{one.pk}:{one.title}:{one.points}:{one.help}" for one in lines]
    return sha256("\n".join([*seen, badge_url]).encode()).hexdigest()[:16]


def reasons_of_unseen_rubric(
    seen: str | None, lines: Iterable[Criterion], badge_url: str
) -> list[Reason]:
    """Refuse to overwrite what somebody else changed meanwhile."""
    if seen is None or seen == sight_of_rubric(lines, badge_url):
        return []
    sentence = _(
        "Somebody else changed this rubric meanwhile. What you typed is still here; "
        "save it again to replace theirs."
    )
    return [Reason("changed-meanwhile", sentence)]


def reasons_against_rubric(
    before: Sequence[Criterion], lines: Sequence[RubricLine]
) -> list[Reason]:
    """A rubric that was there keeps a line at least: reviews wait for it."""
    if lines or not before:
        return []
    return [Reason("empty", _("A rubric has one line at least."))]
