"""Load the shipped playbooks; what was edited in the portal is never overwritten."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from psdelivery.calendars import Offset
from psdelivery.playbooks.choices import AfterMove, EvidenceWanted, Phase, Repeat
from psdelivery.playbooks.definitions import default_reminders
from psdelivery.playbooks.models import (
    Checklist,
    Playbook,
    PlaybookStep,
)

DATA = Path(__file__).resolve().parents[1] / "data"
NOT_A_PLAYBOOK = frozenset({"process.toml"})


def shipped_playbooks() -> list[dict[str, Any]]:
    """Read the playbook files that come with the portal."""
    return [
        tomllib.loads(path.read_text("utf-8"))
        for path in sorted(DATA.glob("*.toml"))
        if path.name not in NOT_A_PLAYBOOK
    ]


@transaction.atomic
def load_shipped_data() -> list[Playbook]:
    """Make or refresh the shipped playbooks; return those that were written.

    Idempotent. A playbook that somebody edited keeps its text. One that running
    checklists were made from gets a new version, so that they keep theirs.
    """
    return [
        playbook
        for content in shipped_playbooks()
        if (playbook := load_playbook(content)) is not None
    ]


def load_playbook(content: Mapping[str, Any]) -> Playbook | None:
    """Write one shipped playbook, None where there is nothing to write."""
    current = Playbook.objects.current().filter(key=content["key"]).first()
    if current is not None and (current.edited_at or is_same(current, content)):
        return None
    if current is None:
        return create_version(content, version=1)
    if not Checklist.objects.filter(playbook=current).exists():
        current.steps.all().delete()
        return fill_playbook(current, content)
    Playbook.objects.filter(pk=current.pk).update(is_current=False)
    return create_version(content, version=current.version + 1)


def create_version(content: Mapping[str, Any], *, version: int) -> Playbook:
    """Save a new current version of a playbook."""
    playbook = Playbook(key=content["key"], version=version, is_current=True)
    return fill_playbook(playbook, content)


def fill_playbook(playbook: Playbook, content: Mapping[str, Any]) -> Playbook:
    """Write title and steps of a playbook from its file."""
    playbook.title = content["title"]
    playbook.for_kind = content.get("for_kind", "")
    playbook.save()
    PlaybookStep.objects.bulk_create(steps_from(content, playbook))
    return playbook


def steps_from(content: Mapping[str, Any], playbook: Playbook) -> list[PlaybookStep]:
    """Return the steps of a playbook file (not saved)."""
    return [
        step_from(entry, playbook, order) for order, entry in enumerate(content["step"])
    ]


def step_from(entry: Mapping[str, Any], playbook: Playbook, order: int) -> PlaybookStep:
    """Return one step of a playbook file (not saved)."""
    offset = Offset.parse(entry["offset"])
    return PlaybookStep(
        playbook=playbook,
        order=order,
        key=entry["key"],
        title=entry["title"],
        instructions=entry["instructions"].strip(),
        phase=Phase[entry["phase"].upper()],
        owner_role=entry["owner"],
        anchor=entry["anchor"],
        offset_value=offset.value,
        offset_unit=offset.unit,
        calendar=entry["calendar"],
        evidence_wanted=entry.get("evidence", EvidenceWanted.NONE),
        reminder_days=entry.get("reminders") or default_reminders(),
        blocked_by=entry.get("blocked_by", []),
        blocks_move=entry.get("blocks_move", ""),
        sets_anchor=entry.get("sets_anchor", ""),
        condition=entry.get("condition", {}),
        process=entry.get("process", []),
        repeat=entry.get("repeat", Repeat.ONCE),
        repeat_until=entry.get("repeat_until", ""),
        opens_with=entry.get("opens_with", ""),
        due_at_once=entry.get("due_at_once", False),
        after_move=entry.get("after_move", AfterMove.KEEP),
        mail_template=entry.get("mail", ""),
    )


def is_same(playbook: Playbook, content: Mapping[str, Any]) -> bool:
    """Tell whether the stored playbook says what the file says."""
    left_out = {"id", "playbook_id", "_state"}

    def plain(step: PlaybookStep) -> dict[str, Any]:
        return {k: v for k, v in vars(step).items() if k not in left_out}

    stored = [plain(step) for step in playbook.steps.all()]
    shipped = [plain(step) for step in steps_from(content, playbook)]
    return (playbook.title, stored) == (content["title"], shipped)
