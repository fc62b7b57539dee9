"""What every page shows around its content: the navigation that a person may use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from psdelivery import access


@dataclass(frozen=True)
class Place:
    """An entry of the navigation; `prefixes` are the view names that belong to it."""

    view_name: str
    label: str | Promise
    icon: str
    prefixes: tuple[str, ...] = ()

    @property
    def all_prefixes(self) -> tuple[str, ...]:
        return (self.view_name.removesuffix("-list"), *self.prefixes)


@dataclass(frozen=True)
class NavLink:
    """An entry as it is shown. `current` is the value of aria-current, or empty."""

    label: str | Promise
    icon: str
    url: str
    current: str


MAIN = (
    Place("dashboards:my-day", _("My day"), "house",
          ("dashboards:step", "playbooks:step")),
    Place("engagements:engagement-list", _("Engagements"), "briefcase",
          ("engagements:", "execution:")),
    Place("scheduling:board", _("Board"), "calendar-range"),
    Place("scheduling:request-list", _("Requests"), "inbox",
          ("scheduling:request", "scheduling:allocation", "scheduling:soft-hold",
           "scheduling:offer")),
    Place("training:delivery-list", _("Training"), "mortarboard", ("training:",)),
    Place("dashboards:portfolio", _("Portfolio"), "graph-up"),
    Place("outbox:message-list", _("Outbox"), "mailbox", ("outbox:",)),
)  # fmt: skip
REGISTERS = (
    Place("people:customer-list", _("Customers"), "building", ("people:contact",)),
    Place("people:person-list", _("People"), "people"),
    Place("people:time-off-list", _("Time off"), "calendar-x", ("people:time-off",)),
    Place("scheduling:hours-list", _("Worked hours"), "clock-history",
          ("scheduling:hours-", "scheduling:engagement-hours")),
    Place("people:skill-matrix", _("Skills"), "award", ("people:skill",)),
    Place("scheduling:conflict-list", _("Conflicts"), "exclamation-triangle"),
    Place("scheduling:host-list", _("Host accounts"), "laptop"),
    Place("engagements:offering-list", _("Offerings"), "tag"),
    Place("execution:question-set-list", _("Question sets"), "question-circle"),
    Place("training:course-list", _("Courses"), "journal-text", ("training:course",)),
    Place("training:coverage", _("Coverage"), "mortarboard",
          ("training:certification", "training:trainer", "training:my-teaching")),
    Place("playbooks:playbook-list", _("Playbooks"), "card-checklist", ("playbooks:",)),
    Place("outbox:template-list", _("Mail templates"), "envelope-paper"),
    Place("people:setting-list", _("Settings"), "sliders"),
    Place("admin:index", _("Administration"), "wrench"),
)  # fmt: skip


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The links of the header: only what the access table lets this person open.

    Lazy, because fragments and files are answered without a header. `here` is the
    address of the page: forms in rows lead back to it.
    """
    return {
        "here": request.get_full_path(),
        "nav": SimpleLazyObject(_links_of(MAIN, request)),
        "nav_registers": SimpleLazyObject(_links_of(REGISTERS, request)),
        "may_enter_time_off": SimpleLazyObject(
            lambda: may_open(request.user, "people:my-time-off")
        ),
        "may_tell_hours": SimpleLazyObject(
            lambda: may_open(request.user, "scheduling:hours-week-list")
        ),
    }


def _links_of(
    places: tuple[Place, ...], request: HttpRequest
) -> Callable[[], list[NavLink]]:
    def build() -> list[NavLink]:
        return [
            NavLink(place.label, place.icon, url, _current(place, request))
            for place in places
            if may_open(request.user, place.view_name)
            and (url := _address(place.view_name))
        ]

    return build


def may_open(user: Any, view_name: str) -> bool:
    """Whether the access table gives this person the page at all."""
    needed = access.needed_for(view_name)
    if needed is None or not user.is_authenticated:
        return False
    if isinstance(needed, access.Door):
        return True
    return access.scope_for(user.role_set, needed) > access.Scope.NONE


def _current(place: Place, request: HttpRequest) -> str:
    """`page` on the page itself, `true` on those that belong to it."""
    match = getattr(request, "resolver_match", None)
    shown = match.view_name if match else ""
    if shown == place.view_name:
        return "page"
    return "true" if place is _place_of(shown) else ""


def _place_of(view_name: str) -> Place | None:
    """The entry with the longest prefix, so that registers win over their app."""
    found = [
        (len(prefix), place)
        for place in MAIN + REGISTERS
        for prefix in place.all_prefixes
        if view_name.startswith(prefix)
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _address(view_name: str) -> str:
    # A page that is not mounted must not take down every other page with it.
    try:
        return reverse(view_name)
    except NoReverseMatch:
        return ""
