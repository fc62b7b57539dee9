from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning

# Greeting, sender, recipient, DATA, end of text, and one to spare.
ANSWERS_OF_A_TALK = 6


def check_lease(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn when a slow but living sender could be taken for a dead one."""
    longest = ANSWERS_OF_A_TALK * settings.EMAIL_TIMEOUT
    if longest <= settings.OUTBOX_LEASE_SECONDS:
        return []
    return [
        Warning(
            f"OUTBOX_LEASE_SECONDS is shorter than a talk with the mail server may "
            f"take ({longest} s with this EMAIL_TIMEOUT), so a mail could leave twice.",
            id="outbox.W001",
        )
    ]
