"""The steps and mails of work at risk (R-3): the question, the warning, the answer."""

from datetime import datetime

from django.utils.translation import gettext as _

from engagements.choices import RiskState
from engagements.models import WorkAtRisk
from engagements.owners import owners_of
from engagements.rules.risk import plain_hours
from engagements.services.approvals import News, Question, ask_manager, tell
from engagements.settings import RISK_WARNING_DAYS
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.moments import day_text
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.choices import Phase
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.adhoc import AdHocStep
from psdelivery.playbooks.services.adhoc import add_step


def ask_for_decision(risk: WorkAtRisk, *, by: User, now: datetime) -> Step | None:
    """Open the step of the practice manager who grants or refuses it."""
    question = Question(
        title=_("Decide on work at risk: %(conditions)s") % {"conditions": risk.names},
        instructions="\n\n".join(terms_of(risk)),
        url=risk.get_absolute_url(),
    )
    return ask_manager(risk.engagement, question, by=by, now=now)


def warn_before_end(risk: WorkAtRisk, *, by: User | None, now: datetime) -> Step | None:
    """R-3: open the step that warns *5* days before the last day, and is due on it.

    It belongs to who asked; past its end it escalates like any other step.
    """
    checklist = risk.engagement.checklist
    if checklist is None:
        return None
    days = portal_settings()[RISK_WARNING_DAYS]
    here = risk.requested_by if is_here(risk.requested_by) else None
    asked = AdHocStep(
        title=_("Work at risk ends: bring %(conditions)s, or ask for more time")
        % {"conditions": risk.names},
        phase=Phase.PRE_PROJECT,
        assignee=here,
        owner_role="" if here else EngagementRole.LEAD,
        due_day=risk.expires_on,
        instructions=_(
            "After this day new hard bookings are refused; hours worked are not "
            "billable until what was waived is on file."
        ),
        subject_url=risk.get_absolute_url(),
        reminder_days={"owner": [days], "coordinator": [1], "manager": [1]},
    )
    owners = owners_of(risk.engagement)
    return add_step(checklist, asked, owners=owners, by=by, now=now)


def is_here(person: User | None) -> bool:
    """Tell whether the person still works here."""
    return person is not None and person.is_active


def terms_of(risk: WorkAtRisk) -> tuple[str, ...]:
    """Say what is asked for, in the words of a mail or a step."""
    limits = _("Up to %(hours)s hours, until %(day)s.") % {
        "hours": plain_hours(risk.hours_cap),
        "day": day_text(risk.expires_on),
    }
    waived = _("Waived: %(conditions)s.") % {"conditions": risk.names}
    return (waived, limits, _("Reason: %(reason)s") % {"reason": risk.reason})


def tell_of_question(risk: WorkAtRisk, *, by: User, now: datetime) -> None:
    """Mail who decides."""
    step = risk.decision_step
    owner = step and (step.assignee or step.pool)
    news = News(
        subject=risk,
        event="asked",
        engagement=risk.engagement,
        title=_("Work at risk to decide: %(engagement)s")
        % {"engagement": risk.engagement},
        lines=(_("%(person)s asks for it.") % {"person": by}, *terms_of(risk)),
        url=risk.get_absolute_url(),
        why=_("You decide on work at risk of this practice."),
    )
    tell(news, [owner] if owner else [], by=by, now=now)


def tell_of_decision(risk: WorkAtRisk, *, by: User, now: datetime) -> None:
    """Mail who asked for it."""
    titles = {
        RiskState.GRANTED: _("Work at risk granted: %(engagement)s"),
        RiskState.REFUSED: _("Work at risk refused: %(engagement)s"),
    }
    answer = _("Decided by %(person)s.") % {"person": by}
    lines = (answer, risk.decision_note, *terms_of(risk))
    tell_asker(risk, titles[RiskState(risk.state)], lines, "decided", by=by, now=now)


def tell_of_end(risk: WorkAtRisk, *, by: User, now: datetime) -> None:
    """Mail who asked for it that it ended early."""
    title = _("Work at risk ended: %(engagement)s")
    ended = _("Ended by %(person)s: %(reason)s") % {
        "person": by,
        "reason": risk.end_reason,
    }
    tell_asker(risk, title, (ended, *terms_of(risk)), "ended", by=by, now=now)


def tell_asker(
    risk: WorkAtRisk,
    title: str,
    lines: tuple[str, ...],
    event: str,
    *,
    by: User,
    now: datetime,
) -> None:
    """Mail the person who asked, unless they did it themselves."""
    news = News(
        subject=risk,
        event=event,
        engagement=risk.engagement,
        title=title % {"engagement": risk.engagement},
        lines=tuple(line for line in lines if line),
        url=risk.get_absolute_url(),
        why=_("You asked for this work at risk."),
    )
    tell(news, [risk.requested_by] if risk.requested_by else [], by=by, now=now)
