"""The words of reminders, written when they are sent."""

from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from psdelivery.outbox.daily import notices_of, rendered_notices
from psdelivery.outbox.models import Message
from psdelivery.outbox.renderers import Rendered
from psdelivery.outbox.rules import is_address, normal_address, one_line
from psdelivery.outbox.rules.templates import plain_in_markdown
from psdelivery.people.models import User
from psdelivery.people.moments import Deadline, due_text
from psdelivery.people.register import PortalSettings, portal_settings
from psdelivery.playbooks.choices import Recipient
from psdelivery.playbooks.models import Reminder, Step
from psdelivery.playbooks.rules.deadlines import why_due
from psdelivery.playbooks.services.deadlines import (
    escalation_target,
    recipient_calendar,
    timing_of,
    with_schedule_facts,
)
from psdelivery.playbooks.words import WHY, stand_in_words


def render_reminders(messages: list[Message]) -> dict[UUID, Rendered | None]:
    """Write reminders as things stand now; None for steps that no longer wait.

    R-21: a reminder whose due date has moved meanwhile says nothing: the new date
    has reminders of its own. News that wait in the same mail follow.
    """
    portal = portal_settings()
    found = list(Reminder.objects.filter(message__in=messages))
    steps = with_schedule_facts(
        Step.objects.filter(pk__in={item.step_id for item in found})
    ).select_related("engagement__customer", "contact__customer")
    by_id = {step.pk: step for step in steps}
    wanted: dict[UUID | None, list[tuple[Reminder, Step]]] = {}
    for reminder in found:
        step = by_id[reminder.step_id]
        if is_wanted(reminder, step):
            wanted.setdefault(reminder.message_id, []).append((reminder, step))
    news = notices_of(messages)
    return {
        message.pk: rendered_notices(
            news.get(message.pk, ()),
            before=render_all(message, wanted.get(message.pk, []), portal),
        )
        for message in messages
    }


def render_all(
    message: Message, wanted: list[tuple[Reminder, Step]], portal: PortalSettings
) -> Rendered | None:
    """Write the reminders of a mail: one as it is alone, several as a list.

    None where none is wanted any more. A step is told once, the latest reminder of it.
    """
    latest = {step.pk: (reminder, step) for reminder, step in in_order(wanted)}
    if not latest:
        return None
    told = list(latest.values())
    if len(told) == 1:
        return render_one(message, *told[0], portal)
    told.sort(key=lambda pair: (pair[1].due_at, pair[1].pk))
    parts = [part_of(message, reminder, step, portal) for reminder, step in told]
    subject = ngettext(
        "%(n)d step waits for you: %(first)s",
        "%(n)d steps wait for you, the first: %(first)s",
        len(told),
    ) % {"n": len(told), "first": told[0][1].title}
    return Rendered.from_markdown(one_line(subject), "\n\n".join(parts))


def in_order(wanted: list[tuple[Reminder, Step]]) -> list[tuple[Reminder, Step]]:
    """Return the reminders as they were decided."""
    return sorted(wanted, key=lambda pair: (pair[0].decided_at, pair[0].pk))


def part_of(
    message: Message, reminder: Reminder, step: Step, portal: PortalSettings
) -> str:
    """Say in a few lines what is due, among others."""
    recipient = Recipient(reminder.recipient)
    absent = stood_in_for(step, recipient, message)
    zone = recipient_calendar(step, recipient, portal).zone
    lines = [
        f"**{plain_in_markdown(subject_of(step, recipient, absent))}**",
        plain_in_markdown(str(step.checklist)),
        _("Due: %(due)s") % {"due": due_text(deadline_of(step), zone)},
        f"[{_('Open the step')}]({settings.SITE_URL}{step.get_absolute_url()})",
    ]
    return "\n".join(lines)


def render_one(
    message: Message, reminder: Reminder, step: Step, portal: PortalSettings
) -> Rendered:
    """Write one reminder."""
    recipient = Recipient(reminder.recipient)
    absent = stood_in_for(step, recipient, message)
    return Rendered.from_markdown(
        subject_of(step, recipient, absent),
        body_of(step, recipient, portal, absent),
    )


def stood_in_for(step: Step, recipient: Recipient, message: Message) -> User | None:
    """R-23: return whom the mail was meant for, where it went to a stand-in."""
    target = escalation_target(step, recipient)
    if not isinstance(target, User) or not is_address(normal_address(target.email)):
        return None
    went_to_them = normal_address(target.email) in message.to
    return None if went_to_them else target


def is_wanted(reminder: Reminder, step: Step) -> bool:
    """R-21: tell whether a reminder still holds: open, not on hold, same due date."""
    waits = step.is_open and not step.checklist.is_paused
    return waits and step.due_at == reminder.due_at


def subject_of(step: Step, recipient: str, absent: User | None = None) -> str:
    """Say what is due, for whom, in one line."""
    customer = step.engagement.customer.name if step.engagement else ""
    pattern = (
        _("Due: %(step)s") if recipient == Recipient.OWNER else _("Late: %(step)s")
    )
    subject = pattern % {"step": step.title}
    subject = f"{subject} ({customer})" if customer else subject
    if absent is not None:
        subject = _("%(subject)s, for %(person)s") % {
            "subject": subject,
            "person": absent,
        }
    return one_line(subject)


def deadline_of(step: Step) -> Deadline:
    """Return the deadline of a step that has one."""
    at, day = cast(datetime, step.due_at), cast(date, step.due_day)
    return Deadline(at, step.due_is_day, day, step.due_zone)


def ask_words(step: Step) -> str:
    """Say whom to ask where the customer owns the step (domain.md, section 4)."""
    if step.contact is None:
        return ""
    return _("Ask %(contact)s (%(customer)s).") % {
        "contact": step.contact,
        "customer": step.contact.customer,
    }


def body_of(
    step: Step,
    recipient: Recipient,
    portal: PortalSettings,
    absent: User | None = None,
) -> str:
    """Say what, by when and why, who has it, and where to tick it.

    The deadline is told on the clock of whoever reads it.
    """
    zone = recipient_calendar(step, recipient, portal).zone
    owner = step.assignee or step.pool
    lines = [
        f"**{step.title}**",
        stand_in_words(absent) if absent else "",
        ask_words(step),
        str(step.checklist),
        _("Due: %(due)s") % {"due": due_text(deadline_of(step), zone)},
        _("Why this date: %(why)s") % {"why": why_due(timing_of(step, portal))},
        _("With: %(owner)s") % {"owner": owner},
        step.instructions,
        f"[{_('Open the step')}]({settings.SITE_URL}{step.get_absolute_url()})",
        str(WHY[recipient]),
    ]
    return "\n\n".join(line for line in lines if line)
