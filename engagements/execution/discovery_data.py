"""What somebody said and decided in discovery, for them to have."""

from typing import Any

from engagements.execution.models import Assumption, DiscoverySession
from psdelivery.people.models import Contact, User
from psdelivery.people.personal_data import register_personal_data, rows

WORK = ("engagement__title", "engagement__customer__name")


def discovery_of(person: User) -> dict[str, list[dict[str, Any]]]:
    """Return the assumptions that a person decided, and the recaps they read back."""
    decided = Assumption.objects.filter(decided_by=person)
    read = DiscoverySession.objects.filter(read_back_by=person)
    return {
        "assumptions": rows(
            decided.values(*WORK, "text", "state", "evidence", "decided_at")
        ),
        "read_back": rows(read.values(*WORK, "title", "read_back_at")),
    }


def recaps_of(contact: Contact) -> list[dict[str, Any]]:
    """Return the recaps that a contact confirmed, and how."""
    confirmed = DiscoverySession.objects.filter(confirmed_by=contact)
    return rows(confirmed.values(*WORK, "title", "confirmed_at", "confirmation"))


def register_discovery_data() -> None:
    """Tell what discovery holds on people and contacts."""
    register_personal_data(User, "discovery", discovery_of)
    register_personal_data(Contact, "recaps", recaps_of)
