"""The written process (playbooks) and its instances (checklists, anchors, steps)."""

from psdelivery.playbooks.models.checklist import Anchor, Checklist
from psdelivery.playbooks.models.move import Move
from psdelivery.playbooks.models.playbook import (
    Playbook,
    PlaybookQuerySet,
    PlaybookStep,
)
from psdelivery.playbooks.models.step import Reminder, Step, StepQuerySet

__all__ = [
    "Anchor",
    "Checklist",
    "Move",
    "Playbook",
    "PlaybookQuerySet",
    "PlaybookStep",
    "Reminder",
    "Step",
    "StepQuerySet",
]
