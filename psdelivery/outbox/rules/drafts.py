"""What stands against a draft: pure, the facts come as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from django.utils.translation import gettext as _

from psdelivery.outbox.choices import State
from psdelivery.registry import Reason

DRAFT_STATES = frozenset({State.DRAFT, State.STALE})
# A mail that may still leave, or may have: another one would be the second.
UNDER_WAY = frozenset({State.READY, State.SENDING, State.NEEDS_LOOK})


def sight_of(subject: str, text: str, readers: Iterable[str] = ()) -> str:
    """Return a mark of what somebody sees; `readers` are addresses put by hand."""
    seen = "\n".join([subject, text, *readers])
    return sha256(seen.encode()).hexdigest()[:16]


def is_draft(state: str) -> bool:
    """Tell whether a message still waits for a person's check."""
    return state in DRAFT_STATES


def state_of_draft(made_from: str, now: str | None) -> State:
    """Tell whether a draft still says what is true: by the fingerprints of its facts.

    `now` is None where what it is about is gone.
    """
    return State.DRAFT if made_from == now else State.STALE


def reasons_against_editing(state: str) -> list[Reason]:
    """Only what nobody has let go can be changed."""
    if is_draft(state):
        return []
    sentence = _("A message that is %(state)s cannot be changed.")
    return [_of_state(state, sentence)]


def reasons_against_sending(state: str, missing: Sequence[Reason]) -> list[Reason]:
    """R-15: refuse what has a hole, each named with where it is mended.

    A draft is sent once, and only as it stands: what is out of date is made again.
    """
    if state != State.DRAFT:
        sentence = _("A message that is %(state)s is not sent by this click.")
        return [_of_state(state, sentence)]
    return list(missing)


def reasons_of_stale(changed: Iterable[str]) -> list[Reason]:
    """Say that the mail is no longer true, and what changed."""
    names = ", ".join(changed)
    if not names:
        sentence = _("Its template or its addresses have changed since it was written.")
    else:
        sentence = _("Changed since it was written: %(what)s.") % {"what": names}
    return [Reason("stale", sentence)]


def reasons_of_unseen(seen: str, is_now: str) -> list[Reason]:
    """Refuse to send what the person who clicks has not read."""
    if seen == is_now:
        return []
    sentence = _("Somebody changed it meanwhile: read it again before it leaves.")
    return [Reason("unseen", sentence)]


def reasons_of_changed(seen: str, is_now: str) -> list[Reason]:
    """Refuse to overwrite what somebody else changed and this person has not seen."""
    if seen == is_now:
        return []
    sentence = _(
        "Somebody changed this draft meanwhile. What you typed is still here: compare "
        "it with the draft, then save once more."
    )
    return [Reason("changed", sentence)]


def _of_state(state: str, sentence: str) -> Reason:
    return Reason("wrong-state", sentence % {"state": State(state).label.lower()})
