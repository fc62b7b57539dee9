"""Reading a backup back: wipe, build, fill, and compare with what was saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from zipfile import BadZipFile, ZipFile

from django.apps.registry import Apps
from django.core.files import File
from django.core.management import call_command
from django.db import transaction
from django.db.models import Model

from psdelivery.history.services import record
from psdelivery.operations.backup.checking import (
    RestoreRefusedError,
    read_manifest,
    reasons_against_restoring,
)
from psdelivery.operations.backup.manifest import Manifest, TablePart
from psdelivery.operations.backup.rows import Tally, lines_of, write_rows
from psdelivery.operations.backup.schema import (
    build,
    empty_tables,
    go_on_counting,
    saved_models,
    wipe,
)
from psdelivery.operations.backup.store import clear_store, put_file, stored_files
from psdelivery.operations.events import PortalRestored
from psdelivery.registry import reactions

Tell = Callable[[str], object]


@dataclass(frozen=True)
class Restored:
    """What a restore brought back, and where it differs from the backup."""

    manifest: Manifest
    differences: list[str]


def restore_backup(
    file: IO[bytes], *, replace: bool, now: datetime, tell: Tell
) -> Restored:
    """Make the portal what it was; raises RestoreRefusedError before any change.

    The tables are built by the migrations of the backup, so an older one fits, and
    brought up to date after they were compared.
    """
    try:
        archive = ZipFile(file)
    except BadZipFile as error:
        raise RestoreRefusedError(f"This is no backup of a portal: {error}") from error
    with archive:
        manifest = read_manifest(archive)
        tell("Checking the backup…")
        reasons = reasons_against_restoring(archive, manifest, wipe=replace)
        if reasons:
            raise RestoreRefusedError("\n".join(reasons))
        tell("Writing documents…")
        _restore_files(archive, manifest)
        tell("Writing tables…")
        apps = _restore_tables(archive, manifest)
        tell("Comparing…")
        differences = [*_other_tables(apps, manifest), *_other_files(manifest)]
    call_command("migrate", interactive=False, verbosity=0)
    _tell_everybody(manifest, now)
    return Restored(manifest, differences)


def _restore_files(archive: ZipFile, manifest: Manifest) -> None:
    clear_store()
    for part in manifest.files:
        with archive.open(part.member) as member:
            put_file(part.name, File(member))


def _restore_tables(archive: ZipFile, manifest: Manifest) -> Apps:
    wipe()
    apps = build(manifest.migrations)
    models = saved_models(apps)
    by_name = {model._meta.label_lower: model for model in models}
    with transaction.atomic():
        empty_tables(models)
        for part in manifest.tables:
            write_rows(by_name[part.model], part.fields, _lines(archive, part))
        go_on_counting(models)
    return apps


def _lines(archive: ZipFile, part: TablePart) -> Iterator[bytes]:
    with archive.open(part.member) as member:
        yield from member


def _other_tables(apps: Apps, manifest: Manifest) -> list[str]:
    """Return the tables whose rows are not those of the backup."""
    models = {model._meta.label_lower: model for model in saved_models(apps)}
    return [
        f"{part.model}: {tally.count} rows, {part.rows} in the backup"
        for part in manifest.tables
        if (tally := _tally(models[part.model], part)).sha256 != part.sha256
    ]


def _tally(model: type[Model], part: TablePart) -> Tally:
    tally = Tally()
    for _line in tally.follow(lines_of(model, part.fields)):
        pass
    return tally


def _other_files(manifest: Manifest) -> list[str]:
    """Return the documents that are not in the store after all."""
    stored = set(stored_files())
    return [f"{p.name}: not stored" for p in manifest.files if p.name not in stored]


def _tell_everybody(manifest: Manifest, now: datetime) -> None:
    with transaction.atomic():
        record(
            "portal-restored",
            by=None,
            reason=f"{manifest.made_at:%Y-%m-%d %H:%M} UTC",
            now=now,
        )
        reactions.publish(PortalRestored(made_at=manifest.made_at, at=now))
