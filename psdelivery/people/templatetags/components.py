"""The portal's user interface components, each with its declared inputs.

They live in `people` because it is the lowest app, so every page may load them.
What repeats in long lists (icon, badges, person) is built without a template:
a page of a hundred rows would otherwise render five hundred small templates.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
)
from django.http import QueryDict
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.people.cures import within_reach
from psdelivery.people.icons import drawn
from psdelivery.people.notices import link_url_of, undo_url_of

register = template.Library()

AVATAR_COLOURS = 6

KINDS = {
    "training": gettext_lazy("Training"),
    "consulting": gettext_lazy("Consulting"),
    "blended": gettext_lazy("Blended"),
    "dedicated": gettext_lazy("Dedicated engineer"),
    "internal": gettext_lazy("Internal"),
}

# What a status means at a glance. A status that is not here is neutral.
TONES = {
    "info": ("prospect", "in_setup", "ready", "sending", "submitted", "planned"),
    "good": ("okay_to_start", "active", "sent", "accepted", "passed", "confirmed"),
    "warn": ("on_hold", "backlog", "needs_look", "stale", "at_risk", "soon"),
    "bad": ("failed", "refused", "late", "overdue", "blocked"),
    "done": ("closed", "completed", "done", "released", "kept", "held"),
}
STATUS_TONES = {status: tone for tone, known in TONES.items() for status in known}

HEALTH = {
    "green": ("good", "check-circle-fill", gettext_lazy("Green")),
    "yellow": ("warn", "exclamation-triangle", gettext_lazy("Yellow")),
    "red": ("bad", "x-circle", gettext_lazy("Red")),
}

NOTICE_ICONS = {
    "info": "info-circle",
    "good": "check-circle",
    "warn": "exclamation-triangle",
    "bad": "exclamation-circle",
}
# The level tags of Django's messages as tones.
MESSAGE_TONES = {"success": "good", "warning": "warn", "error": "bad"}


@register.simple_tag(name="icon")
def icon_svg(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite; `label` is read aloud where the icon stands alone."""
    # Escaped here: equal texts, one of them marked as safe, are the same to a cache.
    return drawn(name, conditional_escape(label), css)


@register.simple_tag
def nav_links(links: Iterable[Any]) -> SafeString:
    """The entries of a navigation, each with its icon and its word."""
    return format_html_join(
        "",
        '<a class="nav-link-item" href="{}"{}>{}{}</a>',
        (
            (
                link.url,
                format_html(' aria-current="{}"', link.current) if link.current else "",
                icon_svg(link.icon),
                link.label,
            )
            for link in links
        ),
    )


@register.simple_tag
def badge(text: str, tone: str = "neutral", icon: str = "") -> SafeString:
    """A small label with a tone: neutral, info, good, warn, bad or done."""
    return format_html(
        '<span class="badge-tone tone-bg-{}">{}{}</span>',
        tone,
        icon_svg(icon) if icon else "",
        text,
    )


@register.simple_tag
def badge_kind(kind: str, label: str = "") -> SafeString:
    """The kind of an engagement in its customary colour, always with its word."""
    return format_html(
        '<span class="badge-kind kind-{}">{}</span>',
        kind,
        label or KINDS.get(str(kind), kind),
    )


@register.simple_tag
def badge_status(value: str, label: str = "", tone: str = "") -> SafeString:
    """A status with its word; the tone follows from the value unless it is given."""
    words = label or getattr(value, "label", "") or _humanised(value)
    return format_html(
        '<span class="badge-status tone-{}">{}</span>',
        tone or STATUS_TONES.get(str(value), "neutral"),
        words,
    )


@register.simple_tag
def health(value: str, label: str = "") -> SafeString:
    """Health as icon and word; nothing reported yet is told as such."""
    if value not in HEALTH:
        return format_html('<span class="quiet">{}</span>', label or _("No report"))
    tone, icon_name, words = HEALTH[value]
    return format_html(
        '<span class="health tone-{}">{} {}</span>',
        tone,
        icon_svg(icon_name),
        label or words,
    )


@register.simple_tag
def person(user: Any, url: str = "", empty: str = "") -> SafeString:
    """A person with initials; nobody is said in words."""
    if not user:
        return format_html('<span class="quiet">{}</span>', empty or _("Nobody yet"))
    name = getattr(user, "display_name", "") or str(user)
    shown = format_html(
        '<span class="avatar avatar-{}" aria-hidden="true">{}</span>'
        '<span class="person-name">{}</span>',
        (getattr(user, "pk", None) or 0) % AVATAR_COLOURS,
        initials_of(name),
        name,
    )
    if url:
        return format_html('<a class="person" href="{}">{}</a>', url, shown)
    return format_html('<span class="person">{}</span>', shown)


def initials_of(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = name.split()
    letters = [word[0] for word in (words[:1] + words[1:][-1:])]
    return "".join(letters).upper()


@register.inclusion_tag("components/stat.html")
def stat(
    number: Any, label: str, url: str = "", tone: str = "", hint: str = ""
) -> dict[str, Any]:
    """A number that opens the list behind it; nothing to count is no alarm."""
    return {
        "number": number,
        "label": label,
        "url": url,
        "tone": tone if number else "",
        "hint": hint,
    }


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    title: str,
    text: str = "",
    action_url: str = "",
    action_label: str = "",
    icon: str = "inbox",
) -> dict[str, str]:
    """What this list is, what to do first, one button."""
    return {
        "title": title,
        "text": text,
        "action_url": action_url,
        "action_label": action_label,
        "icon_name": icon,
    }


@register.inclusion_tag("components/copy_block.html")
def copy_block(key: str, title: str, text: str) -> dict[str, Any]:
    """A text for another program: one button copies it; without script it is marked."""
    return {"key": key, "title": title, "text": text, "rows": text.count("\n") + 1}


@register.inclusion_tag("components/reasons.html", takes_context=True)
def reasons(context: Context, found: Iterable[Any], title: str = "") -> dict[str, Any]:
    """Reasons against something: each a sentence, with a link to its cure.

    The link is for who may open the page that it leads to.
    """
    user = getattr(getattr(context, "request", None), "user", None)
    named = list(found or ())
    return {"reasons": within_reach(named, user) if user else named, "title": title}


@register.inclusion_tag("components/phase_bar.html")
def phase_bar(phases: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Phases in their order: done, current or coming, in words and in colour."""
    marks = [_phase_mark(phase) for phase in phases]
    current = next(
        (n for n, mark in enumerate(marks, 1) if mark["state"] == "current"), 0
    )
    return {
        "marks": marks,
        "label": label or _("Phases"),
        "current_number": current,
        "has_notes": any(mark["note"] for mark in marks),
    }


def _phase_mark(phase: Any) -> dict[str, Any]:
    names = ("title", "state", "url", "note")
    if isinstance(phase, Mapping):
        return {name: phase.get(name, "") for name in names}
    return {name: getattr(phase, name, "") for name in names}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(
    context: Context, page: Page[Any], param: str = "page"
) -> dict[str, Any]:
    """Links to the neighbouring pages, with all filters of the address kept."""

    def query(number: int) -> str:
        params: QueryDict = context["request"].GET.copy()
        params[param] = str(number)
        return params.urlencode()

    return {
        "page": page,
        "previous_query": query(page.number - 1),
        "next_query": query(page.number + 1),
    }


@register.simple_tag(takes_context=True)
def sort_link(context: Context, field: str, label: str) -> SafeString:
    """A column's heading that sorts by it, and backwards when it already does."""
    query = context["request"].GET.copy()
    current = query.get("sort", "")
    query["sort"] = f"-{field}" if current == field else field
    query.pop("page", None)
    words, icon_name = _sort_state(current, field)
    return format_html(
        '<a class="sort-link" href="?{}">{}{}<span class="visually-hidden">{}</span>'
        "</a>",
        query.urlencode(),
        label,
        icon_svg(icon_name) if icon_name else "",
        words,
    )


def _sort_state(current: str, field: str) -> tuple[str, str]:
    if current == field:
        return _(", sorted upwards; sort downwards"), "chevron-up"
    if current == f"-{field}":
        return _(", sorted downwards; sort upwards"), "chevron-down"
    return _(", sort"), ""


@register.inclusion_tag("components/filter_form.html", takes_context=True)
def filter_form(context: Context, form: Any, target: str = "") -> dict[str, Any]:
    """A form whose answers stand in the address, in one row."""
    request = context["request"]
    kept = {name for name in ("sort",) if request.GET.get(name)}
    return {
        "fields": [(field, _styled(field)) for field in form],
        "target": target,
        "path": request.path,
        "hidden": [(name, request.GET[name]) for name in sorted(kept)],
        "is_filtered": any(request.GET.get(field.html_name) for field in form),
    }


def _styled(field: BoundField) -> SafeString:
    """A filter's control with the look of its kind."""
    widget = field.field.widget
    css = "form-control"
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        css = "form-check-input"
    elif isinstance(widget, Select):
        css = "form-select"
    return field.as_widget(attrs={"class": css})


@register.simple_block_tag
def card(
    content: str,
    title: str = "",
    subtitle: str = "",
    id: str = "",
    action_url: str = "",
    action_label: str = "",
    tone: str = "",
    flush: bool = False,
) -> str:
    """A quiet box with a heading; `flush` lets tables and rows touch its edges."""
    inputs = {
        "title": title,
        "subtitle": subtitle,
        "id": id,
        "action_url": action_url,
        "action_label": action_label,
        "tone": tone,
        "flush": flush,
    }
    return render_to_string("components/card.html", {"content": content} | inputs)


@register.simple_block_tag
def page_header(
    content: str, title: str = "", subtitle: str = "", eyebrow: str = ""
) -> str:
    """The heading of a page with its buttons at the right."""
    inputs = {"title": title, "subtitle": subtitle, "eyebrow": eyebrow}
    return render_to_string(
        "components/page_header.html", {"actions": content} | inputs
    )


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "", icon: str = "") -> str:
    """A banner inside the page: the gate, work at risk, mail that is kept here."""
    return render_to_string(
        "components/notice.html",
        {
            "content": content,
            "tone": tone,
            "title": title,
            "icon_name": icon or NOTICE_ICONS.get(tone, "info-circle"),
        },
    )


@register.simple_block_tag
def fact(content: str, label: str) -> SafeString:
    """One row of a list of facts; nothing to tell is shown as a dash."""
    shown = content if content.strip() else SafeString('<span class="quiet">–</span>')
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, shown)


@register.filter
def message_tone(message: Any) -> str:
    """The tone of one of Django's messages."""
    return MESSAGE_TONES.get(message.level_tag, "info")


@register.filter
def message_icon(message: Any) -> str:
    """The icon of one of Django's messages."""
    return NOTICE_ICONS[message_tone(message)]


@register.filter
def message_undo(message: Any) -> str:
    """Where the undo button of a message posts to; empty without one."""
    return undo_url_of(message.extra_tags)


@register.filter
def message_link(message: Any) -> str:
    """Where a message leads to; empty where it only tells."""
    return link_url_of(message.extra_tags)


def _humanised(value: str) -> str:
    return str(value).replace("_", " ").capitalize()
