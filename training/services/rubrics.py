"""The rubric of a course: its lines, and where its badge is got (R-13)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.registry import refuse
from training.models import Course, Criterion, Mark
from training.rules.rubric import (
    RubricLine,
    reasons_against_rubric,
    reasons_of_unseen_rubric,
)


def lines_of(course: Course) -> list[Criterion]:
    """Return the lines that a review is marked against, in their order."""
    return list(course.criteria.filter(is_active=True))


@transaction.atomic
def save_rubric(
    course: Course,
    lines: Sequence[RubricLine],
    *,
    badge_url: str = "",
    seen: str | None = None,
    by: User | None,
    now: datetime,
) -> Course:
    """R-13: write the lines in this order, and the link to the badge.

    A line that was used in a mark leaves without being deleted. Released results keep
    their points; a line that gives another number of points is marked anew where a
    result still waits. Raises RuleRefused for a rubric that would be empty, and where
    somebody else changed it since it was seen.
    """
    course = Course.objects.select_for_update().get(pk=course.pk)
    before = lines_of(course)
    refuse(reasons_of_unseen_rubric(seen, before, course.badge_url))
    refuse(reasons_against_rubric(before, lines))
    was = _told(before)
    kept = {line.key for line in lines if line.key is not None}
    _remove([line for line in before if line.pk not in kept])
    by_key = {line.pk: line for line in before}
    for order, line in enumerate(lines, 1):
        _write(by_key.get(line.key or 0, Criterion(course=course)), line, order)
    pairs: dict[str, list[object]] = {
        "rubric": [was, _told(lines_of(course))],
        "badge": [course.badge_url, badge_url],
    }
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    course.badge_url = badge_url
    course.save(update_fields=["badge_url"])
    if changes:
        record("rubric-edited", by=by, subject=course, changes=changes, now=now)
    return course


def _remove(lines: Sequence[Criterion]) -> None:
    keys = [line.pk for line in lines]
    used = set(
        Mark.objects.filter(criterion__in=keys).values_list("criterion", flat=True)
    )
    Criterion.objects.filter(pk__in=used).update(is_active=False)
    Criterion.objects.filter(pk__in=set(keys) - used).delete()


def _write(stored: Criterion, line: RubricLine, order: int) -> None:
    stored.title, stored.help = line.title, line.help
    stored.points, stored.order = line.points, order
    stored.save()


def _told(lines: Sequence[Criterion]) -> list[str]:
    return [f"{line.title} ({line.points})" for line in lines]
