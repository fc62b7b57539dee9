"""Work at risk in the demo: one that a manager granted, some that wait for one."""

from datetime import timedelta
from decimal import Decimal

from engagements.choices import Condition
from engagements.rules.risk import RiskTerms
from engagements.services.risk import ask_for_risk, grant_risk
from psdelivery.dashboards.demo import names
from psdelivery.dashboards.demo.slots import Mood
from psdelivery.dashboards.demo.story import HOUR, Story
from psdelivery.people.choices import EngagementRole


def take_risks(story: Story) -> None:
    """Let the EM ask to go around the gate where a signature is awaited (R-3).

    Where it has been for long, the manager granted it, and it ends in five days.
    """
    manager = story.engagement.practice.manager
    asker = story.team.get(EngagementRole.EM)
    if asker is None or story.slot.mood not in {Mood.UNSIGNED, Mood.BLOCKED}:
        return
    is_granted = story.slot.mood == Mood.BLOCKED and manager is not None
    waived = Condition.COUNTERSIGNATURE if is_granted else Condition.CUSTOMER_SIGNATURE
    terms = RiskTerms(
        codes=(waived,),
        reason=names.RISK_REASON,
        hours_cap=Decimal(40),
        expires_on=story.day_of(story.now) + timedelta(days=5),
    )
    risk = ask_for_risk(story.engagement, terms, by=asker, now=story.now - 3 * HOUR)
    if is_granted and manager is not None:
        grant_risk(risk, by=manager, now=story.now - 2 * HOUR)
