"""Erase the personal data of somebody who has left."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from psdelivery import clock
from psdelivery.people.management.subject import add_subject, subject_of
from psdelivery.people.models import User
from psdelivery.people.services import erase_contact, erase_person
from psdelivery.registry import RuleRefused


class Command(BaseCommand):
    help = "Erase the personal data of somebody who has left; there is no way back."

    def add_arguments(self, parser: CommandParser) -> None:
        add_subject(parser)
        parser.add_argument("--reason", required=True, help="for the history")

    def handle(self, *args: Any, **options: Any) -> None:
        subject = subject_of(options)
        facts: dict[str, Any] = {"by": None, "reason": options["reason"]}
        try:
            if isinstance(subject, User):
                erased = str(erase_person(subject, **facts, now=clock.now()))
            else:
                erased = str(erase_contact(subject, **facts, now=clock.now()))
        except RuleRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Erased: {erased}")
