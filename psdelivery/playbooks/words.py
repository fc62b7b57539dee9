"""Plain words for anchors, zones and moves, used wherever a date is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from psdelivery.people.moments import clock_text
from psdelivery.playbooks.choices import Recipient

if TYPE_CHECKING:
    from psdelivery.playbooks.models import Move

# Anchors of steps that somebody asked for: "asked-1", "asked-2" …
ASKED = "asked"
# Days that count from the opening of the gate on.
PLANNED_DAYS = frozenset({"planned_start", "planned_end"})

ANCHORS = {
    "intake": gettext_lazy("the intake"),
    "closed_won": gettext_lazy("closed-won"),
    "gate_open": gettext_lazy("the opening of the gate"),
    "planned_start": gettext_lazy("the planned start"),
    "planned_end": gettext_lazy("the planned end"),
    "kickoff": gettext_lazy("the kickoff"),
    "discovery": gettext_lazy("the discovery session"),
    "discovery_added": gettext_lazy("the adding of the session"),
    "handoff_held": gettext_lazy("the handoff"),
    "golive": gettext_lazy("the go-live"),
    "use_by": gettext_lazy("the last day to use the units"),
    "signoff_sent": gettext_lazy("the sign-off request"),
    "closed": gettext_lazy("the closing"),
    "completed": gettext_lazy("the completion"),
    "planning_meeting": gettext_lazy("the planning meeting"),
    "first_session": gettext_lazy("the first session"),
    "last_session": gettext_lazy("the last session"),
    "session": gettext_lazy("the session"),
    "session_end": gettext_lazy("the end of the session"),
    "submission": gettext_lazy("the submission"),
    "lab_window": gettext_lazy("the window for the lab code"),
    "trainer_start": gettext_lazy("the beginning of the way to the certification"),
    "certification_end": gettext_lazy("the last day of the certification"),
    "proposed": gettext_lazy("the proposing of dates"),
    "proposal_sent": gettext_lazy("the sending of the proposed dates"),
    "week_end": gettext_lazy("the end of the week"),
    "hours_due": gettext_lazy("the deadline for approving hours"),
}

# What a playbook says of a step, in the words of its form.
FIELDS = {
    "title": gettext_lazy("title"),
    "instructions": gettext_lazy("instructions"),
    "phase": gettext_lazy("phase"),
    "owner_role": gettext_lazy("owner"),
    "offset_value": gettext_lazy("date"),
    "offset_unit": gettext_lazy("unit of the date"),
    "anchor": gettext_lazy("counted from"),
    "calendar": gettext_lazy("calendar"),
    "evidence_wanted": gettext_lazy("evidence"),
    "reminder_days": gettext_lazy("reminders"),
    "mail_template": gettext_lazy("mail"),
    "blocks_move": gettext_lazy("status it stands before"),
    "sets_anchor": gettext_lazy("date it sets"),
    "opens_with": gettext_lazy("opens with"),
    "after_move": gettext_lazy("after a move"),
    "due_at_once": gettext_lazy("due at once"),
    "repeat": gettext_lazy("repeats"),
    "repeat_until": gettext_lazy("repeats until"),
    "blocked_by": gettext_lazy("waits for"),
    "condition": gettext_lazy("condition"),
}

WHY = {
    Recipient.OWNER: gettext_lazy("The step is yours, or waits for your pool."),
    Recipient.COORDINATOR: gettext_lazy(
        "The step is past its date and you coordinate this engagement."
    ),
    Recipient.MANAGER: gettext_lazy(
        "The step is well past its date and you are next in line for its owner."
    ),
}

WHY_TOGETHER = gettext_lazy(
    "Steps that are yours, or wait for your pool, once a day together. You choose so "
    "in your profile."
)


def is_asked(key: str) -> bool:
    """Tell whether the anchor is the one of a step that somebody asked for."""
    return key.startswith(f"{ASKED}-")


def anchor_words(key: str) -> str:
    """Name an anchor in a sentence; an unknown key shows as it is written."""
    if is_asked(key):
        return _("the day it was asked for")
    return str(ANCHORS.get(key, key.replace("_", " ")))


def awaited_words(key: str) -> str:
    """Say what a step without a date waits for: "the kickoff".

    Planned days count from the opening of the gate on, so they wait for both.
    """
    if key in PLANNED_DAYS:
        return _("the gate and %(day)s") % {"day": anchor_words(key)}
    return anchor_words(key)


def zone_words(zone: str) -> str:
    """Name a zone by its city: "Australia/Sydney" reads "Sydney time"."""
    city = zone.rpartition("/")[2].replace("_", " ")
    return _("%(city)s time") % {"city": city}


def stand_in_words(absent: object) -> str:
    """R-23: say for whom a stand-in gets something."""
    return _("%(person)s is away and you stand in.") % {"person": absent}


def move_words(move: Move) -> str:
    """Say what a move took along: "12 open steps moved, 1 comes back."."""
    kinds = list(move.record["kinds"].values())
    moved, again = kinds.count("moves"), kinds.count("again")
    told = [
        ngettext("%(n)d open step moved", "%(n)d open steps moved", moved)
        % {"n": moved}
    ]
    if again:
        pattern = ngettext(
            "%(n)d done step comes back", "%(n)d done steps come back", again
        )
        told.append(pattern % {"n": again})
    return f"{', '.join(told)}."


def until_words(move: Move, zone: str) -> str:
    """Say until when a move can be undone, on the reader's clock."""
    until = clock_text(move.undo_until.astimezone(ZoneInfo(zone)))
    return _("Undo until %(time)s.") % {"time": until}
