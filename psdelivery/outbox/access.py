"""Who sees which messages, and loaders that answer 404 or 403."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from psdelivery.access import Action, Scope, scope_for
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message, MessageQuerySet
from psdelivery.people.choices import Role
from psdelivery.people.models import User
from psdelivery.registry import reach


def visible_messages(user: User, action: Action) -> MessageQuerySet:
    """Return the messages within the person's scope of the action.

    Own: of my engagements, or addressed to me. What belongs to no engagement and
    goes to others is only for those who reach everything.
    """
    scope = scope_for(user.role_set, action)
    if scope is Scope.ALL:
        return Message.objects.all()
    if scope is Scope.NONE:
        return Message.objects.none()
    mine = Message.objects.addressed_to(user.email)
    if scope < Scope.OWN:
        return mine
    ours = Message.objects.filter(engagement__in=_engagements_within(user, scope))
    # A union reads two indexes where "or" would read every mail there ever was.
    both = mine.order_by().values("pk").union(ours.order_by().values("pk"))
    return Message.objects.filter(pk__in=both)


def _engagements_within(user: User, scope: Scope) -> list[int]:
    """Return ids, not a subquery: the database cannot guess how few they are."""
    # By name: the engagements stand below the outbox and are not imported here.
    engagements = apps.get_model("engagements", "Engagement")._default_manager
    within = engagements.filter(reach.condition(user, scope, ""))
    return list(within.order_by().values_list("pk", flat=True))


def sees_engagement(user: User, message: Message) -> bool:
    """Tell whether the person may open the engagement that the message is about."""
    scope = scope_for(user.role_set, Action.ENGAGEMENT_SEE)
    within = Message.objects.filter(reach.condition(user, scope, "engagement"))
    return message.engagement_id is not None and within.filter(pk=message.pk).exists()


def get_message(request: HttpRequest, pk: UUID, action: Action) -> Message:
    """Return a message to act on: 404 outside what may be read, 403 inside it."""
    user = cast(User, request.user)  # the middleware lets nobody else through
    readable = visible_messages(user, Action.OUTBOX_READ)
    message = (
        readable.select_related("engagement__customer", "created_by")
        .filter(pk=pk)
        .first()
    )
    if message is None:
        raise Http404(_("There is no such message, or it is not yours to read."))
    if action is not Action.OUTBOX_READ and not may(user, action, message):
        raise PermissionDenied(_("Your role does not decide about this message."))
    return message


def may(user: User, action: Action, message: Message) -> bool:
    """Answer whether the message lies within the person's scope of the action."""
    return visible_messages(user, action).filter(pk=message.pk).exists()


def may_read_text(user: User, message: Message) -> bool:
    """Secrets are not shown: they were meant for the one who got the mail.

    Where no mail leaves, an administrator has to pass them on.
    """
    if not message.is_secret:
        return True
    return message.state == State.KEPT and Role.ADMINISTRATOR in user.role_set
