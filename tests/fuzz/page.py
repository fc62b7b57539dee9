"""A page as a browser reads it: its forms with what stands in them, and its text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

BUTTONS = {"submit", "button", "reset", "image"}
TICKS = {"checkbox", "radio"}
SPARE = {"script", "style"}


@dataclass
class Control:
    """One name of a form: its kind, what it holds, and what may be chosen."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    longest: int | None = None
    is_disabled: bool = False


@dataclass
class Form:
    action: str
    controls: dict[str, Control] = field(default_factory=dict)

    def control(self, name, kind, longest=None):
        return self.controls.setdefault(name, Control(name, kind, longest=longest))

    @property
    def body(self):
        """What a browser would send, pressing the button."""
        return {
            name: list(one.values)
            for name, one in self.controls.items()
            if not one.is_disabled
        }


class Page(HTMLParser):
    """Forms and visible text of some HTML."""

    def __init__(self, html):
        super().__init__()
        self.forms: list[Form] = []
        self._text: list[str] = []
        self._area: Control | None = None
        self._select: Control | None = None
        self._is_in_form = self._is_spare = False
        self.feed(html)
        self.close()

    @property
    def text(self):
        return " ".join("".join(self._text).split())

    def form_to(self, path, *, own):
        """The form that posts to the path; `own` says that this page is the path."""
        posts = [form for form in self.forms if "csrfmiddlewaretoken" in form.controls]
        for form in posts:
            action = form.action.partition("?")[0]
            if action == path or (own and not action):
                return form
        return None

    def handle_starttag(self, tag, attrs):
        known = {name: value or "" for name, value in attrs}
        if tag in SPARE:
            self._is_spare = True
        if tag == "form":
            self.forms.append(Form(known.get("action", "")))
            self._is_in_form = True
        elif self._is_in_form:
            self._control(tag, known, is_chosen=known.keys())
            if "disabled" in known and known.get("name") in self.forms[-1].controls:
                self.forms[-1].controls[known["name"]].is_disabled = True

    def _control(self, tag, known, is_chosen):
        form, name = self.forms[-1], known.get("name", "")
        longest = int(known["maxlength"]) if "maxlength" in known else None
        if tag == "input" and name:
            self._input(form, name, known, longest, "checked" in is_chosen)
        elif tag == "textarea" and name:
            self._area = form.control(name, "textarea", longest)
            self._area.values.append("")
        elif tag == "select" and name:
            self._select = form.control(name, "select")
            self._select.kind = "choices" if "multiple" in is_chosen else "select"
        elif tag == "option" and self._select is not None:
            self._select.offered.append(known.get("value", ""))
            if "selected" in is_chosen:
                self._select.values.append(known.get("value", ""))

    def _input(self, form, name, known, longest, is_checked):
        kind = known.get("type", "text")
        if kind in BUTTONS:
            return
        control = form.control(name, kind, longest)
        if kind in TICKS:
            control.offered.append(known.get("value", "on"))
            if is_checked:
                control.values.append(known.get("value", "on"))
        elif kind != "file":
            control.values.append(known.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self._is_in_form = False
        elif tag == "textarea":
            self._area = None
        elif tag == "select" and self._select is not None:
            select, self._select = self._select, None
            if select.kind == "select" and not select.values:
                # A browser shows the first one as chosen.
                select.values += select.offered[:1]
        elif tag in SPARE:
            self._is_spare = False

    def handle_data(self, data):
        if self._area is not None:
            # A line break right after the tag is not part of the text.
            is_first = not self._area.values[-1]
            self._area.values[-1] += data.removeprefix("\n") if is_first else data
        elif not self._is_spare:
            self._text.append(data)
