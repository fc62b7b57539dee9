"""What a playbook may say, and how two versions of it differ.

Pure: no database, no clock, no request.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from psdelivery.playbooks.choices import Recipient
from psdelivery.playbooks.definitions import StepDefinition
from psdelivery.registry import Reason

# A deadline or a reminder further off than this is a slip of the finger.
MOST_DAYS = 400
MOST_REMINDERS = 10

# The facts that a condition may ask for, with their possible values (section 8).
FACTS: dict[str, tuple[object, ...]] = {
    "kind": ("consulting", "training", "blended", "dedicated"),
    "size": ("small", "medium", "large"),
    "deployed": (True, False),
    "units": (True, False),
    "labs": (True, False),
    "certification": (True, False),
    "extension": (True, False),
    "remote": (True, False),
    # Of a class: its trainer is not certified for the course, or has no own account.
    "trainer_uncertified": (True, False),
    "trainer_without_account": (True, False),
    # Of the certification of a trainer: on the way to it, and with a last day.
    "learning": (True, False),
    "expires": (True, False),
}

# What a running step copies from its playbook; keys and order are not told.
TOLD_FIELDS = (
    "title",
    "instructions",
    "phase",
    "owner_role",
    "offset_value",
    "offset_unit",
    "calendar",
    "evidence_wanted",
    "reminder_days",
    "mail_template",
    "blocks_move",
    "sets_anchor",
    "opens_with",
    "after_move",
    "due_at_once",
    "repeat",
    "repeat_until",
)
# What only the playbook's own steps have.
OWN_FIELDS = ("anchor", "blocked_by", "condition")


def problems_of_reminders(days: Mapping[str, Sequence[int]]) -> list[str]:
    """R-21: return what is wrong with the reminder days of a step, in sentences."""
    unknown = set(days) - set(Recipient.values)
    too_many = [name for name, found in days.items() if len(found) > MOST_REMINDERS]
    too_far = [n for found in days.values() for n in found if not 0 <= n <= MOST_DAYS]
    twice = [name for name, found in days.items() if len(found) != len(set(found))]
    checks = [
        (unknown, _("Reminders go to owner, coordinator and manager only.")),
        (too_many, _("At most %(n)d reminders for each.") % {"n": MOST_REMINDERS}),
        (too_far, _("Reminder days lie between 0 and %(n)d.") % {"n": MOST_DAYS}),
        (twice, _("A reminder day is named twice.")),
    ]
    return [sentence for found, sentence in checks if found]


def problems_of_condition(condition: Mapping[str, object]) -> list[str]:
    """Return what is wrong with the condition of a step, in sentences."""
    problems = []
    for name, wanted in condition.items():
        if name not in FACTS:
            known = ", ".join(FACTS)
            sentence = _("“%(name)s” is not known. A condition asks for: %(known)s.")
            problems.append(sentence % {"name": name, "known": known})
            continue
        values = wanted if isinstance(wanted, list) else [wanted]
        if any(value not in FACTS[name] for value in values):
            known = ", ".join(condition_word(value) for value in FACTS[name])
            sentence = _("“%(name)s” is one of: %(known)s.")
            problems.append(sentence % {"name": name, "known": known})
    return problems


def condition_word(value: object) -> str:
    """Return a value of a condition as people type it."""
    return {True: "yes", False: "no"}.get(value) or str(value)  # type: ignore[call-overload]  # any value is asked for


def reasons_against_publishing(steps: Sequence[Any]) -> list[Reason]:
    """Return what stands against making these playbook steps the written process.

    domain.md, section 8: a playbook is data; a broken one would break each new
    checklist, so it is refused here and not there.
    """
    if not steps:
        return [Reason("no-steps", _("A playbook has at least one step."))]
    keys = {step.key for step in steps}
    reasons = [
        Reason(
            "unknown-blocker",
            _("“%(step)s” waits for “%(key)s”, which is not in this playbook.")
            % {"step": step.title, "key": key},
        )
        for step in steps
        for key in step.blocked_by
        if key not in keys
    ]
    return reasons or reasons_of_circles(steps)


def reasons_of_circles(steps: Iterable[Any]) -> list[Reason]:
    """Return a reason for steps that wait for each other in a circle."""
    waits = {step.key: set(step.blocked_by) for step in steps}
    while free := {key for key, blockers in waits.items() if not blockers}:
        waits = {
            key: blockers - free for key, blockers in waits.items() if key not in free
        }
    if not waits:
        return []
    titles = ", ".join(f"“{step.title}”" for step in steps if step.key in waits)
    sentence = _("These steps wait for each other: %(steps)s.")
    return [Reason("circle", sentence % {"steps": titles})]


@dataclass(frozen=True)
class ChangedStep:
    """A step that both versions have, with the fields in which they differ."""

    key: str
    old: StepDefinition
    new: StepDefinition
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """What one version of a playbook has that another has not."""

    added: tuple[StepDefinition, ...]
    removed: tuple[StepDefinition, ...]
    changed: tuple[ChangedStep, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.changed)

    @property
    def keys(self) -> set[str]:
        """Return the keys of all steps that differ."""
        both = [*self.added, *self.removed]
        return {step.key for step in both} | {change.key for change in self.changed}


def difference_between(
    old: Iterable[StepDefinition],
    new: Iterable[StepDefinition],
    fields: Collection[str] = (*TOLD_FIELDS, *OWN_FIELDS),
) -> Difference:
    """Return what changes from the old steps to the new ones, in the new order."""
    before = {step.key: step for step in old}
    after = {step.key: step for step in new}
    return Difference(
        added=tuple(step for key, step in after.items() if key not in before),
        removed=tuple(step for key, step in before.items() if key not in after),
        changed=tuple(
            ChangedStep(key, before[key], step, changed)
            for key, step in after.items()
            if key in before and (changed := changed_fields(before[key], step, fields))
        ),
    )


def changed_fields(
    old: StepDefinition, new: StepDefinition, fields: Collection[str]
) -> tuple[str, ...]:
    """Return the names of the fields in which two steps differ."""
    return tuple(name for name in fields if getattr(old, name) != getattr(new, name))
