"""Steps that are done by a mail: ticked when it has left, opened when it comes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from psdelivery.documents.models import Document
from psdelivery.documents.services import add_link, save_evidence
from psdelivery.outbox.choices import State
from psdelivery.outbox.events import MessageBounced, MessageSent
from psdelivery.outbox.models import Message
from psdelivery.outbox.services.elsewhere import SentElsewhere, send_elsewhere
from psdelivery.outbox.templates import mail_kind
from psdelivery.people.models import User
from psdelivery.people.moments import moment_text
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.choices import EvidenceWanted, StepState
from psdelivery.playbooks.mailing import template_of
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import (
    Completion,
    reasons_of_order,
    reasons_of_state,
)
from psdelivery.playbooks.services.anchors import nearest_anchor
from psdelivery.playbooks.services.checklists import set_anchor
from psdelivery.playbooks.services.deadlines import rule_calendar, with_schedule_facts
from psdelivery.playbooks.services.handing import wait_for_customer
from psdelivery.playbooks.services.steps import complete_step, reopen_step
from psdelivery.registry import Reason

ARRIVED = frozenset({State.SENT, State.ELSEWHERE})


def closes_step(message: Message) -> bool:
    """Tell whether the step is done once the mail has left."""
    kind = mail_kind(message.kind)
    return message.step_id is not None and (kind is None or kind.closes_step)


def step_of(message: Message) -> Step:
    """Return the step that a mail belongs to, with what its dates hang on."""
    return with_schedule_facts(Step.objects.all()).get(pk=cast(int, message.step_id))


def reasons_against_step_mail(message: Message) -> list[Reason]:
    """Refuse a mail whose step could not be ticked afterwards: order, or done already.

    Asked before the click, because a mail that has left cannot be refused any more.
    """
    if not closes_step(message):
        return []
    step = step_of(message)
    return [*reasons_of_state(step), *reasons_of_order(step)]


def tick_with_mail(event: MessageSent) -> None:
    """Tick the step of a mail that has left, with the mail as its evidence.

    A request for homework passes the ball to the customer instead.
    """
    if event.message.step_id is None:
        return
    step = step_of(event.message)
    if not step.is_open:
        return
    if not closes_step(event.message):
        # Homework was asked for: the customer has the ball from here on.
        if event.by is not None:
            wait_for_customer(step, by=event.by, now=event.now)
        return
    complete_with_mail(step, event)


def complete_with_mail(step: Step, event: MessageSent) -> None:
    """Tick an open step with a mail that has left as its evidence."""
    zone = rule_calendar(step, portal_settings()).zone
    completion = Completion(
        evidence=evidence_of(step, event.message, by=event.by, now=event.now),
        note=_("Mail “%(subject)s”, %(moment)s")
        % {
            "subject": event.message.subject,
            "moment": moment_text(event.sent_at, "", zone),
        },
        happened_on=event.sent_at.astimezone(ZoneInfo(zone)).date(),
        follows_record=True,
    )
    complete_step(step, completion, by=event.by, now=event.now)


def evidence_of(
    step: Step, message: Message, *, by: User | None, now: datetime
) -> Document | None:
    """Return the file or link given with the mail; else, where wanted, the mail."""
    given = message.source.get("document")
    if given is not None:
        return Document.objects.filter(pk=given).first()
    if step.evidence_wanted != EvidenceWanted.LINK_OR_FILE:
        return None
    return add_link(
        f"{settings.SITE_URL}{message.get_absolute_url()}",
        title=_("Mail: %(subject)s") % {"subject": message.subject},
        engagement=step.engagement,
        by=by,
        now=now,
    )


def reopen_after_bounce(event: MessageBounced) -> None:
    """Open the step of a mail that came back, and stop the clock that it started.

    Not where another mail for the step has arrived since.
    """
    message = event.message
    arrived = Message.objects.filter(step=message.step_id, state__in=sorted(ARRIVED))
    if not closes_step(message) or arrived.exists():
        return
    step = step_of(message)
    if step.state != StepState.DONE:
        return
    reason = _("The mail came back: %(reason)s") % {"reason": event.reason}
    reopen_step(step, by=event.by, reason=reason, now=event.now)
    anchor = nearest_anchor(step.checklist, step.sets_anchor)
    if anchor is not None:
        set_anchor(
            anchor.checklist,
            anchor.key,
            None,
            by=event.by,
            reason=reason,
            now=event.now,
        )


def note_sent_elsewhere(
    step: Step, given: Mapping[str, Any], *, by: User, now: datetime
) -> Message:
    """Note that the step's mail left from somewhere else; a refusal keeps nothing.

    `given` is what came out of `ElsewhereForm`, with `sent_at`. Raises RuleRefused.
    """
    document: Document | None = None
    try:
        with transaction.atomic():
            document = save_evidence(
                given, title=step.title, engagement=step.engagement, by=by, now=now
            )
            told = SentElsewhere(
                sent_at=given["sent_at"],
                to=given["to"],
                subject=given["subject"],
                text=given["text"],
                document=document,
            )
            kind = template_of(step)
            return send_elsewhere(kind, told, step=step, by=by, now=now)
    except BaseException:
        # No row, no file: nobody would ever find it again.
        if document is not None and document.file:
            document.file.delete(save=False)
        raise
