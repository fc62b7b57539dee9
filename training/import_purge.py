"""Form results that nobody entered or discarded: their cells tell of people."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from psdelivery.operations.purging import Purge, register_purge_after_days
from training.models import FormImport

KEEP_DAYS = "certification.keep_import_days"


def old_imports(before: datetime) -> QuerySet[FormImport]:
    """Return uploads before that moment that were never entered."""
    waiting = FormImport.objects.filter(settled_at__isnull=True)
    return waiting.filter(uploaded_at__lt=before).order_by("uploaded_at", "pk")


def remove_imports(old: QuerySet[Any]) -> int:
    """Delete them; return how many."""
    keys = list(old.values_list("pk", flat=True))
    FormImport.objects.filter(pk__in=keys).delete()
    return len(keys)


def register_import_purge() -> None:
    """Let forgotten uploads go at night, after the days that managers set."""
    register_purge_after_days(
        Purge(
            key="form-imports",
            title=_("Uploaded form results"),
            find=old_imports,
            remove=remove_imports,
            setting=KEEP_DAYS,
        ),
        title=_("Days for which uploaded form results wait to be entered"),
        help=_("Afterwards they are deleted. 0 keeps them for good."),
        default=14,
    )
