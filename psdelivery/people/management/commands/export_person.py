"""Write down what the portal holds on somebody."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from psdelivery import clock
from psdelivery.people.management.subject import add_subject, subject_of
from psdelivery.people.services import export_personal_data


class Command(BaseCommand):
    help = "Print what the portal holds on a person or a contact, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        add_subject(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        data = export_personal_data(subject_of(options), by=None, now=clock.now())
        self.stdout.write(
            json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        )
