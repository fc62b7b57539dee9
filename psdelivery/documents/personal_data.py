"""Documents that somebody added, for them to have."""

from typing import Any

from psdelivery.documents.models import Document
from psdelivery.people.models import User
from psdelivery.people.personal_data import register_personal_data, rows


def documents_of(person: User) -> list[dict[str, Any]]:
    """Return the titles of what a person added."""
    added = Document.objects.filter(uploaded_by=person).order_by("created_at")
    return rows(added.values("title", "filename", "created_at"))


def register_document_data() -> None:
    """Tell which documents are somebody's."""
    register_personal_data(User, "documents", documents_of)
