from django.utils.translation import gettext_lazy as _

from psdelivery.people.register import Setting, register_setting

SILENCE_MINUTES = "operations.silence_minutes"

OPERATIONS_SETTINGS = (
    Setting(
        key=SILENCE_MINUTES,
        title=_("Silence before the alarm"),
        help=_(
            "When reminders or mail have not been looked for this long, administrators "
            "see a banner and the health check fails."
        ),
        type="int",
        default=15,
        minimum=2,
        maximum=1440,
        unit=_("minutes"),
    ),
)


def register_operations_settings() -> None:
    """Enter what managers may set about the running of the portal."""
    for setting in OPERATIONS_SETTINGS:
        register_setting(setting)
