"""Load playbooks, courses and offerings that come with the portal."""

from typing import Any

from django.core.management.base import BaseCommand

from psdelivery.playbooks.services.shipped import load_shipped_data
from psdelivery.registry import shipped_data


class Command(BaseCommand):
    help = "Load the shipped playbooks, courses and offerings; keeps what was edited."

    def handle(self, *args: Any, **options: Any) -> None:
        playbooks = load_shipped_data()
        self.stdout.write(f"Playbooks written: {len(playbooks)}")
        for name, count in shipped_data.load_all():
            self.stdout.write(f"{name} written: {count}")
