"""With whom the ball is: as the open steps say, or as somebody said (glossary)."""

from datetime import datetime

from django.db import transaction

from engagements.choices import BallWith
from engagements.models import BallPeriod, Engagement
from engagements.rules.ball import Said, day_number, follows_steps
from engagements.turns import balls_behind, said_by_steps
from psdelivery.history.services import record
from psdelivery.people.models import User

DERIVED = ["ball_derived", "ball_step", "ball_by_hand"]


def put_ball(engagement: Engagement, party: str, *, now: datetime) -> bool:
    """Write who has the ball from now on; return whether that is somebody else.

    Inside the caller's transaction. The turn before ends, and a new one begins; one
    that began at this very moment was none.
    """
    turn = BallPeriod.objects.filter(engagement=engagement, until=None).first()
    if turn is not None and turn.party == party == engagement.ball_with:
        return False
    if turn is not None and turn.since == now:
        BallPeriod.objects.filter(pk=turn.pk).update(party=party)
    else:
        begin_turn(engagement, turn, party, now)
    engagement.ball_with, engagement.ball_since = BallWith(party), now
    engagement.save(update_fields=["ball_with", "ball_since"])
    return True


def begin_turn(
    engagement: Engagement, turn: BallPeriod | None, party: str, now: datetime
) -> None:
    """End the turn that runs, and begin the next."""
    zone = engagement.customer.zone
    if turn is not None:
        # Two servers' clocks may differ by a little.
        turn.until = max(now, turn.since)
        turn.end_day = max(day_number(turn.until, zone), turn.first_day)
        turn.save(update_fields=["until", "end_day"])
    BallPeriod.objects.create(
        engagement=engagement,
        party=party,
        since=now,
        first_day=day_number(now, zone),
    )


@transaction.atomic
def pass_ball(
    engagement: Engagement,
    ball_with: str,
    *,
    by: User,
    reason: str = "",
    now: datetime,
) -> Engagement:
    """Say who must move next, since now; nothing where it is with them already.

    It holds until the steps say something new; with "" they are asked at once.
    """
    engagement = lock(engagement.pk)
    old = engagement.ball_with
    if not ball_with:
        engagement.ball_derived = ""
        follow_steps(engagement, now=now)
    elif put_ball(engagement, ball_with, now=now):
        engagement.ball_by_hand = ball_with != engagement.ball_derived
        engagement.save(update_fields=DERIVED)
    if engagement.ball_with != old:
        record(
            "ball-passed",
            by=by,
            subject=engagement,
            engagement=engagement,
            changes={"ball_with": [old, engagement.ball_with]},
            reason=reason,
            now=now,
        )
    return engagement


def lock(pk: int) -> Engagement:
    """Read an engagement anew and keep others from it.

    Not from writing what only points to it: mails and events go on.
    """
    rows = Engagement.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=pk)


def settle_ball(pk: int, *, now: datetime) -> bool:
    """Let the ball be with whom the open steps say; return whether it moved.

    Meant for after a transaction that changed steps: it looks without a lock first,
    since most of them leave the ball where it is.
    """
    if pk not in balls_behind([pk]):
        return False
    with transaction.atomic():
        return follow_steps(lock(pk), now=now)


def settle_balls(*, now: datetime) -> int:
    """Settle the ball of all running engagements; return how many had been behind.

    For what no service told of: rows written in bulk, a process killed between the
    change of a step and the look at the ball, and the first look after an upgrade.
    """
    return sum(settle_ball(pk, now=now) for pk in balls_behind())


def follow_steps(engagement: Engagement, *, now: datetime) -> bool:
    """Pass the ball where the steps say something new; return whether it moved.

    Inside the caller's transaction, which keeps others from the engagement. What
    somebody said by hand ends with that.
    """
    if not follows_steps(engagement.kind, engagement.status):
        return False
    said = said_by_steps(engagement)
    if said == said_before(engagement):
        return False
    engagement.ball_derived, engagement.ball_step_id = said.party, said.step
    engagement.ball_by_hand = False
    engagement.save(update_fields=DERIVED)
    return put_ball(engagement, said.party, now=now)


def said_before(engagement: Engagement) -> Said | None:
    """Return what the steps said last; None while they were not asked."""
    if not engagement.ball_derived:
        return None
    return Said(BallWith(engagement.ball_derived), engagement.ball_step_id)
