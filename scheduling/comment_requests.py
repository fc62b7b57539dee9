"""Comments that ask a coordinator for something, made requests by one click."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.access import may
from engagements.choices import Kind
from engagements.models import Engagement
from psdelivery.access import Action, Scope, scope_for
from psdelivery.comments.models import Comment
from psdelivery.comments.registry import CommentAction, kind_of, register_action
from psdelivery.people.choices import Role
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from scheduling.choices import INTERNAL_KINDS, RequestState
from scheduling.models import ResourceRequest
from scheduling.queries.requests import usual_engagement
from scheduling.rules.wishes import ReadWish, kind_for, read_wish
from scheduling.services.requests import Wish

NOTE_LENGTH = 2_000
DROPPED = frozenset({RequestState.WITHDRAWN, RequestState.REFUSED})


def request_actions(
    reader: User, comments: Sequence[Comment]
) -> Mapping[int, CommentAction]:
    """Offer "Make it a request" where a coordinator is mentioned.

    The comments of a page are about one engagement: it is asked about once.
    """
    scope = scope_for(reader.role_set, Action.RESOURCE_REQUEST)
    about_work = [one for one in comments if one.engagement_id and not one.is_deleted]
    if scope is Scope.NONE or not about_work:
        return {}
    ids = [one.pk for one in about_work]
    asking, made = mentioning_coordinators(ids), made_of(ids)
    works = Engagement.objects.in_bulk({one.engagement_id for one in about_work})
    near = {pk for pk, work in works.items() if may_ask_on(reader, work)}
    found = {
        one.pk: button_of(one)
        for one in about_work
        if one.pk in asking and (one.by_id == reader.pk or one.engagement_id in near)
    }
    became = _("Became a request")
    return found | {pk: CommentAction(became, made[pk], posts=False) for pk in made}


def button_of(comment: Comment) -> CommentAction:
    """Return the button that makes a comment a request."""
    url = reverse("scheduling:comment-request", args=[comment.pk])
    return CommentAction(_("Make it a request"), url, "inbox")


def mentioning_coordinators(ids: Sequence[int]) -> set[int]:
    """Return those of the comments that mention a coordinator."""
    named = Comment.objects.filter(
        pk__in=ids, mentions__person__role_grants__role=Role.COORDINATOR
    )
    return set(named.order_by().values_list("pk", flat=True))


def made_of(ids: Sequence[int]) -> dict[int, str]:
    """Return the addresses of the requests that comments have become."""
    rows = ResourceRequest.objects.filter(comment__in=ids).exclude(state__in=DROPPED)
    return {row.comment_id: row.get_absolute_url() for row in rows if row.comment_id}


def get_comment(request: SignedInRequest, pk: int) -> Comment:
    """Load a comment that the person may make a request.

    Raises Http404 for one that they may not read, PermissionDenied for one of others
    on work that they may not ask for.
    """
    comments = Comment.objects.select_related(
        "subject_type", "engagement__customer", "by"
    )
    comment = get_object_or_404(comments, pk=pk, deleted_at=None)
    model = comment.subject_type.model_class()
    if model is None or comment.engagement is None:
        raise Http404(_("There is no such comment."))
    kind_of(model).loader(request, comment.subject_id)
    user = request.user
    if comment.by_id == user.pk or may_ask_on(user, comment.engagement):
        return comment
    raise PermissionDenied(_("Your role does not include this."))


def may_ask_on(user: User, engagement: Engagement) -> bool:
    """Tell whether the person asks for people on the engagement."""
    return may(user, Action.RESOURCE_REQUEST, engagement)


def request_made_of(comment: Comment) -> ResourceRequest | None:
    """Return the request that a comment has become already."""
    rows = comment.resource_requests.exclude(state__in=DROPPED)
    return rows.first()


def asked_in(
    comment: Comment, user: User, now: datetime
) -> tuple[ResourceRequest, ReadWish]:
    """Return what a comment asks for, as a request that is not saved yet.

    Internal time is its author's; whoever makes it a request asks on their behalf,
    where the author may ask at all.
    """
    wish = read_wish(comment.text, local_day(now, comment.by.zone))
    is_internal = comment.engagement.kind == Kind.INTERNAL  # type: ignore[union-attr]  # get_comment
    kind = kind_for(wish, is_internal=is_internal)
    author_asks = scope_for(comment.by.role_set, Action.RESOURCE_REQUEST)
    asked = ResourceRequest(
        kind=kind,
        engagement=comment.engagement,
        comment=comment,
        requested_by=comment.by if author_asks else user,
        booking=wish.booking,
        hours_per_day=wish.per_day,
        hours_total=wish.total,
        note=comment.text[:NOTE_LENGTH],
        task=wish.task,
        coordinator=coordinator_in(comment),
    )
    if kind in INTERNAL_KINDS:
        asked.person = comment.by
        if not is_internal:
            asked.engagement = usual_engagement(kind)
    else:
        asked.coordinator = None
    return asked, wish


def coordinator_in(comment: Comment) -> User | None:
    """Return the first coordinator whom the comment mentions."""
    mentions = comment.mentions.filter(person__role_grants__role=Role.COORDINATOR)
    first = mentions.select_related("person").order_by("pk").first()
    return first.person if first is not None else None


def is_whole(asked: ResourceRequest, wish: ReadWish) -> bool:
    """Whether the comment says all that internal time needs, so that it can be sent."""
    return asked.kind in INTERNAL_KINDS and wish.is_whole and bool(asked.engagement)


def wish_of(wish: ReadWish) -> Wish:
    """Return the days that were understood."""
    return Wish(ranges=wish.ranges)


def register_comment_requests() -> None:
    """Offer it under comments."""
    register_action("request", request_actions)
