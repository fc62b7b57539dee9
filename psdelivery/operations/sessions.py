"""Log-ins that have ended: nobody can use them, and they would pile up."""

from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from psdelivery.operations.purging import Purge, register_purge


def register_session_purge() -> None:
    """Let expired log-ins go at night."""
    register_purge(
        Purge(
            key="sessions",
            title=_("Expired log-ins"),
            find=lambda before: Session.objects.filter(expire_date__lt=before).order_by(
                "expire_date"
            ),
        )
    )
