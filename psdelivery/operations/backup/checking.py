"""Reasons not to restore: asked before anything is wiped."""

from __future__ import annotations

import fcntl
import hashlib
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.db import connection

from psdelivery.operations.backup.manifest import (
    FORMAT,
    MANIFEST,
    FilePart,
    Manifest,
    TablePart,
)
from psdelivery.operations.backup.schema import others_connected, unknown_migrations
from psdelivery.operations.backup.store import stored_files
from psdelivery.people.models import User

CHUNK = 1024 * 1024


class RestoreRefusedError(Exception):
    """Nothing was changed, and why."""


def read_manifest(archive: ZipFile) -> Manifest:
    """Return what the file says of itself; raises RestoreRefusedError."""
    try:
        manifest = Manifest.from_json(archive.read(MANIFEST))
    except (KeyError, ValueError, TypeError, BadZipFile) as error:
        raise RestoreRefusedError(f"This is no backup of a portal: {error}") from error
    if manifest.format != FORMAT:
        raise RestoreRefusedError(
            f"The backup has format {manifest.format}; this portal reads {FORMAT}."
        )
    return manifest


def reasons_against_restoring(
    archive: ZipFile, manifest: Manifest, *, wipe: bool
) -> list[str]:
    """Return why the backup is not restored here; reads it whole."""
    reasons = []
    if newer := unknown_migrations(manifest.migrations):
        reasons.append(
            "The backup was made by a newer portal: it has the migration "
            f"{'.'.join(newer[0])} and {len(newer) - 1} more that are unknown here."
        )
    if not wipe and not is_empty():
        reasons.append(
            "This portal holds people or documents. Restore it with --wipe to "
            "replace all of them."
        )
    if _runs_here():
        reasons.append("The portal runs on this data. End it first (Ctrl-C).")
    if others := others_connected():
        reasons.append(
            f"{others} others are connected to the database. Stop web, workers and "
            "beat first."
        )
    # The long one last, and only where nothing else is wrong already.
    return reasons or broken_parts(archive, manifest)


def _runs_here() -> bool:
    """Answer whether `make run` holds the data that the restore would replace."""
    try:
        with (settings.VAR_DIR / "run.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def is_empty() -> bool:
    """Answer whether there is nobody in the portal and nothing in its store."""
    if next(stored_files(), None) is not None:
        return False
    tables = connection.introspection.table_names()
    return User._meta.db_table not in tables or not User._base_manager.exists()


def broken_parts(archive: ZipFile, manifest: Manifest) -> list[str]:
    """Return what is not as the manifest says, read to the last byte."""
    parts: list[TablePart | FilePart] = [*manifest.tables, *manifest.files]
    broken = [part.member for part in parts if not _is_whole(archive, part)]
    outside = [part.name for part in manifest.files if not _is_inside(part.name)]
    return [
        *[f"Broken or missing in the backup: {name}" for name in broken],
        *[f"Not a name for a document: {name}" for name in outside],
    ]


def _is_whole(archive: ZipFile, part: TablePart | FilePart) -> bool:
    digest = hashlib.sha256()
    try:
        with archive.open(part.member) as member:
            while chunk := member.read(CHUNK):
                digest.update(chunk)
    except (KeyError, BadZipFile, EOFError, ValueError):
        return False
    return digest.hexdigest() == part.sha256


def _is_inside(name: str) -> bool:
    try:
        default_storage.exists(name)
    except SuspiciousFileOperation:
        return False
    return True
