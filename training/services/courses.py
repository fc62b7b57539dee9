"""Add and change courses of the catalogue."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.text import slugify

from psdelivery.people.models import User
from psdelivery.people.services.changes import (
    add_record,
    edit_record,
    one_transaction,
)
from training.models import Course

KEY_LENGTH = 50


def add_course(values: Mapping[str, object], *, by: User, now: datetime) -> Course:
    """Add a course; its key comes from the title and stays when that changes."""
    with one_transaction():
        course = Course(**values, edited_at=now)
        course.key = free_key(course.title)
        return add_record(course, "course-added", by=by, now=now)


def free_key(title: str) -> str:
    """Return a key that no course has; a number is added where the title is taken."""
    key = slugify(title)[:KEY_LENGTH] or "course"
    taken = set(
        Course.objects.filter(key__startswith=key).values_list("key", flat=True)
    )
    if key not in taken:
        return key
    return next(
        f"{key}-{number}"
        for number in range(2, len(taken) + 3)
        if f"{key}-{number}" not in taken
    )


def edit_course(
    course: Course, values: Mapping[str, object], *, by: User, now: datetime
) -> Course:
    """Change a course; classes that are entered keep what they have.

    From then on the shipped data never overwrites it.
    """
    with one_transaction():
        stored = edit_record(course, values, "course-edited", by=by, now=now)
        if values:
            Course.objects.filter(pk=course.pk).update(edited_at=now)
        return stored
