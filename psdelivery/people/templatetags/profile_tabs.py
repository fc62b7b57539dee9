"""The tabs of the pages about oneself."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from psdelivery.people.context_processors import may_open

register = template.Library()

TABS: tuple[tuple[str, str | Promise], ...] = (
    ("people:profile", _("Profile")),
    ("people:my-time-off", _("Time off")),
    ("people:my-hours", _("Working hours")),
    ("people:my-skills", _("Skills")),
    ("training:my-teaching", _("Teaching")),
    ("people:notifications", _("Notifications")),
    ("mfa_index", _("Security")),
)


@dataclass(frozen=True)
class Tab:
    label: str | Promise
    url: str
    is_current: bool


@register.inclusion_tag("people/partials/_profile_tabs.html", takes_context=True)
def profile_tabs(context: dict[str, Any]) -> dict[str, Any]:
    """Show the tabs that the access table lets this person open."""
    request = context["request"]
    shown = request.resolver_match.view_name if request.resolver_match else ""
    tabs = [
        Tab(label, reverse(name), name == shown)
        for name, label in TABS
        if may_open(request.user, name)
    ]
    return {"tabs": tabs}
