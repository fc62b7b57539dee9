from typing import cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from psdelivery.documents.models import Document
from psdelivery.documents.scopes import documents_within
from psdelivery.people.models import User


def get_document(request: HttpRequest, pk: int) -> Document:
    """Return the document, or answer 404 to who may not see it."""
    user = cast(User, request.user)  # the middleware lets nobody else through
    return get_object_or_404(Document.objects.filter(documents_within(user)), pk=pk)
