"""What stands against a status move, over and above the status table."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagements.choices import Kind, Status
from engagements.models import Engagement
from psdelivery.people.choices import EngagementRole
from psdelivery.people.moments import day_text, local_day
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.deadlines import add_months
from psdelivery.registry import Reason


def lead_role(kind: str) -> EngagementRole:
    """Return the role that leads: the PM, for training only the TC (glossary)."""
    return EngagementRole.TC if kind == Kind.TRAINING else EngagementRole.PM


def reasons_against_prospect(
    engagement: Engagement, *, has_offering: bool
) -> list[Reason]:
    """R-1: Estimate → Prospect needs the opportunity link and an offering."""
    reasons = []
    if not engagement.opportunity_url:
        reasons.append(("opportunity", _("The link to the opportunity is missing.")))
    if not has_offering:
        reasons.append(("offering", _("No offering is named.")))
    return [
        Reason(code, sentence, edit_url(engagement), _("Edit the intake"))
        for code, sentence in reasons
    ]


def edit_url(engagement: Engagement) -> str:
    """Return where the intake is mended."""
    return f"{engagement.get_absolute_url()}edit/"


def reasons_without_lead(engagement: Engagement, *, has_lead: bool) -> list[Reason]:
    """R-1: In set-up → Okay to start needs a named lead."""
    if has_lead:
        return []
    sentence = _("No lead is named: the %(role)s.") % {
        "role": lead_role(engagement.kind).label
    }
    url = f"{engagement.get_absolute_url()}team/add/?role={lead_role(engagement.kind)}"
    return [Reason("lead", sentence, url, _("Name the lead"))]


def reasons_of_undone_step(
    engagement: Engagement, step: Step | None, missing: str
) -> list[Reason]:
    """R-1: a need of the table is met by its ticked step, until its phase has pages."""
    if step is not None and not step.is_open:
        return []
    if step is None:
        return [
            Reason(
                "step-missing",
                _("%(missing)s, and the checklist has no step for it.")
                % {"missing": missing},
                engagement.get_absolute_url(),
            )
        ]
    sentence = _("%(missing)s: the step “%(step)s” is open.") % {
        "missing": missing,
        "step": step.title,
    }
    return [Reason("step-open", sentence, step.get_absolute_url(), _("Open the step"))]


# What the table needs before Active, by kind: the step's key and what is missing.
STEP_BEFORE_ACTIVE = {
    Kind.CONSULTING: ("kickoff-held", gettext_lazy("The kickoff is not held")),
    Kind.BLENDED: ("kickoff-held", gettext_lazy("The kickoff is not held")),
    Kind.DEDICATED: ("first-day", gettext_lazy("The first day has not been")),
    Kind.TRAINING: (
        "dates-confirmed",
        gettext_lazy("The customer has not confirmed a date"),
    ),
}


def reasons_against_backlog(
    engagement: Engagement, *, now: datetime, after_months: int = 1
) -> list[Reason]:
    """R-1: to the backlog when the customer is not ready *one month* after booking.

    Booking is closed-won; counted in calendar months, by the customer's days.
    """
    booked, zone = engagement.closed_won_at, engagement.customer.zone
    if booked is None:
        sentence = _("The backlog counts from booking, and closed-won is not recorded.")
        url = f"{engagement.get_absolute_url()}gate/closed_won/"
        return [Reason("not-booked", sentence, url, _("Record closed-won"))]
    earliest = add_months(local_day(booked, zone), after_months)
    if earliest <= local_day(now, zone):
        return []
    sentence = ngettext(
        "The backlog is for customers who are not ready %(n)d month after booking: "
        "from %(day)s on.",
        "The backlog is for customers who are not ready %(n)d months after booking: "
        "from %(day)s on.",
        after_months,
    ) % {"n": after_months, "day": day_text(earliest)}
    return [Reason("backlog-early", sentence)]


def reasons_of_open_steps(steps: list[Step], status: Status) -> list[Reason]:
    """R-1: no step that is marked as before this status may still be open."""
    return [
        Reason(
            "step-open",
            _("“%(step)s” must be done before %(status)s.")
            % {"step": step.title, "status": status.label},
            step.get_absolute_url(),
            _("Open the step"),
        )
        for step in steps
    ]
