"""The talk with the mail server: what a mail looks like, and how far it got."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterable
from email.utils import parseaddr
from functools import partial
from types import TracebackType
from typing import Self, TypeVar, cast

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, SafeMIMEText, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.utils.html import conditional_escape, format_html
from django.utils.translation import gettext as _

from psdelivery.outbox.choices import Audience
from psdelivery.outbox.models import Attachment, Message
from psdelivery.outbox.rules import SERVICE_CLOSING, Stage, Trouble

T = TypeVar("T")


class NotDeliveredError(Exception):
    """The message did not leave, or nobody knows whether it did."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.text)
        self.trouble = trouble


def smtp_is_set() -> bool:
    """Answer whether mail leaves the portal at all."""
    return bool(settings.EMAIL_URL)


def message_id(message: Message) -> str:
    """Return the Message-ID: the same for every copy of the message."""
    return f"<{message.id}@{settings.MAIL_DOMAIN}>"


def _headers(message: Message) -> dict[str, str]:
    headers = {"Message-ID": message_id(message)}
    if message.thread_key:
        # The thread begins with a mail that never existed: all are answers to it.
        root = f"<{message.thread_key}@{settings.MAIL_DOMAIN}>"
        headers |= {"In-Reply-To": root, "References": root}
    if message.audience == Audience.STAFF:
        headers |= {
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        }
    return headers


def _bodies(message: Message) -> tuple[str, str]:
    """Return text and HTML; staff also read why the mail comes to them."""
    if message.audience != Audience.STAFF or not message.why:
        return message.text, message.html
    text = f"{message.text.rstrip()}\n\n-- \n{message.why}\n"
    if not message.html:
        return text, ""
    why = conditional_escape(message.why)
    return text, message.html + format_html("<hr><p><small>{}</small></p>", why)


def compose(message: Message) -> EmailMultiAlternatives:
    """Return the mail of a message."""
    text, html = _bodies(message)
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=text,
        to=message.to,
        cc=message.cc,
        reply_to=[message.reply_to] if message.reply_to else None,
        headers=_headers(message),
    )
    if html:
        mail.attach_alternative(html, "text/html")
    for file in _files(message):
        _attach(mail, file)
    return mail


def _files(message: Message) -> Iterable[Attachment]:
    """Return the files of a mail; one that was never saved has none to look for."""
    return () if message._state.adding else message.attachments.all()


def _attach(mail: EmailMultiAlternatives, file: Attachment) -> None:
    """Put a file into the mail.

    A calendar file is an alternative of the text too, so that calendars offer to
    accept it, and an attachment for those that do not.
    """
    content = bytes(file.content)
    if file.content_type.startswith("text/calendar"):
        mail.attach_alternative(content.decode(), file.content_type)
        mail.attach(file.filename, content, "application/ics")
    else:
        mail.attach(file.filename, content, file.content_type)


def _as_bytes(mail: EmailMultiAlternatives) -> bytes:
    """Return the mail as it travels; refuses header injection and bad characters."""
    try:
        # Django's own class, whatever the types say: only it takes `linesep`.
        return cast(SafeMIMEText, mail.message()).as_bytes(linesep="\r\n")
    except (ValueError, LookupError) as error:
        text = _("The mail cannot be written: %(error)s") % {"error": error}
        raise NotDeliveredError(Trouble(Stage.COMPOSE, None, text)) from error


def _words(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else str(reply)


def _refused(
    stage: Stage, code: int, reply: bytes | str, about: str = ""
) -> NotDeliveredError:
    # The standard library writes -1 for an answer that is no answer.
    text = " ".join(filter(None, [str(code), _words(reply), about]))
    return NotDeliveredError(Trouble(stage, code if code > 0 else None, text))


def _answered(step: Callable[[], T], stage: Stage) -> T:
    """Do one step of the talk; a missing answer tells how far it had come."""
    try:
        return step()
    except smtplib.SMTPResponseException as error:
        raise _refused(stage, error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        text = f"{type(error).__name__}: {error}"
        raise NotDeliveredError(Trouble(stage, None, text)) from error


class Courier:
    """One connection to the mail server, opened when needed and used again."""

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None
        self._carried = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def open(self) -> BaseEmailBackend:
        """Connect unless connected; raises NotDeliveredError of stage connect."""
        if self._backend is not None:
            return self._backend
        backend = get_connection()
        try:
            _answered(backend.open, Stage.CONNECT)
            if smtp := _smtp_of(backend):
                _answered(smtp.ehlo_or_helo_if_needed, Stage.CONNECT)
        except NotDeliveredError:
            self._quit(backend)
            raise
        self._backend, self._carried = backend, 0
        return backend

    def close(self) -> None:
        """End the connection, politely if the server still listens."""
        if self._backend is not None:
            self._quit(self._backend)
            self._backend = None

    def deliver(self, message: Message) -> None:
        """Hand the message over; raises NotDeliveredError.

        All recipients or none: a refused address must not turn "sent" into
        "sent to some".
        """
        mail = compose(message)
        body = _as_bytes(mail)
        try:
            self._hand_over(mail, body)
        except NotDeliveredError as error:
            if not self._is_used_up(error.trouble):
                raise
            self._hand_over(mail, body)
        self._carried += 1

    def _is_used_up(self, trouble: Trouble) -> bool:
        """Many servers hang up after some messages: nothing is wrong then."""
        hung_up = trouble.code in (None, SERVICE_CLOSING)
        return hung_up and trouble.stage is Stage.ENVELOPE and self._carried > 0

    def _hand_over(self, mail: EmailMultiAlternatives, body: bytes) -> None:
        backend = self.open()
        smtp = _smtp_of(backend)
        if smtp is None:
            backend.send_messages([mail])
            return
        try:
            _talk(smtp, mail, body)
        except NotDeliveredError as error:
            if error.trouble.code in (None, SERVICE_CLOSING):
                self.close()
            else:
                self._forget_envelope(smtp)
            raise

    def _forget_envelope(self, smtp: smtplib.SMTP) -> None:
        """Make the connection ready for the next message, or drop it."""
        try:
            _ask(smtp.rset, Stage.ENVELOPE)
        except NotDeliveredError:
            self.close()

    @staticmethod
    def _quit(backend: BaseEmailBackend) -> None:
        # Closing must not hide what happened before it.
        backend.fail_silently = True
        backend.close()


def _smtp_of(backend: BaseEmailBackend) -> smtplib.SMTP | None:
    """Return the open connection; None for backends that take a mail whole."""
    return backend.connection if isinstance(backend, SmtpBackend) else None


def _talk(smtp: smtplib.SMTP, mail: EmailMultiAlternatives, body: bytes) -> None:
    """Hold the SMTP conversation for one mail."""
    options = [f"size={len(body)}"] if smtp.has_extn("size") else []
    if smtp.has_extn("8bitmime"):
        options.append("body=8bitmime")
    sender = parseaddr(str(mail.from_email))[1]
    _ask(partial(smtp.mail, sender, options), Stage.ENVELOPE, about=sender)
    for address in mail.recipients():
        _ask(partial(smtp.rcpt, address), Stage.ENVELOPE, about=address)
    _ask(partial(smtp.data, body), Stage.DATA)


def _ask(
    step: Callable[[], tuple[int, bytes]], stage: Stage, *, about: str = ""
) -> None:
    code, reply = _answered(step, stage)
    if not 200 <= code < 300:
        raise _refused(stage, code, reply, about)
