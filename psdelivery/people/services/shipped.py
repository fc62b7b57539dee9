"""Load the shipped skills; what was edited in the portal is never overwritten."""

import tomllib
from pathlib import Path

from django.db import transaction

from psdelivery.people.models import Skill

DATA = Path(__file__).resolve().parents[1] / "data" / "skills.toml"


@transaction.atomic
def load_skills() -> int:
    """Add the skills that are not known yet; return how many were written.

    One that was renamed or taken out of use keeps its key and stays as it is; a name
    that somebody entered themselves is theirs.
    """
    entries = tomllib.loads(DATA.read_text("utf-8"))["skill"]
    keys = set(Skill.objects.exclude(key="").values_list("key", flat=True))
    names = set(Skill.objects.values_list("name", flat=True))
    new = [
        Skill(**entry)
        for entry in entries
        if entry["key"] not in keys and entry["name"] not in names
    ]
    return len(Skill.objects.bulk_create(new))
