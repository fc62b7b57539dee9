"""Writing a backup: the whole portal in one ZIP file."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from django.db import connection
from django.db.models import Model

from psdelivery.operations.backup.manifest import (
    MANIFEST,
    FilePart,
    Manifest,
    TablePart,
)
from psdelivery.operations.backup.rows import Tally, lines_of, names_of
from psdelivery.operations.backup.schema import (
    applied_migrations,
    saved_models,
    snapshot,
    waiting_migrations,
)
from psdelivery.operations.backup.store import chunks_of, named_files, stored_files


class BackupRefusedError(Exception):
    """Nothing was written, and why."""


def make_backup(file: IO[bytes], *, now: datetime) -> Manifest:
    """Write all rows, as of one moment, and all documents into `file`.

    The portal may go on working meanwhile. Documents are read after the rows: a file
    comes before its row, so each row of that moment finds its own.
    """
    if waiting := waiting_migrations():
        raise BackupRefusedError(
            f"{len(waiting)} migrations wait. Run `manage.py migrate` first."
        )
    return write_archive(file, saved_models(), now=now)


def write_archive(
    file: IO[bytes], models: list[type[Model]], *, now: datetime
) -> Manifest:
    """Write the rows of the models, as the tables are, and all documents."""
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=4) as archive:
        with snapshot():
            tables = [_save_table(archive, model) for model in models]
            named = named_files(models)
            migrations = applied_migrations()
        files = [part for name in stored_files() if (part := _save_file(archive, name))]
        missing = sorted(named - {part.name for part in files})
        manifest = Manifest(now, connection.vendor, migrations, tables, files, missing)
        archive.writestr(MANIFEST, manifest.to_json())
    return manifest


def _save_table(archive: ZipFile, model: type[Model]) -> TablePart:
    part = TablePart(model._meta.label_lower, names_of(model), 0, "")
    tally = Tally()
    with archive.open(part.member, "w", force_zip64=True) as member:
        for line in tally.follow(lines_of(model, part.fields)):
            member.write(line)
    return TablePart(part.model, part.fields, tally.count, tally.sha256)


def _save_file(archive: ZipFile, name: str) -> FilePart | None:
    digest, size = hashlib.sha256(), 0
    try:
        chunks = chunks_of(name)
    except FileNotFoundError:
        # Taken away since the folder was read.
        return None
    with archive.open(f"files/{name}", "w", force_zip64=True) as member:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            member.write(chunk)
    return FilePart(name, size, digest.hexdigest())
