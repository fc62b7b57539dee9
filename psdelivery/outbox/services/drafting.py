"""Drafts to customers: prepared, checked, changed by hand, sent by a person's click."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from psdelivery.history import services as history
from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.letters import Letter, letter_for, letter_now
from psdelivery.outbox.markdown import render_mail_markdown
from psdelivery.outbox.models import MailTemplate, Message
from psdelivery.outbox.rules.drafts import (
    DRAFT_STATES,
    UNDER_WAY,
    reasons_against_editing,
    reasons_against_sending,
    reasons_of_changed,
    reasons_of_stale,
    reasons_of_unseen,
    sight_of,
)
from psdelivery.outbox.rules.messages import one_line, storable
from psdelivery.outbox.rules.readers import Readers
from psdelivery.outbox.services.addresses import reasons_of_bad_addresses
from psdelivery.outbox.services.queueing import wake
from psdelivery.outbox.services.readers import (
    BY_HAND,
    choose_readers,
    present_readers,
    readers_by_hand,
    save_readers,
)
from psdelivery.outbox.templates import MailKind, mail_kind, reasons_of_guards
from psdelivery.registry import Reason, RuleRefused, refuse

if TYPE_CHECKING:
    from psdelivery.people.models import User

SUBJECT_LENGTH = 300


@transaction.atomic
def prepare_draft(
    kind_key: str,
    subject: Any,
    *,
    step: Any = None,
    engagement: Model | None = None,
    by: User,
    now: datetime,
) -> Message:
    """Write the mail of a kind about a record, to be checked; return the draft.

    The open draft of the same step (or, without one, of the same record) is returned
    instead of a second; unless somebody edited it, it is made anew. Raises RuleRefused
    while a mail for the step is under way, and where the kind has something against
    writing it. What is missing does not refuse: it is named on the draft (R-15).
    """
    kind = _kind(kind_key)
    # Two clicks wait for each other here.
    MailTemplate.objects.select_for_update(of=("self",)).current().filter(
        kind=kind.key
    ).first()
    letter = letter_for(kind, kind.topic.rows().get(pk=subject.pk))
    refuse(kind.against_drafting(letter.record, now))
    others = _of_same(kind, letter, step)
    _refuse_second(others)
    draft = next((one for one in others if one.state in DRAFT_STATES), None)
    if draft is not None:
        return draft if is_edited(draft) else _rewrite(draft, letter, now)
    for failed in others:
        _replace(failed, by=by, now=now)
    about = engagement or kind.topic.engagement_of(letter.record)
    draft = _new_draft(letter, step, about, by=by, now=now)
    _record("mail-drafted", draft, by=by, now=now)
    return draft


def is_edited(draft: Message) -> bool:
    """Tell whether somebody changed the text by hand."""
    return bool(draft.source.get("edited"))


def _kind(key: str) -> MailKind:
    kind = mail_kind(key)
    if kind is None:
        sentence = _("There is no template for this mail.")
        raise RuleRefused([Reason("no-template", sentence)])
    return kind


def _of_same(kind: MailKind, letter: Letter, step: Any) -> list[Message]:
    """Return the mails for the same thing that are not settled, the newest first."""
    unsettled = DRAFT_STATES | UNDER_WAY | {State.FAILED}
    found = Message.objects.filter(kind=kind.key, state__in=sorted(unsettled))
    if step is not None:
        return list(found.filter(step=step.pk))
    pk = str(letter.record.pk)
    return list(found.filter(step=None, source__pk=pk, state__in=sorted(DRAFT_STATES)))


def _refuse_second(others: list[Message]) -> None:
    under_way = next((one for one in others if one.state in UNDER_WAY), None)
    if under_way is None:
        return
    sentence = _("A mail for this step is %(state)s: decide about that one first.")
    words = {"state": under_way.get_state_display().lower()}
    url = under_way.get_absolute_url()
    reason = Reason("under-way", sentence % words, url, _("Open the mail"))
    raise RuleRefused([reason])


def _replace(failed: Message, *, by: User, now: datetime) -> None:
    """Let a new draft stand in for a mail that failed, so that one of them leaves."""
    Message.objects.filter(pk=failed.pk).update(state=State.CANCELLED)
    _record("message-cancelled", failed, by=by, now=now)


def _new_draft(
    letter: Letter,
    step: Any,
    about: Model | None,
    *,
    key: str = "",
    by: User,
    now: datetime,
) -> Message:
    draft = Message(
        kind=letter.kind.key,
        audience=Audience.CUSTOMER,
        state=State.DRAFT,
        engagement_id=about.pk if about else None,
        step_id=step.pk if step else None,
        thread_key=letter.kind.topic.thread_of(letter.record),
        idempotency_key=key or f"{letter.kind.key}:{uuid4()}",
        created_at=now,
        created_by=by,
        next_attempt_at=now,
    )
    return _write(draft, letter, now)


def _write(draft: Message, letter: Letter, now: datetime) -> Message:
    """Put a letter into a draft as the template has it; who gets it stays."""
    draft.source = {key: draft.source[key] for key in {BY_HAND} & {*draft.source}}
    _put_text(draft, letter.subject, letter.body)
    return _rebase(draft, letter, now)


def _put_text(draft: Message, subject: str, body: str) -> None:
    text, html = render_mail_markdown(storable(body))
    draft.subject = one_line(subject)[:SUBJECT_LENGTH]
    draft.text, draft.html = text, html
    draft.source = {**draft.source, "body": storable(body)}


def _rebase(draft: Message, letter: Letter, now: datetime) -> Message:
    """Let the draft stand on template, facts and addresses of this moment; save it."""
    draft.state, draft.template = State.DRAFT, letter.template
    draft.fingerprint, draft.compared_at = letter.fingerprint, now
    made_from = {"pk": str(letter.record.pk), "marks": letter.marks}
    draft.source = {**draft.source, **made_from}
    return save_readers(draft, letter)


def _rewrite(draft: Message, letter: Letter, now: datetime) -> Message:
    is_same = draft.fingerprint == letter.fingerprint and draft.state == State.DRAFT
    return draft if is_same else _write(draft, letter, now)


@transaction.atomic
def remake_draft(message: Message, *, by: User, now: datetime) -> Message:
    """Write a draft anew from the facts of now; what was edited by hand is lost.

    Raises RuleRefused for what is no draft, and when what it is about is gone.
    """
    draft = _locked(message)
    refuse(reasons_against_editing(draft.state))
    _write(draft, _letter(draft), now)
    _record("draft-remade", draft, by=by, now=now)
    return draft


@transaction.atomic
def edit_draft(
    message: Message,
    subject: str,
    body: str,
    *,
    readers: Readers | None = None,
    seen: str | None = None,
    by: User,
    now: datetime,
) -> Message:
    """Change subject, text (Markdown) and readers by hand; the draft says that it was.

    Whoever edits the text has seen what the facts are now, so the draft stands on
    them; who changes its readers alone need not have. `seen` is the mark
    (`draft_as_seen`) of what was on the form. Raises RuleRefused for what is no draft,
    for one that changed meanwhile, and when what it is about is gone.
    """
    draft = _locked(message)
    refuse(reasons_against_editing(draft.state))
    if seen is not None:
        refuse(reasons_of_changed(seen, draft_as_seen(draft)))
    letter, body = _letter(draft), body.replace("\r\n", "\n").strip()
    has_moved = readers is not None and readers != present_readers(draft)
    if readers is not None:
        choose_readers(draft, letter, readers, by=by, now=now)
    if has_moved and (subject, body) == (draft.subject, draft.source.get("body")):
        return save_readers(draft, letter)
    _put_text(draft, subject, body)
    draft.source = {**draft.source, "edited": True}
    _rebase(draft, letter, now)
    _record("draft-edited", draft, by=by, now=now)
    return draft


def draft_as_seen(draft: Message) -> str:
    """Return the mark of what the form of a draft shows, to notice a change."""
    return sight_of(draft.subject, draft.source.get("body", ""), draft.recipients)


def send_draft(message: Message, *, seen: str, by: User, now: datetime) -> Message:
    """Let a checked draft leave: the click without which no customer gets mail.

    `seen` is the mark (`sight_of`) of the text that the person has read. Raises
    RuleRefused when something is missing (R-15) or an address is bad; when facts,
    template or addresses are no longer those of the draft, it is out of date then.
    """
    with transaction.atomic():
        draft = _locked(message)
        reasons = _reasons_against(draft, seen, now)
        if not reasons:
            return _let_go(draft, by=by, now=now)
        if any(reason.code == "stale" for reason in reasons):
            draft.state = State.STALE
            draft.save(update_fields=["state"])
            _record("message-stale", draft, by=None, now=now)
    raise RuleRefused(reasons)


@transaction.atomic
def send_at_once(
    kind_key: str, subject: Any, *, key: str, by: User, now: datetime
) -> Message:
    """Write the mail of a kind about a record and let it leave, in the caller's write.

    For a click that says more than "send", such as releasing a result: what it writes
    and its mail stand or fall together. `key` says what "the same mail" is; called
    again with it, the first mail is returned. Raises RuleRefused when something is
    missing (R-15), when an address is bad, and for what its kind has against it.
    """
    sent = Message.objects.filter(idempotency_key=key).first()
    if sent is not None:
        return sent
    kind = _kind(kind_key)
    letter = letter_for(kind, kind.topic.rows().get(pk=subject.pk))
    readers = [*letter.addressing.to, *letter.addressing.cc]
    refuse(
        [
            *letter.missing,
            *kind.against(letter.record, now),
            *reasons_of_bad_addresses(readers),
        ]
    )
    about = kind.topic.engagement_of(letter.record)
    draft = _new_draft(letter, None, about, key=key, by=by, now=now)
    return _let_go(draft, by=by, now=now)


def _reasons_against(draft: Message, seen: str, now: datetime) -> list[Reason]:
    letter = letter_now(draft)
    if letter is None:
        return [_reason_of_gone()]
    missing = letter.missing_in(draft.subject, draft.source.get("body", ""))
    against = reasons_against_sending(draft.state, missing)
    if against and draft.state != State.DRAFT:
        return against
    if letter.fingerprint != draft.fingerprint:
        return reasons_of_stale(letter.changed_since(draft.source.get("marks", {})))
    return [
        *against,
        *letter.kind.against(letter.record, now),
        *reasons_of_guards(draft),
        *reasons_of_bad_addresses(draft.recipients),
        *reasons_of_unseen(seen, sight_before_click(draft)),
    ]


def sight_before_click(draft: Message) -> str:
    """Return the mark of what the page of a draft shows: text, and readers by hand."""
    chosen = readers_by_hand(draft)
    readers = [*chosen.to, *chosen.cc] if chosen else []
    return sight_of(draft.subject, draft.text, readers)


def _let_go(draft: Message, *, by: User, now: datetime) -> Message:
    draft.state, draft.next_attempt_at = State.READY, now
    draft.approved_by, draft.approved_at = by, now
    draft.save()
    _record("message-queued", draft, by=by, now=now)
    wake()
    return draft


def _letter(draft: Message) -> Letter:
    letter = letter_now(draft)
    if letter is None:
        raise RuleRefused([_reason_of_gone()])
    return letter


def _reason_of_gone() -> Reason:
    return Reason("gone", _("What this mail is about is no longer in the portal."))


def _locked(message: Message) -> Message:
    rows = Message.objects.select_for_update(of=("self",))
    return rows.select_related("engagement").get(pk=message.pk)


def _record(verb: str, draft: Message, *, by: User | None, now: datetime) -> None:
    history.record(verb, by=by, subject=draft, engagement=draft.engagement, now=now)
