"""Deleting stored files that no document names any more.

They are left behind where a transaction was rolled back after its file was written,
and where rows are purged.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import PurePosixPath

from django.core.files.storage import Storage, default_storage

from psdelivery.documents.models import FOLDER, Document

logger = logging.getLogger(__name__)

# A file is written before its row can be seen, at most as long as a request lasts.
YOUNG = timedelta(days=1)
CHUNK = 500


def sweep_files(now: datetime) -> int:
    """Delete the files of nobody that are older than a day; return how many.

    Nothing is deleted while the database knows no file at all: then it is more likely
    that the database is being restored than that every file was left behind.
    """
    if not Document.objects.exclude(file="").exists():
        return 0
    names = stored_names(default_storage)
    deleted = 0
    while chunk := list(islice(names, CHUNK)):
        deleted += _sweep(chunk, now)
    return deleted


def _sweep(names: list[str], now: datetime) -> int:
    known = Document.objects.filter(file__in=names).values_list("file", flat=True)
    lost = [name for name in sorted(set(names) - set(known)) if _is_old(name, now)]
    for name in lost:
        logger.info("The file %s belongs to no document: deleted.", name)
        default_storage.delete(name)
    return len(lost)


def _is_old(name: str, now: datetime) -> bool:
    return now - default_storage.get_modified_time(name) > YOUNG


def stored_names(storage: Storage) -> Iterator[str]:
    """Yield the names of all files that were kept as documents."""
    for folder in _listed(storage, FOLDER)[0]:
        place = PurePosixPath(FOLDER) / folder
        for name in _listed(storage, str(place))[1]:
            yield str(place / name)


def _listed(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir(folder)
    except FileNotFoundError:
        return [], []
