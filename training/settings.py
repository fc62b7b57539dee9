"""The settings of training that a manager may change."""

from django.utils.translation import gettext_lazy as _

from psdelivery.people.register import Setting, register_setting
from training.services.submissions import MARK_SETTING

SETTINGS = (
    Setting(
        key=MARK_SETTING,
        title=_("Pass mark of the certification"),
        help=_("A result below it is not released as passed, nor the other way round."),
        type="int",
        default=80,
        minimum=1,
        maximum=100,
        unit="%",
    ),
)


def register_settings() -> None:
    """Enter the settings of training in the register."""
    for setting in SETTINGS:
        register_setting(setting)
