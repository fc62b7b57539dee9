"""What managers may set about actual hours (domain.md, sections 3 and 4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from psdelivery.people.register import Setting, register_setting
from scheduling.choices import HoursSource

SOURCE = "hours.source"
WEEK_ENDS_ON = "hours.week_ends_on"
APPROVE_ON = "hours.approve_on"
APPROVE_AT = "hours.approve_at"

# Monday is 0, as `date.weekday` has it.
DAYS_OF_WEEK = tuple((str(number), name) for number, name in WEEKDAYS.items())

HOURS_SETTINGS = (
    Setting(
        key=SOURCE,
        title=_("Actual hours are"),
        help=_(
            "Imported: nobody confirms a week in the portal, and nobody is reminded. "
            "Open steps of weeks are cancelled with the change."
        ),
        type="choice",
        default=HoursSource.PORTAL.value,
        choices=HoursSource.choices,
    ),
    Setting(
        key=WEEK_ENDS_ON,
        title=_("The week of actual hours ends on"),
        help=_("By the end of this day everybody confirms the own hours."),
        type="choice",
        default="4",
        choices=DAYS_OF_WEEK,
    ),
    Setting(
        key=APPROVE_ON,
        title=_("Hours are approved by the next"),
        help=_("In the approver's zone; on a day off by the next working day."),
        type="choice",
        default="0",
        choices=DAYS_OF_WEEK,
    ),
    Setting(
        key=APPROVE_AT,
        title=_("Hours are approved by"),
        help=_("The hour of that day."),
        type="int",
        default=12,
        minimum=0,
        maximum=23,
        unit=_("o'clock"),
    ),
)


@dataclass(frozen=True)
class HoursSettings:
    """How actual hours come about: weekdays with Monday as 0, the hour of a day."""

    is_imported: bool
    week_ends_on: int
    approve_on: int
    approve_at: int


def hours_settings(portal: Mapping[str, Any]) -> HoursSettings:
    """Return what the settings of the portal say of actual hours."""
    return HoursSettings(
        is_imported=portal[SOURCE] == HoursSource.IMPORTED,
        week_ends_on=int(portal[WEEK_ENDS_ON]),
        approve_on=int(portal[APPROVE_ON]),
        approve_at=portal[APPROVE_AT],
    )


def register_hours_settings() -> None:
    """Enter the settings of actual hours in the register."""
    for setting in HOURS_SETTINGS:
        register_setting(setting)
