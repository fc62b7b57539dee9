"""Comments on resource requests, with mentions of who may read them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest

from psdelivery.comments.registry import Subject, register_subject
from psdelivery.people.models import User
from scheduling.access import visible_requests
from scheduling.models import ResourceRequest
from scheduling.words import headline

KEY = "request"


def subject_of(asked: ResourceRequest) -> Subject:
    """Return a request as what is commented on; who acts on it can be told."""
    people = [asked.requested_by, asked.coordinator, asked.person]
    active = [one for one in people if one is not None and one.is_active]
    return Subject(
        record=asked,
        title=headline(asked),
        url=asked.get_absolute_url(),
        engagement=asked.engagement,
        team=list(dict.fromkeys(active)),
    )


def load_request(request: HttpRequest, pk: str) -> Subject:
    """Return the request; raises Http404 for who may not read it."""
    found = None
    if pk.isascii() and pk.isdigit() and len(pk) <= 18:
        user: Any = request.user  # the middleware lets nobody else through
        seen = visible_requests(user).select_related(
            "engagement__customer", "requested_by", "coordinator", "person"
        )
        found = seen.filter(pk=pk).first()
    if found is None:
        raise Http404
    return subject_of(found)


def readers_of(asked: Model, people: Iterable[User]) -> set[int]:
    """Return who of these people may read the request."""
    return {
        person.pk
        for person in people
        if visible_requests(person).filter(pk=asked.pk).exists()
    }


def register_comments() -> None:
    """Let people comment on requests."""
    register_subject(KEY, ResourceRequest, loader=load_request, readers=readers_of)
