"""What managers may set about engagements."""

from django.utils.translation import gettext_lazy as _

from psdelivery.people.register import Setting, register_setting

BACKLOG_MONTHS = "engagements.backlog_months"
SOFT_FROM_STAGE = "engagements.soft_from_stage"
SMALL_HOURS = "engagements.small_hours"
MEDIUM_HOURS = "engagements.medium_hours"
USUAL_LENGTH = "engagements.usual_length"
RISK_WARNING_DAYS = "engagements.risk_warning_days"
DECISION_DAYS = "engagements.decision_days"
HANDOFF_FIRST_DAYS = "engagements.handoff_first_days"

ENGAGEMENT_SETTINGS = (
    Setting(
        key=BACKLOG_MONTHS,
        title=_("Backlog after"),
        help=_("How long after booking an engagement may go to the backlog."),
        type="int",
        default=1,
        minimum=0,
        maximum=24,
        unit=_("months"),
    ),
    Setting(
        key=SOFT_FROM_STAGE,
        title=_("Soft holds from opportunity stage"),
        help=_("With forecast Commit; before that nobody is held for the work."),
        type="int",
        default=5,
        minimum=0,
        maximum=10,
    ),
    Setting(
        key=RISK_WARNING_DAYS,
        title=_("Warning before work at risk ends"),
        help=_("Days before its last day; counts for what is granted from now on."),
        type="int",
        default=5,
        minimum=0,
        maximum=60,
        unit=_("days"),
    ),
    Setting(
        key=DECISION_DAYS,
        title=_("Time for a decision"),
        help=_("Work at risk, change orders and exceptions, signatures withdrawn."),
        type="int",
        default=2,
        minimum=0,
        maximum=30,
        unit=_("business days"),
    ),
    Setting(
        key=SMALL_HOURS,
        title=_("Small engagements have at most"),
        help=_("Decides when support gets its handoff."),
        type="int",
        default=80,
        minimum=1,
        maximum=10_000,
        unit=_("hours"),
    ),
    Setting(
        key=MEDIUM_HOURS,
        title=_("Medium engagements have at most"),
        help=_("Above that an engagement is large."),
        type="int",
        default=400,
        minimum=1,
        maximum=100_000,
        unit=_("hours"),
    ),
    Setting(
        key=USUAL_LENGTH,
        title=_("Usual length"),
        help=_("Stands in for the planned end where the intake names none."),
        type="int",
        default=90,
        minimum=1,
        maximum=1_000,
        unit=_("days"),
    ),
    Setting(
        key=HANDOFF_FIRST_DAYS,
        title=_("Handoff is read by who starts within"),
        help=_(
            "The kickoff waits until everybody with hours in the first days has "
            "acknowledged; the others do so before their own first day."
        ),
        type="int",
        default=10,
        minimum=1,
        maximum=60,
        unit=_("business days"),
    ),
)


def register_engagement_settings() -> None:
    """Enter the settings of engagements in the register."""
    for setting in ENGAGEMENT_SETTINGS:
        register_setting(setting)
