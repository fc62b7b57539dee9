"""What somebody wrote into texts that are written together, for them to have."""

from typing import Any

from psdelivery.livetext.models import LiveTextVersion
from psdelivery.people.models import User
from psdelivery.people.personal_data import register_personal_data, rows


def texts_by(person: User) -> list[dict[str, Any]]:
    """Return each text as the person left it, kept aside or taken over."""
    written = LiveTextVersion.objects.filter(by=person).order_by("at", "pk")
    fields = ("at", "row__sheet__kind", "row__sheet", "row__key", "text", "is_aside")
    return rows(written.values(*fields))


def register_text_data() -> None:
    """Tell which texts are somebody's."""
    register_personal_data(User, "texts", texts_by)
