"""Save the whole portal in one file."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from psdelivery import clock
from psdelivery.operations.backup.making import BackupRefusedError, make_backup
from psdelivery.operations.backup.manifest import Manifest

OWNER_ALONE = 0o600


class Command(BaseCommand):
    help = (
        "Save all tables and documents in one ZIP file; the portal may go on working."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="the file to write, or - for the output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["path"] == "-":
                manifest = make_backup(sys.stdout.buffer, now=clock.now())
            else:
                manifest = self._write(Path(options["path"]))
        except BackupRefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(manifest)

    def _write(self, path: Path) -> Manifest:
        """Write beside the path and rename: a file of that name is a whole backup."""
        if path.exists():
            raise CommandError(f"{path} is there already.")
        part = path.with_name(f"{path.name}.part")
        try:
            handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, OWNER_ALONE)
            with os.fdopen(handle, "w+b") as file:
                manifest = make_backup(file, now=clock.now())
            part.rename(path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error}") from error
        finally:
            part.unlink(missing_ok=True)
        return manifest

    def _tell(self, manifest: Manifest) -> None:
        # Not to the output, which may be the backup itself.
        self.stderr.write(
            f"Saved {manifest.row_count} rows in {len(manifest.tables)} tables and "
            f"{len(manifest.files)} documents."
        )
        for name in manifest.missing_files:
            self.stderr.write(f"Named, but not in the store: {name}")
