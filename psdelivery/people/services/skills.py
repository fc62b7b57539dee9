"""Skills: the register, what people say of themselves, and its confirmation."""

from collections.abc import Mapping
from datetime import datetime

from psdelivery.people.away import local_day
from psdelivery.people.models import PersonSkill, Skill, User
from psdelivery.people.rules.skills import (
    NOTHING,
    Stated,
    changes_of,
    keeps_confirmation,
    reasons_against_confirming,
    stated_by,
)
from psdelivery.people.services.changes import (
    add_record,
    edit_record,
    one_transaction,
    publish_change,
)
from psdelivery.registry import refuse


def add_skill(values: Mapping[str, object], *, by: User | None, now: datetime) -> Skill:
    """Add a skill that people can state from now on."""
    with one_transaction():
        return add_record(Skill(**values), "skill-added", by=by, now=now)


def edit_skill(
    skill: Skill, values: Mapping[str, object], *, by: User | None, now: datetime
) -> Skill:
    """Rename a skill, or take it out of use; what people stated stays."""
    with one_transaction():
        return edit_record(skill, values, "skill-edited", by=by, now=now)


def state_skills(
    person: User,
    stated: Mapping[Skill, Stated],
    *,
    by: User | None,
    now: datetime,
) -> int:
    """Write what a person says of their skills; return how many changed.

    Another level than was confirmed waits for its confirmation again.
    """
    with one_transaction():
        stored = {
            row.skill_id: row
            for row in person.skills.select_for_update().filter(skill__in=stated)
        }
        before = {pk: stated_by(row) for pk, row in stored.items()}
        after = {skill.pk: value for skill, value in stated.items()}
        names = {skill.pk: skill.name for skill in stated}
        changed = changes_of(before, after)
        for pk, value in changed.items():
            _write(person, pk, stored.get(pk), value)
        if changed:
            told = {
                names[pk]: (before.get(pk, NOTHING).in_words, value.in_words)
                for pk, value in changed.items()
            }
            publish_change(person, "skills-stated", told, by=by, now=now)
        return len(changed)


def confirm_skill(row: PersonSkill, level: int, *, by: User, now: datetime) -> None:
    """Confirm a skill at a level, which need not be the one that was stated."""
    with one_transaction():
        rows = PersonSkill.objects.select_for_update(of=("self",))
        stored = rows.select_related("person", "skill").get(pk=row.pk)
        refuse(reasons_against_confirming(stored, by))
        before = stated_by(stored)
        stored.level = level
        stored.confirmed_by, stored.confirmed_on = by, local_day(by, now)
        stored.save()
        told = {stored.skill.name: (before.in_words, stated_by(stored).in_words)}
        publish_change(stored.person, "skill-confirmed", told, by=by, now=now)


def _write(person: User, pk: int, row: PersonSkill | None, value: Stated) -> None:
    if value.level is None:
        PersonSkill.objects.filter(person=person, skill_id=pk).delete()
        return
    row = row or PersonSkill(person=person, skill_id=pk)
    if not keeps_confirmation(stated_by(row), value):
        row.confirmed_by, row.confirmed_on = None, None
    row.level, row.wants_to_grow = value.level, value.wants_to_grow
    row.save()
