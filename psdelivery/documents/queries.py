"""Reads of documents that need more than a queryset method."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from psdelivery.documents.models import Document


def with_older_versions(documents: Sequence[Document]) -> Sequence[Document]:
    """Give each document `older_versions`, newest first; one query for all.

    Who may see the newest version may see the others: they tell money or none does.
    """
    found: dict[UUID, list[Document]] = defaultdict(list)
    older = Document.objects.older().select_related("uploaded_by")
    for version in older.filter(series__in=[one.series for one in documents]):
        found[version.series].append(version)
    for document in documents:
        document.older_versions = found[document.series]
    return documents
