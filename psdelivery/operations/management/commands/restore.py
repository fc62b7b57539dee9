"""Make the portal again what it was when a backup was made."""

import shutil
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from psdelivery import clock
from psdelivery.operations.backup.checking import RestoreRefusedError
from psdelivery.operations.backup.restoring import Restored, restore_backup


class Command(BaseCommand):
    help = "Bring a backup back. Stop web, workers and beat first."
    # The tables may be of another version, or not there at all.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="the file to read, or - for the input")
        parser.add_argument(
            "--wipe",
            action="store_true",
            help="replace a portal that holds people or documents",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with _opened(options["path"]) as file:
                restored = restore_backup(
                    file,
                    replace=options["wipe"],
                    now=clock.now(),
                    tell=self.stdout.write,
                )
        except OSError as error:
            raise CommandError(f"The backup cannot be read: {error}") from error
        except RestoreRefusedError as refusal:
            raise CommandError(f"Nothing was changed. {refusal}") from refusal
        self._tell(restored)

    def _tell(self, restored: Restored) -> None:
        manifest = restored.manifest
        if restored.differences:
            raise CommandError(
                "The portal differs from the backup:\n"
                + "\n".join(restored.differences)
            )
        self.stdout.write(
            f"Restored {manifest.row_count} rows in {len(manifest.tables)} tables and "
            f"{len(manifest.files)} documents, as of {manifest.made_at:%Y-%m-%d %H:%M} "
            "UTC. All counts and checksums agree."
        )
        for name in manifest.missing_files:
            self.stdout.write(f"Was missing before the backup already: {name}")


def _opened(path: str) -> IO[bytes]:
    if path != "-":
        return Path(path).open("rb")
    # A ZIP file is read from its end, so what comes in is kept first.
    spool = tempfile.TemporaryFile()  # noqa: SIM115 (closed by who asked for it)
    shutil.copyfileobj(sys.stdin.buffer, spool)
    spool.seek(0)
    return spool
