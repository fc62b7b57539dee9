"""Load the shipped offerings; what was edited in the portal is never overwritten."""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from engagements.models import Offering

DATA = Path(__file__).resolve().parents[1] / "data" / "offerings.toml"


@transaction.atomic
def load_offerings() -> int:
    """Make or refresh the shipped offerings; return how many were written.

    Courses must be there before: an education offering names its course.
    """
    course = Offering._meta.get_field("course").related_model
    courses = dict(course._default_manager.values_list("key", "pk"))
    edited = set(Offering.objects.exclude(edited_at=None).values_list("key", flat=True))
    entries = tomllib.loads(DATA.read_text("utf-8"))["offering"]
    wanted = [entry for entry in entries if entry["key"] not in edited]
    for entry in wanted:
        Offering.objects.update_or_create(
            key=entry["key"], defaults=offering_fields(entry, courses)
        )
    return len(wanted)


def offering_fields(entry: dict[str, Any], courses: dict[str, int]) -> dict[str, Any]:
    """Return an offering's fields from its entry in the file."""
    return {
        "category": entry["category"],
        "type": entry["type"],
        "title": entry["title"],
        "maturity": entry["maturity"],
        "kind": entry["playbook"],
        "kit_links": entry.get("kit_links", []),
        "role_hours": entry.get("role_hours", entry.get("roles_hours", {})),
        "course_id": courses.get(entry.get("course", "")),
    }
