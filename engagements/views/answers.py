"""What the views of engagements have in common: how forms are posted and refused."""

from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from psdelivery.people.views.answers import posted as posted
from psdelivery.people.views.answers import status_of as status_of
from psdelivery.people.views.answers import written as written


def posted_files(request: HttpRequest) -> MultiValueDict[str, Any] | None:
    """Return the files that came with a post; None on a GET."""
    return request.FILES if request.method == "POST" else None
