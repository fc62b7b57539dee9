"""The settings of the company itself."""

from django.utils.translation import gettext_lazy as _

from psdelivery.people.register import Setting, register_setting

COMPANY_SETTINGS = (
    Setting(
        key="company.zone",
        title=_("Time zone of the company"),
        help=_("Deadlines on the company's calendar are counted in this zone."),
        type="zone",
        default="Europe/Berlin",
    ),
    Setting(
        key="company.country",
        title=_("Country of the company"),
        help=_("Decides weekends and public holidays of the company's calendar."),
        type="country",
        default="DE",
    ),
    Setting(
        key="company.subdivision",
        title=_("State or province of the company"),
        help=_("Short code, such as BE for Berlin; empty: national holidays only."),
        type="str",
        default="",
        maximum=10,
    ),
    Setting(
        key="log-in.second-factor-roles",
        title=_("Roles that need a second factor"),
        help=_("Who holds one of them sets it up at the next log-in."),
        type="roles",
        default=[],
    ),
    Setting(
        key="reminders.hour",
        title=_("Hour at which reminders leave"),
        help=_("In the zone of the person who is reminded."),
        type="int",
        default=8,
        minimum=0,
        maximum=23,
        unit=_("o'clock"),
    ),
)


def register_company_settings() -> None:
    """Enter the settings of the company in the register."""
    for setting in COMPANY_SETTINGS:
        register_setting(setting)
