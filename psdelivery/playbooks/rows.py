"""The parts of a step's row, built without a template for each.

Lists have hundreds of rows, and most of the time that they take goes into looking up
names in templates: so what every row has is put together here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from psdelivery.people.addresses import address_of
from psdelivery.people.moments import SHORT_DAY, dated
from psdelivery.people.templatetags.components import (
    badge,
    badge_kind,
    icon_svg,
    person,
)
from psdelivery.people.templatetags.moments import ago, due_short
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.ball import ball_of
from psdelivery.playbooks.words import awaited_words

NOTHING = SafeString("")


@dataclass(frozen=True)
class StepRow:
    """A step as its row shows it; `told` reads what the page says of all its rows."""

    step: Step
    told: Callable[[str], Any]

    @property
    def tick(self) -> SafeString:
        """The button that ticks with one click, or the mark of what is done."""
        if self.step.tick_way == "click":
            return self._tick_form()
        if self.step.state != StepState.DONE:
            return NOTHING
        return format_html(
            '<span class="row-tick"><span class="tick tick-done">{}</span></span>',
            icon_svg("check-circle-fill", label=_("Done")),
        )

    def _tick_form(self) -> SafeString:
        url = self.step.tick_url
        return format_html(
            '<form class="row-tick" method="post" action="{}" hx-post="{}"'
            ' hx-target="#step-{}" hx-swap="outerHTML">'
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<input type="hidden" name="next" value="{}">'
            '<button class="tick" data-row-tick>{}</button></form>',
            url,
            url,
            self.step.pk,
            self.told("csrf_token") or "",
            self.told("here") or "",
            icon_svg("check", label=_("Tick: %(title)s") % {"title": self.step.title}),
        )

    @property
    def about(self) -> SafeString:
        """What the step belongs to, as far as the page does not say it."""
        step = self.step
        parts: list[tuple[SafeString]] = []
        if step.engagement is not None and not self.told("hide_engagement"):
            parts.append((self._engagement(),))
        is_of_part = step.checklist.parent_id or not step.engagement_id
        if is_of_part and not self.told("hide_checklist"):
            parts.append((format_html("<span>{}</span>", step.checklist.title),))
        return format_html_join("\n", "{}", parts)

    def _engagement(self) -> SafeString:
        engagement: Any = self.step.engagement
        return format_html(
            '{} <a href="{}">{}</a>',
            badge_kind(engagement.kind),
            engagement.get_absolute_url(),
            engagement,
        )

    @property
    def marks(self) -> SafeString:
        """What is special about the step; most have nothing of it."""
        return format_html_join("\n", "{}", ((mark,) for mark in self._marks()))

    def _marks(self) -> Iterator[SafeString]:
        step = self.step
        if step.late_by_design:
            yield badge(_("late by design"), tone="warn", icon="clock")
        if waits := getattr(step, "open_blockers", 0):
            words = ngettext("waits for %(n)d step", "waits for %(n)d steps", waits)
            yield badge(words % {"n": waits}, icon="lock")
        if not step.is_open and step.state != StepState.DONE:
            yield badge(step.get_state_display())
        if step.evidence is not None:
            yield format_html(
                '<a href="{}" rel="noopener">{} {}</a>',
                step.evidence.get_absolute_url(),
                icon_svg("paperclip"),
                _("Evidence"),
            )
        if step.is_open:
            yield from self._marks_of_open()

    def _marks_of_open(self) -> Iterator[SafeString]:
        step, ball = self.step, ball_of(self.step)
        if step.snoozed_until:
            words = _("put off until %(day)s")
            day = dated(step.snoozed_until, SHORT_DAY)
            yield badge(words % {"day": day}, icon="clock")
        if step.pinned:
            yield badge(_("date set by hand"))
        if ball.is_elsewhere:
            words = _("ball with %(party)s") % {"party": ball.party.label}
            yield badge(words, tone="info")

    @property
    def later(self) -> SafeString:
        """The link that opens putting off and giving away, for who may tick it."""
        step = self.step
        if not (step.is_open and getattr(step, "may_tick", False)):
            return NOTHING
        return format_html(
            '<a href="{}#hand" hx-get="{}" hx-trigger="click once"'
            ' hx-target="#step-{}" hx-swap="beforeend">{}'
            '<span class="visually-hidden">: {}</span></a>',
            step.get_absolute_url(),
            address_of("playbooks:step-hand", step.pk),
            step.pk,
            _("Later or somebody else"),
            step.title,
        )

    @property
    def side(self) -> SafeString:
        """When it is due, or was done, and who has it."""
        return format_html("{}\n{}", self._when(), self._who())

    def _when(self) -> SafeString:
        step = self.step
        if not step.is_open:
            return ago(step.done_at) if step.done_at else NOTHING
        if step.due_at is not None:
            return due_short(step)
        words = _("waits for %(event)s") % {"event": awaited_words(step.anchor.key)}
        return format_html('<span class="quiet">{}</span>', words)

    def _who(self) -> SafeString:
        step, request = self.step, self.told("request")
        reader = getattr(request, "user", None)
        is_readers = reader is not None and step.assignee_id == reader.pk
        if self.told("own_list") and is_readers:
            return NOTHING
        if step.assignee_id is not None:
            return person(step.assignee)
        return format_html('<span class="quiet">{}</span>', step.pool)

    @property
    def mail(self) -> SafeString:
        """The way to the mail that does it, or asks for it."""
        if not (self.step.tick_way and self.step.has_mail):
            return NOTHING
        return self._button("#mail", icon_svg("envelope"), _("Mail"))

    @property
    def to_tick(self) -> SafeString:
        """The way to the form that asks for words, where the list does not hold it."""
        if not (self.step.tick_way == "words" and self.told("tick_on_page")):
            return NOTHING
        following = quote(str(self.told("here") or ""))
        return self._button(f"?next={following}#tick", icon_svg("check"), _("Tick"))

    def _button(self, rest: str, icon: SafeString, word: str) -> SafeString:
        return format_html(
            '<a class="btn btn-sm btn-outline-secondary" href="{}{}">{} {}'
            '<span class="visually-hidden">: {}</span></a>',
            self.step.get_absolute_url(),
            rest,
            icon,
            word,
            self.step.title,
        )

    @property
    def asks_words(self) -> bool:
        """Whether the row holds the form that asks for words."""
        return self.step.tick_way == "words" and not self.told("tick_on_page")

    @property
    def form(self) -> Any:
        """That form as it was refused, None before somebody tried.

        A page of filters calls its own form so too.
        """
        form = self.told("form")
        return form if form is not None and "note" in form.fields else None

    @property
    def has_errors(self) -> bool:
        """Whether what was typed into that form was refused."""
        return self.form is not None and bool(self.form.errors)

    @property
    def key(self) -> str:
        """The place of the row on its page."""
        return f"step-{self.step.pk}"

    @property
    def reasons(self) -> Any:
        """What stands against the tick that was tried just now."""
        return self.told("reasons")

    @property
    def note(self) -> str:
        """What the list says of this row."""
        return str(self.told("row_note") or "")
