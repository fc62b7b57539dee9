"""What reports on health enter in the registers of the other places."""

from django.utils.translation import gettext_lazy as _

from engagements.execution.choices import Health, Renewal
from engagements.execution.dedicated_mail import register_dedicated_mail
from engagements.execution.dedicated_page import register_dedicated_panel
from engagements.execution.health_links import register_health_links
from engagements.execution.health_mail import register_health_mail
from engagements.execution.health_page import register_health_panel
from engagements.execution.health_personal_data import register_health_data
from engagements.execution.rules.health import COLOURS
from psdelivery.history.verbs import register_field, register_verb

VERBS = {
    "health-reported": _("reported health and status"),
    "goals-agreed": _("agreed the goals of the month"),
    "week-summarised": _("summarised the week"),
    "hours-reviewed": _("reviewed the hours of the month"),
    "renewal-decided": _("decided on the renewal"),
}
WORDS = {
    "overall": _("overall"),
    "schedule": _("schedule"),
    "scope": _("scope"),
    "budget": _("budget"),
    "client": _("client"),
}


def register_health() -> None:
    """Enter the tab, the words of the history, and the links of steps."""
    register_health_panel()
    register_health_links()
    register_health_data()
    register_health_mail()
    register_dedicated_panel()
    register_dedicated_mail()
    for key, words in VERBS.items():
        register_verb(key, words)
    values = {one.value: one.label for one in Health}
    for name in COLOURS:
        register_field(name, WORDS[name], values)
    register_field("goals", _("goals"))
    register_field("planned", _("planned hours"))
    register_field("actual", _("worked hours"))
    decisions = {one.value: one.label for one in Renewal}
    register_field("renewal", _("renewal"), decisions)
