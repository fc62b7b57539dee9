"""Take over what the shipped templates have for an engagement; twice adds nothing."""

from datetime import datetime

from django.db import transaction

from engagements.execution.plan_templates import template_of
from engagements.execution.rules.raci import line_of, lines_not_there
from engagements.execution.services.raci import rows_of, save_raci
from engagements.models import Engagement
from engagements.services.gate import lock_engagement
from psdelivery.people.models import User


@transaction.atomic
def take_template(engagement: Engagement, *, by: User, now: datetime) -> int:
    """Add the rows that the table does not have; return how many they were."""
    lock_engagement(engagement)
    rows = rows_of(engagement)
    new = lines_not_there(template_of(engagement).raci, rows)
    if new:
        save_raci(engagement, [*map(line_of, rows), *new], by=by, now=now)
    return len(new)
