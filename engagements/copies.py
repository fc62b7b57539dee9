"""Where an engagement stands, in a few lines for sales: to copy."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from engagements.mails import people_by_role
from engagements.models import Engagement
from engagements.owners import coordinator_of
from engagements.rules.moves import lead_role
from psdelivery.people.moments import day_text
from psdelivery.playbooks.models import Step


def sales_text(engagement: Engagement, steps: Sequence[Step]) -> str:
    """Return status, people and what comes next; no money and no secret.

    `steps` are the open ones, the next first.
    """
    people = people_by_role(engagement)
    coordinator = coordinator_of(engagement.kind, people)
    lead = people.get(lead_role(engagement.kind))
    zone = engagement.customer.zone
    lines = [
        f"{engagement.customer} · {engagement.title} ({engagement.get_kind_display()})",
        _("%(status)s since %(day)s")
        % {
            "status": engagement.get_status_display(),
            "day": day_text(local(engagement.status_since, zone)),
        },
        _("Waits for: %(who)s, since %(day)s")
        % {
            "who": engagement.get_ball_with_display(),
            "day": day_text(local(engagement.ball_since, zone)),
        },
        _("Coordinator: %(name)s") % {"name": coordinator} if coordinator else "",
        _("Lead: %(name)s") % {"name": lead} if lead else "",
        next_words(steps),
    ]
    return "\n".join(line for line in lines if line)


def local(at: datetime, zone: str) -> date:
    """Return the day of a moment on the customer's clock."""
    return at.astimezone(ZoneInfo(zone)).date()


def next_words(steps: Sequence[Step]) -> str:
    """Say what is due next, and when."""
    dated = [step for step in steps if step.due_day is not None]
    if not dated or dated[0].due_day is None:
        return ""
    return _("Next: %(step)s, by %(day)s") % {
        "step": dated[0].title,
        "day": day_text(dated[0].due_day),
    }
