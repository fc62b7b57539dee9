"""Decisions about skills: what a person says, and who confirms it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from psdelivery.people.choices import SkillLevel
from psdelivery.people.models import PersonSkill, User
from psdelivery.registry import Reason


@dataclass(frozen=True)
class Stated:
    """What a person says of a skill; no level takes the skill off the list."""

    level: int | None = None
    wants_to_grow: bool = False

    @property
    def in_words(self) -> str:
        if self.level is None:
            return ""
        words = str(SkillLevel(self.level).label)
        if self.wants_to_grow:
            return _("%(level)s, wants to grow") % {"level": words}
        return words


NOTHING = Stated()


def stated_by(row: PersonSkill | None) -> Stated:
    """Return what stands about a skill of a person now."""
    return NOTHING if row is None else Stated(row.level, row.wants_to_grow)


def changes_of(
    before: Mapping[int, Stated], after: Mapping[int, Stated]
) -> dict[int, Stated]:
    """Return what differs, by the id of the skill."""
    return {pk: new for pk, new in after.items() if before.get(pk, NOTHING) != new}


def keeps_confirmation(before: Stated, after: Stated) -> bool:
    """Whether a confirmation holds on: another level nobody has confirmed yet."""
    return before.level == after.level


def reasons_against_confirming(row: PersonSkill, by: User) -> list[Reason]:
    """Nobody confirms their own skill."""
    if row.person_id == by.pk:
        return [Reason("own", _("Nobody confirms their own skill."))]
    return []
