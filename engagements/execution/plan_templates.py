"""What kickoff and plan begin with, by kind and by offering (`plan_templates.toml`)."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from engagements.execution.rules.raci import RaciLine
from engagements.models import Engagement

DATA = Path(__file__).resolve().parent / "data" / "plan_templates.toml"
# Where the points of the offerings stand in the agenda of the kind.
TOPICS = "{topics}"


@dataclass(frozen=True)
class Template:
    """An entry of the file: for a kind of engagement, or for what was sold."""

    key: str
    kinds: tuple[str, ...]
    offerings: tuple[str, ...]
    agenda: tuple[str, ...]
    communication: tuple[str, ...]
    raci: tuple[RaciLine, ...]


@dataclass(frozen=True)
class PlanTemplate:
    """What an engagement begins with: points in Markdown, and rows of the table."""

    agenda: str
    communication: str
    raci: tuple[RaciLine, ...]


@lru_cache
def shipped_templates() -> tuple[Template, ...]:
    """Return the entries of the file; read once."""
    entries = tomllib.loads(DATA.read_text("utf-8"))["template"]
    return tuple(template_from(entry) for entry in entries)


def template_from(entry: Mapping[str, Any]) -> Template:
    """Return an entry of the file."""
    return Template(
        key=entry["key"],
        kinds=tuple(entry.get("kinds", ())),
        offerings=tuple(entry.get("offerings", ())),
        agenda=tuple(entry.get("agenda", ())),
        communication=tuple(entry.get("communication", ())),
        raci=tuple(RaciLine(**row) for row in entry.get("raci", ())),
    )


def template_of(engagement: Engagement) -> PlanTemplate:
    """Return what the engagement begins with, by its kind and what was sold."""
    sold = set(engagement.offerings.values_list("key", flat=True))
    return template_for(engagement.kind, sold)


def template_for(kind: str, sold: Collection[str]) -> PlanTemplate:
    """Return the template of a kind, with what these offerings (keys) add to it."""
    of_kind = [one for one in shipped_templates() if kind in one.kinds]
    of_sold = [one for one in shipped_templates() if set(one.offerings) & set(sold)]
    topics = [point for one in of_sold for point in one.agenda]
    agenda: list[str] = []
    for one in of_kind:
        for point in one.agenda:
            agenda += topics if point == TOPICS else [point]
    communication = [point for one in of_kind for point in one.communication]
    return PlanTemplate(
        agenda="\n".join(f"{n}. {point}" for n, point in enumerate(agenda, 1)),
        communication="\n".join(f"- {point}" for point in communication),
        raci=tuple(row for one in [*of_kind, *of_sold] for row in one.raci),
    )
