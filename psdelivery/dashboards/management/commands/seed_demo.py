"""Fill an empty portal with believable engagements."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from engagements.models import Engagement
from psdelivery import clock
from psdelivery.dashboards.demo.seeding import seed


class Command(BaseCommand):
    help = (
        "Fill an empty portal with demo data, the same for the same --seed. The demo "
        "log-ins have a password only with DEMO=1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--engagements", type=int, default=60)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        count = options["engagements"]
        if count < 1:
            raise CommandError("--engagements must be 1 or more.")
        if Engagement.objects.exists():
            raise CommandError(
                "There are engagements already, so nothing was written: demo data "
                "go into an empty portal."
            )
        seed(count, options["seed"], now=clock.now().replace(microsecond=0))
        self.stdout.write(f"{count} engagements written.")
