from typing import cast

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from psdelivery.access import Action, Scope, scope_for
from psdelivery.documents.models import Document
from psdelivery.people.choices import Role
from psdelivery.people.models import User
from psdelivery.registry import reach


def get_document(request: HttpRequest, pk: int) -> Document:
    """Return the document, or answer 404 to who may not see it."""
    user = cast(User, request.user)  # the middleware lets nobody else through
    return get_object_or_404(Document.objects.filter(documents_within(user)), pk=pk)


def documents_within(user: User) -> Q:
    """Describe every document that `user` may see.

    One of an engagement is for who may see the engagement, and its value where
    the document tells it. One that belongs to none is for who added it and, unless it
    is private, for administrators.
    """
    allowed = Q(engagement=None, uploaded_by=user)
    if Role.ADMINISTRATOR in user.role_set:
        allowed |= Q(engagement=None, is_private=False)
    seen = _of_engagements(user, Action.ENGAGEMENT_SEE)
    valued = _of_engagements(user, Action.VALUE_SEE)
    return allowed | (seen & (Q(is_money=False) | valued))


def _of_engagements(user: User, action: Action) -> Q:
    scope = scope_for(user.role_set, action)
    if scope is Scope.NONE:
        return Q(pk__in=[])
    return Q(engagement__isnull=False) & reach.condition(user, scope, "engagement")
