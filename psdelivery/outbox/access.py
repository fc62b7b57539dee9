"""Who sees which messages, and loaders that answer 404 or 403."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from psdelivery.access import Action, Scope, scope_for
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message, MessageQuerySet
from psdelivery.outbox.templates import MailKind, Topic, kinds_about, mail_kind
from psdelivery.people.choices import Role
from psdelivery.people.models import User
from psdelivery.registry import reach

FIELD_ROLES = frozenset(
    {Role.PSE, Role.TRAINER, Role.TECHNICAL_ARCHITECT, Role.PARTNER}
)


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
        kind = mail_kind(message.kind)
        # A link or code that lets people in: for those who work with it.
        hidden = kind is not None and kind.has_secret
        return not hidden or sees_engagement(user, message)
    return message.state == State.KEPT and Role.ADMINISTRATOR in user.role_set


def may_write(user: User, kind: MailKind, record: Any) -> bool:
    """Answer whether the person may prepare and send this mail about this record.

    Engineers and trainers: of their own sessions and discovery only.
    """
    engagement = kind.topic.engagement_of(record)
    office = scope_for(user.role_set - FIELD_ROLES, Action.MAIL_SEND)
    if reaches(user, office, engagement):
        return True
    if not kind.topic.is_own_work(user, record):
        return False
    field = scope_for(user.role_set & FIELD_ROLES, Action.MAIL_SEND)
    return reaches(user, field, engagement)


def reaches(user: User, scope: Scope, engagement: Model | None) -> bool:
    """Answer whether an engagement lies in the scope; none does only in "all"."""
    if scope >= Scope.ALL or engagement is None:
        return scope >= Scope.ALL
    return reach.covers(user, scope, engagement)


def may_send(user: User, message: Message) -> bool:
    """Answer whether the person may check and send this draft."""
    if not may(user, Action.MAIL_SEND, message):
        return False
    letter_kind = mail_kind(message.kind)
    if letter_kind is None or not message.source.get("pk"):
        return True
    record = letter_kind.topic.rows().filter(pk=message.source["pk"]).first()
    return record is None or may_write(user, letter_kind, record)


def get_draft(request: HttpRequest, pk: UUID) -> Message:
    """Return a draft to check or send: 404 outside what may be read, 403 inside it."""
    message = get_message(request, pk, Action.MAIL_SEND)
    if not may_send(cast(User, request.user), message):
        raise PermissionDenied(_("Your role does not send this mail."))
    return message


def get_record(request: HttpRequest, kind: MailKind, pk: int) -> Any:
    """Return what a mail is to be about: 404 out of sight, 403 where others write."""
    user = cast(User, request.user)
    seen = kind.topic.within(user).filter(pk=pk)
    record = kind.topic.rows().filter(pk__in=seen.values("pk")).first()
    if record is None:
        raise Http404(_("There is nothing to write about here."))
    if not may_write(user, kind, record):
        raise PermissionDenied(_("Your role does not send this mail."))
    return record


def kinds_to_write(user: User, topic: Topic, record: Any) -> list[MailKind]:
    """Return the mails that the person may write about a record, and that fit it."""
    fitting = [kind for kind in kinds_about(topic) if kind.is_offered(record)]
    if not fitting or not may_write(user, fitting[0], record):
        return []
    return fitting
