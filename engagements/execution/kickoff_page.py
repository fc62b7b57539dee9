"""The page of a kickoff: the sheet, what it lacks, the meeting, links, that it was."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from engagements.execution.kickoff import (
    held_step,
    owner_of,
    project_of,
    standing_call,
    state_of,
)
from engagements.execution.models import Kickoff
from engagements.execution.rules.kickoff import missing_for_kickoff, note_on_day
from engagements.models import Engagement
from psdelivery.livetext.queries import sheet_page
from psdelivery.outbox.invitations import attendees_of
from psdelivery.outbox.models import Invitation
from psdelivery.playbooks.models import Anchor
from psdelivery.playbooks.services.anchors import day_of

HELD, PLANNED = "kickoff", "planned_start"


def days_of(engagement: Engagement) -> dict[str, date | None]:
    """Return the days of the kickoff and of the planned start (one query)."""
    anchors = Anchor.objects.filter(
        checklist=engagement.checklist_id, key__in=[HELD, PLANNED]
    )
    return {
        anchor.key: day_of(anchor) for anchor in anchors.select_related("checklist")
    }


def day_invited(call: Invitation | None) -> date | None:
    """Return the day that people are invited for, on the clock of the meeting."""
    if call is None:
        return None
    return call.starts_at.astimezone(ZoneInfo(call.zone)).date()


def kickoff_context(kickoff: Kickoff, *, may_edit: bool) -> dict[str, Any]:
    """Return what the page of a kickoff that was begun shows."""
    engagement, call = kickoff.engagement, standing_call(kickoff)
    step, days = held_step(engagement), days_of(engagement)
    is_held = step is not None and not step.is_open
    project_url = project_of(engagement)
    state = state_of(kickoff, is_held=is_held, project_url=project_url)
    note = "" if is_held else note_on_day(day_invited(call), days.get(PLANNED))
    return {
        "page": sheet_page(kickoff.sheet, owner_of(kickoff, may_edit)),
        "missing": missing_for_kickoff(state),
        "call": call,
        "invited": attendees_of(call) if call else [],
        "step": step,
        "is_held": is_held,
        "held_on": days.get(HELD) if is_held else None,
        "note_on_day": note,
        "project_url": project_url,
    }


def kickoff_card(engagement: Engagement, kickoff: Kickoff | None) -> dict[str, Any]:
    """Return what the tab tells of the kickoff."""
    step, days = held_step(engagement), days_of(engagement)
    is_held = step is not None and not step.is_open
    return {
        "kickoff": kickoff,
        "call": standing_call(kickoff) if kickoff else None,
        "is_held": is_held,
        "held_on": days.get(HELD) if is_held else None,
        "planned": days.get(PLANNED),
    }
