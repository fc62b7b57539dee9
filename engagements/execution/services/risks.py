"""Keep the risks of an engagement; a manager is told of those that are escalated."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.execution.models import ProjectRisk
from engagements.execution.rules.risks import (
    closed_on_after,
    reasons_against_risk_list,
)
from engagements.execution.services.plan_steps import PlanStep, tick
from engagements.models import Engagement
from engagements.owners import owners_of
from engagements.services.approvals import News, tell
from engagements.services.values import write_values
from psdelivery.history.services import record
from psdelivery.outbox.renderers import register_kind
from psdelivery.people.choices import EngagementRole, NotificationDelivery
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.people.notifications import register_reason
from psdelivery.playbooks.owners import assignment_for
from psdelivery.playbooks.rules.completion import Completion

MAIL_KIND = "risk-escalated"


@transaction.atomic
def add_risk(
    engagement: Engagement,
    *,
    title: str,
    priority: str,
    impact: str,
    owner: User | None = None,
    mitigation: str = "",
    by: User | None,
    now: datetime,
) -> ProjectRisk:
    """Put a risk on the engagement's list; opened on the customer's day."""
    risk = ProjectRisk.objects.create(
        engagement=engagement,
        title=title,
        priority=priority,
        impact=impact,
        owner=owner,
        mitigation=mitigation,
        opened_on=local_day(now, engagement.customer.zone),
    )
    record("project-risk-added", by=by, subject=risk, engagement=engagement, now=now)
    tick_risk_list(engagement, by=by, now=now)
    return risk


@transaction.atomic
def change_risk(
    risk: ProjectRisk, values: Mapping[str, Any], *, by: User, now: datetime
) -> ProjectRisk:
    """Write what differs; closing it keeps the day, escalating it tells the manager."""
    rows = ProjectRisk.objects.select_for_update(of=("self",))
    stored = rows.select_related("engagement__customer").get(pk=risk.pk)
    was_escalated = stored.is_escalated
    changes = write_values(stored, values)
    if not changes:
        return stored
    today = local_day(now, stored.engagement.customer.zone)
    stored.closed_on = closed_on_after(stored.status, stored.closed_on, today=today)
    stored.save()
    record(
        "project-risk-changed",
        by=by,
        subject=stored,
        engagement=stored.engagement,
        changes=changes,
        now=now,
    )
    if stored.is_escalated and not was_escalated:
        tell_manager(stored, by=by, now=now)
    tick_risk_list(stored.engagement, by=by, now=now)
    return stored


def tick_risk_list(engagement: Engagement, *, by: User | None, now: datetime) -> None:
    """Tick "Open the risk list" once every open risk has its owner and mitigation."""
    risks = list(ProjectRisk.objects.filter(engagement=engagement))
    if not reasons_against_risk_list(risks):
        tick(engagement, PlanStep.RISKS, Completion(), by=by, now=now)


def tell_manager(risk: ProjectRisk, *, by: User, now: datetime) -> None:
    """Mail the practice manager, or whoever sees to it, that a risk is escalated."""
    manager = assignment_for(
        EngagementRole.PRACTICE_MANAGER, owners_of(risk.engagement)
    )
    reader = manager.person or manager.pool
    facts = _("%(priority)s priority, impact on %(impact)s.") % {
        "priority": str(risk.get_priority_display()).capitalize(),
        "impact": risk.get_impact_display(),
    }
    news = News(
        subject=risk,
        event=f"escalated:{now.isoformat()}",
        engagement=risk.engagement,
        title=_("Risk escalated: %(risk)s") % {"risk": risk.title},
        lines=(
            _("%(person)s escalates it.") % {"person": by},
            facts,
            risk.mitigation,
        ),
        url=risk.get_absolute_url(),
        why=_("You manage the practice of this engagement."),
        kind=MAIL_KIND,
        reason=MAIL_KIND,
    )
    tell(news, [reader] if reader else [], by=by, now=now)


def register_risk_mail() -> None:
    """Name the kind of mail, and why somebody gets it."""
    register_kind(MAIL_KIND, gettext_lazy("Escalated risk"))
    register_reason(
        MAIL_KIND,
        gettext_lazy("A risk is escalated to me"),
        NotificationDelivery.IMMEDIATE,
    )
