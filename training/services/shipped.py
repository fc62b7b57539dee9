"""Load the shipped courses and rubrics; what was edited here is never overwritten."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from training.models import Course, Criterion

DATA = Path(__file__).resolve().parents[1] / "data" / "courses.toml"
RUBRICS = DATA.with_name("rubrics.toml")


@transaction.atomic
def load_courses() -> int:
    """Make or refresh the shipped courses; return how many were written."""
    edited = set(Course.objects.exclude(edited_at=None).values_list("key", flat=True))
    entries = tomllib.loads(DATA.read_text("utf-8"))["course"]
    wanted = [entry for entry in entries if entry["key"] not in edited]
    for entry in wanted:
        Course.objects.update_or_create(key=entry["key"], defaults=course_fields(entry))
    return len(wanted)


def course_fields(entry: dict[str, Any]) -> dict[str, Any]:
    """Return a course's fields from its entry in the file."""
    return {
        "title": entry["title"],
        "session_count": entry["sessions"],
        "hours_per_session": Decimal(str(entry["hours_per_session"])),
        "seats": entry["seats"],
        "has_labs": entry["labs"],
        "has_certification": entry["certification"],
        "certification_title": entry.get("certification_title", ""),
        "introduction_url": entry.get("introduction_url", ""),
        "slides_version": entry.get("slides_version", ""),
        "slides_url": entry.get("slides_url", ""),
        "video_url": entry.get("video_url", ""),
    }


@transaction.atomic
def load_rubrics() -> int:
    """R-13: give each shipped course without a rubric the one that ships with it.

    Returns how many got one. A rubric that is there stays as it is, so that nobody
    finds another one in the middle of a review.
    """
    entries = tomllib.loads(RUBRICS.read_text("utf-8"))["rubric"]
    lines = {entry["course"]: entry["lines"] for entry in entries}
    bare = Course.objects.filter(key__in=lines, criteria=None).order_by("key")
    given = list(bare.select_for_update(of=("self",)))
    Criterion.objects.bulk_create(
        Criterion(course=course, order=order, **line)
        for course in given
        for order, line in enumerate(lines[course.key], 1)
    )
    return len(given)
