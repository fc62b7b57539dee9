"""Log-in protected against guessing: tries are counted by person and by address."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from psdelivery.people.models import User

logger = logging.getLogger(__name__)

TOO_MANY = "too_many_login_attempts"
FAILED = "login_failed"


class GuessingGuard(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Counts a person's wrong passwords once, whichever name is typed.

    How many are allowed stands in `ACCOUNT_RATE_LIMITS`.
    """

    error_messages = DefaultAccountAdapter.error_messages | {
        TOO_MANY: _(
            "Too many wrong passwords. Wait 15 minutes, or choose a new password "
            "through “Forgotten password”: it ends the wait."
        )
    }

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            address = self.get_client_ip(request)
            logger.warning("Log-in locked for %r from %s", _typed(credentials), address)
            raise

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        ratelimit.clear(self.request, action=FAILED, key=_key_of(user.username))

    def _get_login_attempts_cache_key(
        self, request: HttpRequest, **credentials: Any
    ) -> str:
        return _key_of(_typed(credentials))


def _typed(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "").lower()


def _key_of(login: str) -> str:
    """Return the key of whom a name or an address means; nobody counts by its name."""
    people = User.objects.filter(Q(username__iexact=login) | Q(email__iexact=login))
    found = people.order_by("pk").values_list("pk", flat=True).first()
    return f"name:{login}" if found is None else f"person:{found}"
