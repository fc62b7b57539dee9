"""Pass the ball: who must move next, since when (glossary)."""

from datetime import datetime

from django.db import transaction

from engagements.choices import BallWith
from engagements.models import BallPeriod, Engagement
from psdelivery.history.services import record
from psdelivery.people.models import User


def put_ball(engagement: Engagement, party: str, *, now: datetime) -> bool:
    """Write who has the ball from now on; return whether that is somebody else.

    Inside the caller's transaction. The turn before ends, and a new one begins.
    """
    turn = BallPeriod.objects.filter(engagement=engagement, until=None).first()
    if turn is not None and turn.party == party == engagement.ball_with:
        return False
    if turn is not None:
        # Two servers' clocks may differ by a little.
        turn.until = max(now, turn.since)
        turn.save(update_fields=["until"])
    BallPeriod.objects.create(engagement=engagement, party=party, since=now)
    engagement.ball_with, engagement.ball_since = BallWith(party), now
    engagement.save(update_fields=["ball_with", "ball_since"])
    return True


@transaction.atomic
def pass_ball(
    engagement: Engagement,
    ball_with: str,
    *,
    by: User,
    reason: str = "",
    now: datetime,
) -> Engagement:
    """Say who must move next, since now; nothing where it is with them already."""
    engagement = Engagement.objects.select_for_update(of=("self",)).get(
        pk=engagement.pk
    )
    old = engagement.ball_with
    if put_ball(engagement, ball_with, now=now) and old != ball_with:
        record(
            "ball-passed",
            by=by,
            subject=engagement,
            engagement=engagement,
            changes={"ball_with": [old, ball_with]},
            reason=reason,
            now=now,
        )
    return engagement
