"""Whom a command is about: a person, or a contact of a customer, by number."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError, CommandParser

from psdelivery.people.models import Contact, User


def add_subject(parser: CommandParser) -> None:
    """Ask for `--person 12` or `--contact 5`; the number ends the page's address."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--person", type=int, help="number of the person")
    which.add_argument("--contact", type=int, help="number of the contact")


def subject_of(options: Mapping[str, Any]) -> User | Contact:
    """Return whom the options name. Raises CommandError where there is nobody."""
    model = User if options["person"] is not None else Contact
    found = model._default_manager.filter(pk=options["person"] or options["contact"])
    subject = found.first()
    if subject is None:
        raise CommandError("There is nobody of this number.")
    return subject
