"""Read the burn-down of an engagement: the paper, what changed it, and the hours."""

from datetime import date
from decimal import Decimal

from engagements.choices import CHANGE_ORDERS, ChangeState
from engagements.execution.rules.burn_down import Budget, BurnDown, burn_down_of
from engagements.models import Engagement
from engagements.registry import facts
from engagements.rules.hours import WorkedHours


def burn_down_for(engagement: Engagement, today: date) -> BurnDown:
    """Return the burn-down on the reader's day; without hours an empty one."""
    hours = facts.read(WorkedHours, engagement) or WorkedHours()
    return burn_down_of(hours, budget_of(engagement), today=today)


def budget_of(engagement: Engagement) -> Budget | None:
    """Return the hours that may be worked, None where the paper names none.

    Change orders in force stand in the paper already; they are told apart from what
    was sold at first. Work exceptions come on top (one query).
    """
    hours = engagement.paper.hours
    if hours is None:
        return None
    approved = engagement.changes.filter(state=ChangeState.APPROVED)
    rows = approved.values_list("kind", "hours")
    added = [(kind, more or Decimal()) for kind, more in rows]
    orders = sum((more for kind, more in added if kind in CHANGE_ORDERS), Decimal())
    changes = sum((more for _kind, more in added), Decimal())
    return Budget(sold=hours - orders, changes=changes)
