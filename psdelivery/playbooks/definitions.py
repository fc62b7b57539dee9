"""What a playbook says of a step and a running step keeps as its own copy."""

from django.db import models

from psdelivery.people.choices import EngagementRole
from psdelivery.people.labels import Labelled
from psdelivery.playbooks.choices import (
    AfterMove,
    CalendarKind,
    EvidenceWanted,
    OffsetKind,
    Phase,
    Repeat,
)


def default_reminders() -> dict[str, list[int]]:
    """Return the default days of R-21: owner 2 and 0 before, then escalation."""
    return {"owner": [2, 0], "coordinator": [1], "manager": [3]}


class StepDefinition(Labelled):
    """What a playbook says of a step and a running step keeps as its own copy.

    The copy is why changing a playbook never changes running checklists silently
    (domain.md, section 8).
    """

    key = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    instructions = models.TextField(blank=True)
    phase = models.PositiveSmallIntegerField(choices=Phase.choices)
    owner_role = models.CharField(max_length=30, choices=EngagementRole.choices)
    order = models.PositiveSmallIntegerField(default=0)
    offset_value = models.SmallIntegerField(default=0)
    offset_unit = models.CharField(
        max_length=20, choices=OffsetKind.choices, default=OffsetKind.DAYS
    )
    calendar = models.CharField(
        max_length=10, choices=CalendarKind.choices, default=CalendarKind.OWNER
    )
    evidence_wanted = models.CharField(
        max_length=15, choices=EvidenceWanted.choices, default=EvidenceWanted.NONE
    )
    reminder_days = models.JSONField(default=default_reminders)
    blocks_move = models.CharField(max_length=20, blank=True)
    sets_anchor = models.SlugField(max_length=40, blank=True)
    # It opens at the moment of this anchor, and is never due before.
    opens_with = models.SlugField(max_length=40, blank=True)
    after_move = models.CharField(
        max_length=12, choices=AfterMove.choices, default=AfterMove.KEEP
    )
    due_at_once = models.BooleanField(default=False)
    repeat = models.CharField(
        max_length=10, choices=Repeat.choices, default=Repeat.ONCE, blank=True
    )
    repeat_until = models.SlugField(max_length=40, blank=True)
    mail_template = models.SlugField(max_length=60, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def wants_words(self) -> bool:
        """Whether ticking asks for more than a click: a note, evidence, or a day."""
        return self.evidence_wanted != EvidenceWanted.NONE or bool(self.sets_anchor)
