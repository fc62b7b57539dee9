"""Form results that nobody entered or discarded: their cells tell of people."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from psdelivery.operations.purging import Purge, register_purge_after_days
from training.models import FormImport

KEEP_DAYS = "certification.keep_import_days"


def old_imports(before: datetime) -> QuerySet[FormImport]:
    """Return uploads before that moment that were never entered."""
    waiting = FormImport.objects.filter(settled_at__isnull=True)
    return waiting.filter(uploaded_at__lt=before).order_by("uploaded_at", "pk")


def register_import_purge() -> None:
    """Let forgotten uploads go at night, after the days that managers set."""
    register_purge_after_days(
        Purge(
            key="form-imports",
            title=_("Uploaded form results"),
            find=old_imports,
            setting=KEEP_DAYS,
        ),
        title=_("Days for which uploaded form results wait to be entered"),
        help=_("Afterwards they are deleted. 0 keeps them for good."),
        default=14,
    )
