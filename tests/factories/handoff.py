"""Short ways to a handoff that is written, held and read."""

from engagements.handoff import OUTCOMES, all_readers, owner_of
from engagements.models import Handoff
from engagements.services.handoff import (
    acknowledge_handoff,
    begin_handoff,
    hold_handoff,
    settle_handoff,
    tick,
)
from psdelivery.livetext.models import LiveText
from psdelivery.livetext.services import Pen, add_card, save_text
from psdelivery.playbooks.rules.completion import Completion
from tests.factories.engagements import NOW

TEXTS = {
    "goals": "Ship every week.",
    "current_state": "Three tools, one release a quarter.",
    "scope_in": "- Migration of 40 projects",
    "scope_out": "- Training",
}
OUTCOME = ("Releases every week", "Releases per month, from 1 to 4")


def pen(handoff, by, now=NOW):
    return Pen(owner_of(handoff, may_edit=True), by, now)


def write(handoff, by=None, now=NOW, **texts):
    """Type these texts into the handoff."""
    for key, text in texts.items():
        row = LiveText.objects.select_related("sheet").get(sheet=handoff.sheet, key=key)
        save_text(row, text, row.version, pen=pen(handoff, by, now))


def add_outcome(handoff, outcome=OUTCOME, by=None, now=NOW):
    """Add an outcome with its measure."""
    rows = add_card(handoff.sheet, OUTCOMES, pen=pen(handoff, by, now))
    for row, text in zip(rows, outcome, strict=True):
        save_text(row, text, 0, pen=pen(handoff, by, now))


def begun(engagement, by=None, now=NOW):
    """The handoff with what the intake says."""
    return begin_handoff(engagement, by=by, now=now)


def filled(engagement, by=None, now=NOW):
    """The handoff with everything that R-5 wants to be written."""
    handoff = begun(engagement, by, now)
    write(handoff, by, now, **TEXTS)
    add_outcome(handoff, by=by, now=now)
    return again(handoff)


def again(handoff):
    """The handoff as it is stored now."""
    found = Handoff.objects.select_related("engagement__checklist", "sheet")
    return found.get(pk=handoff.pk)


def hand_over(engagement, by=None, now=NOW):
    """Bring the handoff to its end: written, held, and read by all who must.

    Where nobody leads the work, nobody can read it: then it is done by decree.
    """
    handoff = filled(engagement, by, now)
    hold_handoff(handoff, now.date(), [], by=by, now=now)
    for reader in all_readers(again(handoff)):
        if not reader.has_acknowledged:
            acknowledge_handoff(again(handoff), by=reader.person, now=now)
    settle_handoff(handoff, by=by, now=now)
    handoff = again(handoff)
    if handoff.done_at is None:
        handoff.done_at = now
        handoff.save()
        tick(handoff, "handoff-acknowledged", Completion(), by=by, now=now)
    return handoff
