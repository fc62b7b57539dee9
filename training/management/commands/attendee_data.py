"""Print what the portal holds on an attendee who is no contact, or erase it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from psdelivery import clock
from psdelivery.people.personal_data import rows
from training.attendee_data import attendance_told, erase_address
from training.models import Submission


class Command(BaseCommand):
    help = (
        "Print what rosters and submissions hold on an address, as JSON, or erase it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="address of the attendee")
        parser.add_argument("--erase", action="store_true", help="no way back")
        parser.add_argument(
            "--reason", default="", help="for the history, with --erase"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        address = options["email"].strip()
        if options["erase"]:
            self.erase(address, options["reason"].strip())
            return
        handed_in = Submission.objects.filter(attendee_email__iexact=address)
        fields = ("attendee_name", "attendee_email", "submitted_at", "result", "score")
        data = {
            "attendance": attendance_told(address),
            "submissions": rows(handed_in.values("delivery__title", *fields)),
        }
        self.stdout.write(
            json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        )

    def erase(self, address: str, reason: str) -> None:
        if not reason:
            raise CommandError("Say why: --reason")
        count = erase_address(address, reason=reason, now=clock.now())
        if not count:
            raise CommandError("Nobody is known by this address.")
        self.stdout.write(f"Erased in {count} records.")
