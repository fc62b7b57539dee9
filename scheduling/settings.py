"""What managers may set about the schedule."""

from django.utils.translation import gettext_lazy as _

from psdelivery.people.register import Setting, register_setting

ANSWER_DAYS = "scheduling.answer_days"
OFFERS_AT_MOST = "scheduling.offers_at_most"
OFFER_DAYS = "scheduling.offer_days"
SOFT_DAYS = "scheduling.soft_days"
SOFT_WARNING_DAYS = "scheduling.soft_warning_days"
BEFORE_MINUTES = "scheduling.before_minutes"
AFTER_MINUTES = "scheduling.after_minutes"
TRAVEL_MINUTES = "scheduling.travel_minutes"
HORIZON_MONTHS = "scheduling.horizon_months"
UTILISATION_TARGET = "scheduling.utilisation_target"
NEAR_HOURS = "scheduling.near_hours"

SCHEDULING_SETTINGS = (
    Setting(
        key=ANSWER_DAYS,
        title=_("Resource requests are answered within"),
        help=_("Counted while coordination has the ball."),
        type="int",
        default=2,
        minimum=1,
        maximum=30,
        unit=_("business days"),
    ),
    Setting(
        key=OFFERS_AT_MOST,
        title=_("Alternatives offered at once"),
        help=_("Each holds its days until it is decided."),
        type="int",
        default=3,
        minimum=1,
        maximum=10,
    ),
    Setting(
        key=OFFER_DAYS,
        title=_("An offer ends after"),
        help=_("Then its days are free and the request is under review again."),
        type="int",
        default=2,
        minimum=1,
        maximum=30,
        unit=_("business days"),
    ),
    Setting(
        key=SOFT_DAYS,
        title=_("A soft hold ends after"),
        help=_("Unless it is extended with a reason or made hard."),
        type="int",
        default=14,
        minimum=1,
        maximum=365,
        unit=_("days"),
    ),
    Setting(
        key=SOFT_WARNING_DAYS,
        title=_("Warning before a soft hold ends"),
        help=_("To whoever asked for it."),
        type="int",
        default=3,
        minimum=0,
        maximum=60,
        unit=_("days"),
    ),
    Setting(
        key=BEFORE_MINUTES,
        title=_("Kept free before a session or meeting"),
        help=_("For the person and for the host account."),
        type="int",
        default=30,
        minimum=0,
        maximum=480,
        unit=_("minutes"),
    ),
    Setting(
        key=AFTER_MINUTES,
        title=_("Kept free after a session or meeting"),
        help=_("For the person and for the host account."),
        type="int",
        default=15,
        minimum=0,
        maximum=480,
        unit=_("minutes"),
    ),
    Setting(
        key=TRAVEL_MINUTES,
        title=_("Kept free for travel"),
        help=_("Before and after what is held on site."),
        type="int",
        default=120,
        minimum=0,
        maximum=1440,
        unit=_("minutes"),
    ),
    Setting(
        key=HORIZON_MONTHS,
        title=_("Capacity is known for"),
        help=_("How far ahead the board and the search for people look."),
        type="int",
        default=18,
        minimum=3,
        maximum=60,
        unit=_("months"),
    ),
    Setting(
        key=UTILISATION_TARGET,
        title=_("Utilisation target"),
        help=_("Hours booked hard, of the capacity."),
        type="int",
        default=70,
        minimum=1,
        maximum=100,
        unit=_("%"),
    ),
    Setting(
        key=NEAR_HOURS,
        title=_("Changes are mailed within"),
        help=_("What changes nearer than this goes out at once, not only in feeds."),
        type="int",
        default=48,
        minimum=0,
        maximum=336,
        unit=_("hours"),
    ),
)


def register_scheduling_settings() -> None:
    """Enter the settings of the schedule in the register."""
    for setting in SCHEDULING_SETTINGS:
        register_setting(setting)
