"""Take away what is older than the settings say, as the worker does at night."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from psdelivery import clock
from psdelivery.operations.services.purges import Old, count_old, purge_old

AN_HOUR = 3600.0


class Command(BaseCommand):
    help = "Take away old mail texts and the like, by the days under Settings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="only say how much there is"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        found = count_old(now)
        taken = {} if options["dry_run"] else purge_old(now, seconds=AN_HOUR)
        for old in found:
            self.stdout.write(f"{old.purge.title}: {_told(old, taken)}")


def _told(old: Old, taken: dict[str, int]) -> str:
    if old.days is None:
        return "kept for good"
    found = f"{old.count} older than {old.days} days" if old.days else str(old.count)
    return f"{found}, {taken[old.purge.key]} taken" if old.purge.key in taken else found
