"""The status moves that an engagement page offers, and what each would touch."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from django.urls import resolve
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.access import Rights
from engagements.choices import PAUSED_STATUSES, Status
from engagements.models import Engagement
from engagements.queries import customers_told
from engagements.registry import bookings
from engagements.rules.status import (
    Move,
    forward_move,
    moves_from,
    reasons_against_mover,
)
from engagements.services.status import reasons_against_move
from engagements.words import move_words
from psdelivery.access import Action, needed_for
from psdelivery.people.choices import Role
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason


@dataclass(frozen=True)
class OfferedMove:
    """A move that the person may make, with the words of its button."""

    move: Move
    label: str
    has_bookings: bool = False

    @property
    def asks(self) -> bool:
        """Whether it has a page of its own: for a reason, or for the bookings."""
        ends = self.has_bookings and self.move.target == Status.CLOSED
        return self.move.wants_reason or ends

    @property
    def target(self) -> str:
        return self.move.target.value

    @property
    def is_final(self) -> bool:
        return self.move.target == Status.CANCELLED


@dataclass(frozen=True)
class NextMove:
    """The move that takes the work on: what is missing for it, and who makes it."""

    label: str
    target: Status
    missing: list[Reason]
    movers: str
    is_mine: bool


def offered_moves(
    engagement: Engagement, rights: Rights, now: datetime
) -> list[OfferedMove]:
    """R-1: return the moves of the table that the person may make, in its order."""
    all_rows = moves_from(engagement.kind, engagement.status, engagement.status_before)
    rows = [row for row in all_rows if rights.may_make(row)]
    may_close = any(row.target == Status.CLOSED for row in rows)
    has_bookings = may_close and bool(bookings.to_come(engagement, now))
    return [OfferedMove(row, move_words(row), has_bookings) for row in rows]


def next_move(engagement: Engagement, rights: Rights, now: datetime) -> NextMove | None:
    """R-1: return the move that takes the work on, None where there is none."""
    row = forward_move(engagement.kind, engagement.status, engagement.status_before)
    if row is None:
        return None
    return NextMove(
        label=move_words(row),
        target=row.target,
        missing=within_reach(
            reasons_against_move(engagement, row.target, now=now), rights
        ),
        movers=", ".join(str(role.label) for role in Role if role in row.roles),
        is_mine=rights.may_make(row),
    )


def within_reach(reasons: Iterable[Reason], rights: Rights) -> list[Reason]:
    """Return the reasons; a link that is closed to the reader is left out."""
    return [
        reason if is_open_to(rights, reason.fix_url) else replace(reason, fix_url="")
        for reason in reasons
    ]


def is_open_to(rights: Rights, url: str) -> bool:
    """Tell whether the access table gives the reader this page of the engagement."""
    needed = needed_for(resolve(urlsplit(url).path).view_name) if url else None
    # A step is open to everybody who sees its engagement.
    if not isinstance(needed, Action) or needed is Action.MY_DAY:
        return True
    return rights.may(needed)


def why_not_mine(rights: Rights, row: Move) -> str:
    """R-1: say why the person may not make the move."""
    reasons = reasons_against_mover(rights.roles, row)
    if reasons:
        return reasons[0].sentence
    return _("Your role moves only engagements that you are on.")


@dataclass(frozen=True)
class Touched:
    """What a move brings with it, for the eye before the click."""

    sentences: list[str]
    told: list[str]


def touched_by(engagement: Engagement, target: str) -> Touched:
    """Return what moving to `target` would touch: steps, reminders, who was told."""
    return Touched(
        sentences=sentences_about(engagement, target),
        told=customers_told(engagement) if target == Status.CANCELLED else [],
    )


def sentences_about(engagement: Engagement, target: str) -> list[str]:
    """Say what a move does to steps and reminders."""
    steps = Step.objects.filter(engagement=engagement)
    if target == Status.CANCELLED:
        count = steps.open().count()
        return [
            ngettext(
                "%(n)d open step is cancelled.",
                "%(n)d open steps are cancelled.",
                count,
            )
            % {"n": count}
        ]
    if engagement.status == Status.CANCELLED:
        return [
            _("What is ticked comes back, with its date; the rest stays cancelled.")
        ]
    if target in PAUSED_STATUSES:
        return [_("Until it is resumed no reminder leaves and nothing counts as late.")]
    if engagement.status in PAUSED_STATUSES:
        return [_("Reminders and deadlines count again from now on.")]
    return []
