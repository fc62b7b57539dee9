"""What reports on health enter in the registers of the other places."""

from django.utils.translation import gettext_lazy as _

from engagements.execution.choices import Health
from engagements.execution.health_links import register_health_links
from engagements.execution.health_mail import register_health_mail
from engagements.execution.health_page import register_health_panel
from engagements.execution.health_personal_data import register_health_data
from engagements.execution.rules.health import COLOURS
from psdelivery.history.verbs import register_field, register_verb

VERBS = {"health-reported": _("reported health and status")}
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
    for key, words in VERBS.items():
        register_verb(key, words)
    values = {one.value: one.label for one in Health}
    for name in COLOURS:
        register_field(name, WORDS[name], values)
