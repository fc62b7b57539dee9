"""What managers may set about moves of dates."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from psdelivery.people.register import PortalSettings, Setting, register_setting

UNDO_MINUTES = "moves.undo_minutes"
URGENT_HOURS = "moves.urgent_hours"

PLAYBOOK_SETTINGS = (
    Setting(
        key=UNDO_MINUTES,
        title=_("A move of dates can be undone for"),
        help=_("Mail that a move causes waits that long."),
        type="int",
        default=10,
        minimum=0,
        maximum=120,
        unit=_("minutes"),
    ),
    Setting(
        key=URGENT_HOURS,
        title=_("Mail does not wait when the event is within"),
        help=_("A date moved at the last moment is told at once."),
        type="int",
        default=48,
        minimum=0,
        maximum=720,
        unit=_("hours"),
    ),
)


def undo_window(settings: PortalSettings, now: datetime) -> datetime:
    """R-20: return until when a move made now can be undone."""
    return now + timedelta(minutes=settings[UNDO_MINUTES])


def register_playbook_settings() -> None:
    """Enter the settings of the playbook engine in the register."""
    for setting in PLAYBOOK_SETTINGS:
        register_setting(setting)
