"""A person changes in the middle of the work (domain.md, section 2)."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from engagements.models import TeamMember
from psdelivery.people.models import User
from psdelivery.registry import Reason

TASKS = Path(__file__).resolve().parents[1] / "data" / "handover.toml"


@dataclass(frozen=True)
class HandoverTask:
    """One thing to do, by the outgoing or the incoming person, in business days."""

    who: str
    days: int
    title: str
    instructions: str

    @property
    def is_incoming(self) -> bool:
        return self.who == "incoming"


@lru_cache(maxsize=1)
def handover_tasks() -> tuple[HandoverTask, ...]:
    """Return the short handover checklist that comes with the portal."""
    content = tomllib.loads(TASKS.read_text("utf-8"))
    return tuple(HandoverTask(**entry) for entry in content["task"])


def reasons_against_handover(member: TeamMember, to: User, reason: str) -> list[Reason]:
    """Return what stands against handing a role over: nobody to, or no reason why."""
    checks = [
        ("nobody", member.person is None, _("Nobody holds this role.")),
        ("same", member.person == to, _("This person has the role already.")),
        ("reason-missing", not reason.strip(), _("Say why the person changes.")),
    ]
    return [Reason(code, words) for code, holds, words in checks if holds]
