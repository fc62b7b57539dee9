"""How the controls of forms become HTML.

Django renders every control, every option and every attribute list with a template of
its own: the filters of one list are a hundred small templates. The plain controls are
written here directly, with the same result; all others keep their templates.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

FOLDER = "django/forms/widgets"
OPTION = f"{FOLDER}/select_option.html"
INPUTS = (
    "checkbox", "color", "date", "datetime", "email", "file", "hidden", "number",
    "password", "search", "tel", "text", "time", "url",
)  # fmt: skip

Widget = Mapping[str, Any]


def shown(value: Any) -> str:
    """Return a value as a template shows it."""
    return conditional_escape(localize(value))


def written(value: Any) -> str:
    """Return a value as an attribute keeps it: never in the reader's own numbers."""
    return conditional_escape(value if isinstance(value, str) else str(value))


def attributes(widget: Widget) -> str:
    """Return the attributes of a control, each with a space before it."""
    return "".join(
        f" {name}" if value is True else f' {name}="{written(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def input_control(widget: Widget) -> str | None:
    """Return an `<input>`; None for one inside its label, which has a template."""
    if widget.get("wrap_label"):
        return None
    value = widget.get("value")
    kept = "" if value is None else f' value="{written(value)}"'
    name = written(widget["name"])
    return f'<input type="{widget["type"]}" name="{name}"{kept}{attributes(widget)}>'


def textarea(widget: Widget) -> str:
    """Return a `<textarea>`; the line break belongs to the tag, not to the text."""
    text = shown(widget["value"]) if widget["value"] else ""
    name = written(widget["name"])
    return f'<textarea name="{name}"{attributes(widget)}>\n{text}</textarea>'


def select(widget: Widget) -> str | None:
    """Return a `<select>`; None where an option has a template of its own."""
    groups = [(name, options) for name, options, _place in widget["optgroups"]]
    if any(one["template_name"] != OPTION for _name, many in groups for one in many):
        return None
    inner = "".join(option_group(name, options) for name, options in groups)
    name = written(widget["name"])
    return f'<select name="{name}"{attributes(widget)}>{inner}\n</select>'


def option_group(name: Any, options: list[Widget]) -> str:
    """Return some options, under a name if they have one."""
    inner = "".join(f"\n  {option(one)}" for one in options)
    if not name:
        return inner
    return f'\n  <optgroup label="{shown(name)}">{inner}\n  </optgroup>'


def option(widget: Widget) -> str:
    """Return one `<option>`."""
    value = written(widget["value"])
    return (
        f'<option value="{value}"{attributes(widget)}>{shown(widget["label"])}</option>'
    )


WRITERS: dict[str, Callable[[Widget], str | None]] = {
    **{f"{FOLDER}/{name}.html": input_control for name in INPUTS},
    f"{FOLDER}/checkbox_option.html": input_control,
    f"{FOLDER}/radio_option.html": input_control,
    f"{FOLDER}/select.html": select,
    f"{FOLDER}/textarea.html": textarea,
}


class FormRenderer(DjangoTemplates):
    """Django's renderer of forms, with the plain controls written directly."""

    def render(
        self,
        template_name: str,
        context: dict[str, Any],
        request: HttpRequest | None = None,
    ) -> SafeString:
        """Return the HTML of a control or of a form."""
        writer = WRITERS.get(template_name)
        written_out = writer(context["widget"]) if writer else None
        if written_out is None:
            return SafeString(super().render(template_name, context, request))
        return SafeString(written_out)
