"""R-20: what a move of dates takes along, and until when it can be taken back.

Pure: no database, no clock, no request.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from psdelivery.outbox.models import Message
from psdelivery.people.moments import Deadline, clock_text
from psdelivery.playbooks.choices import AfterMove, MoveCause, StepState
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason

# The column's.
TITLE_LENGTH = 200


class LineKind(StrEnum):
    """What becomes of a step when the date it hangs on moves."""

    MOVES = "moves"
    STAYS = "stays"  # its rule gives the same date
    PINNED = "pinned"
    EXEMPT = "exempt"
    AGAIN = "again"  # done, and told again
    NOT_AGAIN = "not-again"  # the same, exempted
    DONE = "done"  # done, and kept
    ENDS = "ends"  # a period after the new end of its row, or of a part called off
    RETURNS = "returns"  # a period before the new end of its row

    @property
    def words(self) -> str:
        """What became of the step, for a badge; empty where its date simply moved."""
        words = {
            LineKind.EXEMPT: _("keeps its date"),
            LineKind.AGAIN: _("comes back"),
            LineKind.ENDS: _("no longer needed"),
            LineKind.RETURNS: _("needed again"),
        }
        return words.get(self, "")


# What a line is when somebody exempts it, and when they do not.
EXEMPTED = {LineKind.MOVES: LineKind.EXEMPT, LineKind.AGAIN: LineKind.NOT_AGAIN}
UNEXEMPTED = {exempted: kind for kind, exempted in EXEMPTED.items()}


@dataclass(frozen=True)
class MoveLine:
    """One step on the list that is shown before dates move.

    `old` and `new` are its deadline before and after; None without a date. `why`
    says why the new date is what it is. `mails` are drafts and waiting mails of the
    step, which the move makes out of date.
    """

    step: Step
    kind: LineKind
    old: Deadline | None
    new: Deadline | None
    why: str = ""
    late_by_design: bool = False
    is_past: bool = False
    mails: Sequence[Message] = ()

    @property
    def can_be_exempted(self) -> bool:
        return self.kind in EXEMPTED or self.kind in UNEXEMPTED

    @property
    def is_exempt(self) -> bool:
        return self.kind in UNEXEMPTED

    @property
    def title(self) -> str:
        """What the step will be called: a done one comes back under a new title."""
        is_again = self.kind in {LineKind.AGAIN, LineKind.NOT_AGAIN}
        return title_again(self.step) if is_again else self.step.title


@dataclass(frozen=True)
class AnchorMove:
    """A date before and after; `key` names it in words."""

    key: str
    old: date | datetime | None
    new: date | datetime | None


@dataclass(frozen=True)
class MovePreview:
    """R-20: everything that a move takes along, shown before it is saved."""

    anchors: Sequence[AnchorMove] = ()
    lines: Sequence[MoveLine] = ()
    token: str = ""

    def of(self, *kinds: LineKind) -> list[MoveLine]:
        """Return the lines of these kinds."""
        return [line for line in self.lines if line.kind in kinds]

    @property
    def moving(self) -> list[MoveLine]:
        return self.of(LineKind.MOVES, LineKind.EXEMPT)

    @property
    def again(self) -> list[MoveLine]:
        return self.of(LineKind.AGAIN, LineKind.NOT_AGAIN)

    @property
    def pinned(self) -> list[MoveLine]:
        return self.of(LineKind.PINNED)

    @property
    def staying(self) -> list[MoveLine]:
        return self.of(LineKind.STAYS)

    @property
    def done(self) -> list[MoveLine]:
        return self.of(LineKind.DONE)

    @property
    def unmoved(self) -> list[MoveLine]:
        """What stays as it is without anybody's doing."""
        return self.of(LineKind.DONE, LineKind.STAYS)

    @property
    def ending(self) -> list[MoveLine]:
        return self.of(LineKind.ENDS)

    @property
    def returning(self) -> list[MoveLine]:
        return self.of(LineKind.RETURNS)

    @property
    def mails(self) -> list[Message]:
        """The drafts and waiting mails that the move makes out of date."""
        return [mail for line in self.lines for mail in line.mails]

    @property
    def takes_something_along(self) -> bool:
        """Whether there is anything to look at before saving."""
        return any(
            line.kind not in {LineKind.DONE, LineKind.STAYS} for line in self.lines
        )


def token_of(anchors: Iterable[AnchorMove], lines: Iterable[MoveLine]) -> str:
    """Return a fingerprint of what is shown, to notice that it changed meanwhile.

    What the reader exempts is their own choice and is left out.
    """
    told = [repr((one.key, one.old, one.new)) for one in anchors]
    told += [
        repr((line.step.pk, UNEXEMPTED.get(line.kind, line.kind), line.old))
        for line in sorted(lines, key=lambda line: line.step.pk)
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def title_again(step: Step) -> str:
    """Return the title under which a done step comes back, however often it does."""
    if step.again:
        return step.title
    return (_("Re-send: %(step)s") % {"step": step.title})[:TITLE_LENGTH]


def is_told_again(step: Step, latest: Step | None) -> bool:
    """R-20: tell whether a done step comes back: marked so, and not back already.

    `latest` is the newest "Re-send …" of the same step, or the step itself.
    """
    is_newest = latest is None or latest.pk == step.pk
    wanted = step.after_move == AfterMove.TELL_AGAIN
    return wanted and is_newest and step.state == StepState.DONE


def leaves_at(
    moved_at: datetime, undo_until: datetime, event_at: datetime, *, urgent_hours: int
) -> datetime:
    """R-20: return when mail that a move causes may leave: after the undo window.

    Within *48* hours of the event nobody can wait for that: it leaves at once.
    """
    is_near = event_at - moved_at < timedelta(hours=urgent_hours)
    return moved_at if is_near else max(moved_at, undo_until)


def reasons_without_cause(cause: str, reason: str) -> list[Reason]:
    """R-20: refuse a move that does not say why: one of the causes, and a sentence."""
    reasons = []
    if cause not in MoveCause.values:
        sentence = _("Say who or what caused it.")
        reasons.append(Reason("cause-missing", sentence))
    if not reason.strip():
        reasons.append(Reason("reason-missing", _("Say why it is moved.")))
    return reasons


def reasons_against_time(
    undo_until: datetime, undone_at: datetime | None, *, zone: str, now: datetime
) -> list[Reason]:
    """R-20: refuse an undo that comes a second time, or too late."""
    if undone_at is not None:
        return [Reason("undone", _("This move was taken back already."))]
    if now < undo_until:
        return []
    sentence = _("It could be undone until %(time)s. Move the date again instead.")
    until = clock_text(undo_until.astimezone(ZoneInfo(zone)))
    return [Reason("too-late", sentence % {"time": until})]


def reasons_of_sent(mails: Iterable[Message]) -> list[Reason]:
    """R-20: refuse an undo after mail of the move left: it cannot be called back."""
    return [
        Reason(
            "left",
            _("“%(subject)s” left to %(whom)s already: tell them instead.")
            % {"subject": mail.subject or mail.kind, "whom": ", ".join(mail.to)},
            mail.get_absolute_url(),
            _("Read the mail"),
        )
        for mail in mails
    ]


def reasons_of_changed_steps(steps: Iterable[Step]) -> list[Reason]:
    """R-20: refuse an undo where something was booked on top of the move."""
    return [
        Reason(
            "booked-on-top",
            _("“%(step)s” was %(what)s since.")
            % {
                "step": step.title,
                "what": _("changed") if step.is_open else step.get_state_display(),
            },
            step.get_absolute_url(),
            _("Open the step"),
        )
        for step in steps
    ]
