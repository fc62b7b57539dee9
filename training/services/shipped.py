"""Load the shipped courses; what was edited in the portal is never overwritten."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from training.models import Course

DATA = Path(__file__).resolve().parents[1] / "data" / "courses.toml"


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
    }
