"""Mail about log-in and passwords: written by allauth, kept and sent by the outbox."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from allauth.account import app_settings as account_settings
from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from psdelivery import clock
from psdelivery.outbox.choices import Audience
from psdelivery.outbox.services import queue_message
from psdelivery.people.events import LogInLinkWanted
from psdelivery.people.guessing import GuessingGuard
from psdelivery.people.models import User
from psdelivery.people.second_factor import note_at_log_in

KIND = "account"
SECONDS_A_DAY = 24 * 60 * 60


class AccountAdapter(GuessingGuard):
    """Nobody signs up, and no mail leaves but through the outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            # No address at all, such as half an IPv6 one: it leads nowhere.
            return False

    def post_login(
        self, request: HttpRequest, user: User, **more: Any
    ) -> HttpResponseBase:
        answer: HttpResponseBase = super().post_login(request, user, **more)
        note_at_log_in(request, user)
        return answer

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("people:profile")

    def get_reset_password_from_key_url(self, key: str) -> str:
        # The address is the portal's own, never the one that a request claims.
        uid, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", args=[uid, token])
        return f"{settings.SITE_URL}{path}"

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        queue_account_mail(
            template_prefix,
            email,
            context,
            why=_("Somebody typed your address on the page “Forgotten password”."),
            now=clock.now(),
        )


def queue_account_mail(
    template_prefix: str,
    email: str,
    context: dict[str, Any],
    *,
    why: str,
    by: User | None = None,
    now: datetime,
) -> None:
    """Queue a mail whose text nobody but its reader may see."""
    context = {**context, "site_url": settings.SITE_URL, "days": _link_days()}
    subject = render_to_string(f"{template_prefix}_subject.txt", context)
    queue_message(
        kind=KIND,
        audience=Audience.STAFF,
        to=[email],
        subject=" ".join(subject.split()),
        text=render_to_string(f"{template_prefix}_message.txt", context).strip(),
        idempotency_key=f"{KIND}:{uuid4()}",
        by=by,
        why=why,
        secret=True,
        now=now,
    )


def send_log_in_link(event: LogInLinkWanted) -> None:
    """Mail the link with which a person chooses a password for the first time."""
    generator = account_settings.PASSWORD_RESET_TOKEN_GENERATOR()
    uid = user_pk_to_url_str(event.person)
    key = f"{uid}-{generator.make_token(event.person)}"
    url = get_adapter().get_reset_password_from_key_url(key)
    queue_account_mail(
        "account/email/log_in_link",
        event.person.email,
        {"user": event.person, "by": event.by, "password_reset_url": url},
        why=_("An administrator of the portal sends you the way in."),
        by=event.by,
        now=event.at,
    )


def _link_days() -> int:
    return settings.PASSWORD_RESET_TIMEOUT // SECONDS_A_DAY
