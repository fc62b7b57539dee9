"""The settings of training that a manager may change."""

from django.utils.translation import gettext_lazy as _

from psdelivery.people.register import Setting, register_setting
from training.labs_queries import CODE_DAYS, REVIEW_DAYS, SUBMISSION_DAYS
from training.reviewers import MINUTES_SETTING
from training.roster_queries import PRESENT_MINUTES, REPORT_MEGABYTES
from training.services.checklists import INDEPENDENT_SETTING
from training.services.proposals import ANSWER_DAYS
from training.services.submissions import MARK_SETTING
from training.services.trainer_bookings import TRAVEL_HOURS

SETTINGS = (
    Setting(
        key=ANSWER_DAYS,
        title=_("Proposed dates are held for"),
        help=_("Counted from their sending, on the customer's calendar."),
        type="int",
        default=5,
        minimum=1,
        maximum=60,
        unit=_("business days"),
    ),
    Setting(
        key=TRAVEL_HOURS,
        title=_("A day of travel to a class takes"),
        help=_("Booked for the trainer before and after a class on site."),
        type="int",
        default=4,
        minimum=1,
        maximum=12,
        unit=_("hours"),
    ),
    Setting(
        key=MARK_SETTING,
        title=_("Pass mark of the certification"),
        help=_("Of the points of the rubric; the result follows from it."),
        type="int",
        default=80,
        minimum=1,
        maximum=100,
        unit="%",
    ),
    Setting(
        key=PRESENT_MINUTES,
        title=_("Minutes from which somebody counts as present"),
        help=_("Whoever was in a session for less counts as a no-show there."),
        type="int",
        default=10,
        minimum=1,
        maximum=480,
        unit=_("min"),
    ),
    Setting(
        key=REPORT_MEGABYTES,
        title=_("Largest report of attendees"),
        help=_("Larger files are refused before they are read."),
        type="int",
        default=5,
        minimum=1,
        maximum=50,
        unit=_("MB"),
    ),
    Setting(
        key=CODE_DAYS,
        title=_("Life of a lab code"),
        help=_(
            "Times 24 hours from its generation: as long it can be redeemed, and as "
            "long the accounts live that are made from it."
        ),
        type="int",
        default=7,
        minimum=1,
        maximum=90,
        unit=_("days"),
    ),
    Setting(
        key=SUBMISSION_DAYS,
        title=_("Time to hand in work for the certification"),
        help=_("Days after the last session, until the end of the last of them."),
        type="int",
        default=14,
        minimum=1,
        maximum=90,
        unit=_("days"),
    ),
    Setting(
        key=REVIEW_DAYS,
        title=_("Labs are kept for the review"),
        help=_(
            "Times 24 hours after the last moment to hand in: work is looked at in the "
            "labs. By when a review is due stands in the playbook."
        ),
        type="int",
        default=7,
        minimum=0,
        maximum=90,
        unit=_("days"),
    ),
    Setting(
        key=MINUTES_SETTING,
        title=_("Time that the review of a certification takes"),
        help=_("Decides who has the hours for one more, and which will be late."),
        type="int",
        default=45,
        minimum=5,
        maximum=480,
        unit=_("minutes"),
    ),
    Setting(
        key=INDEPENDENT_SETTING,
        title=_("Certifications are reviewed independently"),
        help=_("Never by the trainer of the class."),
        type="bool",
        default=False,
    ),
)


def register_settings() -> None:
    """Enter the settings of training in the register."""
    for setting in SETTINGS:
        register_setting(setting)
