"""The planned start and end as anchors: dates that count once they may be promised."""

from datetime import date, datetime, timedelta

from engagements.models import Engagement
from engagements.settings import USUAL_LENGTH
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.models import Anchor
from psdelivery.playbooks.services.checklists import set_anchor


def planned_dates(
    engagement: Engagement, *, is_open: bool, usual_days: int
) -> dict[str, date | None]:
    """Return the days of the anchors `planned_start` and `planned_end`.

    R-2 promises no date before the gate is open, so no step is late by a date that
    was only wished for. Where nobody planned an end, the usual length (days) after
    the start stands in, so that the closing steps have a date to be moved from.
    """
    if not is_open:
        return {"planned_start": None, "planned_end": None}
    start, end = engagement.wished_start, engagement.planned_end
    if end is None and start is not None:
        end = start + timedelta(days=usual_days)
    return {"planned_start": start, "planned_end": end}


def follow_planned_dates(
    engagement: Engagement, *, by: User | None, now: datetime
) -> None:
    """Let the anchors follow the intake and the gate; open steps move (R-20)."""
    if engagement.checklist is None:
        return
    dated = Anchor.objects.filter(checklist=engagement.checklist)
    # Not asked of the gate: what was promised while it was open stays promised when
    # work at risk runs out.
    opened = dated.filter(key="gate_open", moment__isnull=False)
    planned = planned_dates(
        engagement,
        is_open=opened.exists(),
        usual_days=portal_settings()[USUAL_LENGTH],
    )
    anchors = dated.filter(key__in=planned)
    for anchor in anchors:
        set_anchor(
            engagement.checklist, anchor.key, planned[anchor.key], by=by, now=now
        )
