"""What a push does with an issue: ours, theirs, and what we sent last.

After the first push GitLab owns the text (domain.md, section 4): what was changed
there since is never overwritten unseen.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from engagements.execution.rules.work_text import IssueText

FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=1)
# How often comments and states are read back.
EVERY = timedelta(minutes=15)


class Verdict(StrEnum):
    SAME = "same"
    WRITE = "write"
    # Changed there; nothing of ours is new.
    THEIRS = "theirs"
    # Changed on both sides.
    BOTH = "both"


@dataclass(frozen=True)
class Sides:
    """Our text, the one there now, the one that stood there after our last push.

    `sent` is the fingerprint of what we sent last, or were just to send; `seen` that
    of a text there which somebody wants to be overwritten.
    """

    ours: IssueText
    there: IssueText
    pushed: IssueText
    sent: str = ""
    seen: str = ""
    # Whether the last sending came to its end.
    is_settled: bool = True


def verdict_of(sides: Sides) -> Verdict:
    """domain.md, section 4: a push that would overwrite a change there is refused."""
    there, ours = sides.there.digest, sides.ours.digest
    if there == ours:
        return Verdict.SAME
    if sides.seen == there:
        return Verdict.WRITE
    is_ours = there in {sides.pushed.digest, sides.sent}
    is_nothing_new = sides.is_settled and ours == sides.sent
    if is_ours:
        return Verdict.SAME if is_nothing_new else Verdict.WRITE
    return Verdict.THEIRS if is_nothing_new else Verdict.BOTH


def next_look(attempts: int, retry_after: int, now: datetime) -> datetime:
    """Return when to try again: doubling up to an hour, and as long as asked for."""
    delay = min(FIRST_DELAY * (1 << min(max(attempts - 1, 0), 10)), LONGEST_DELAY)
    return now + max(delay, timedelta(seconds=retry_after))
