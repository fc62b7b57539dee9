"""Comments on engagements: a tab of their own, with those on its steps."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from engagements.access import visible_engagements
from engagements.models import Engagement
from engagements.queries import team_of
from engagements.registry import Panel, panels
from psdelivery.comments.models import Comment
from psdelivery.comments.registry import Subject, register_subject
from psdelivery.people.models import User

TAB = "comments"


def subject_of(engagement: Engagement) -> Subject:
    """Return an engagement as what is commented on; its team can be told."""
    people = [member.person for member in team_of(engagement)]
    active = [one for one in people if one is not None and one.is_active]
    return Subject(
        record=engagement,
        title=str(engagement),
        url=f"{engagement.get_absolute_url()}{TAB}/",
        engagement=engagement,
        team=list(dict.fromkeys(active)),
    )


def load_engagement(request: HttpRequest, pk: str) -> Subject:
    """Return the engagement; raises Http404 for who may not see it."""
    found = None
    if pk.isdigit() and len(pk) <= 18:
        user: Any = request.user  # the middleware lets nobody else through
        seen = visible_engagements(user).select_related("customer")
        found = seen.prefetch_related("team__person").filter(pk=pk).first()
    if found is None:
        raise Http404
    return subject_of(found)


def readers_of(engagement: Model, people: Iterable[User]) -> set[int]:
    """Return who of these people may see the engagement."""
    return {
        person.pk
        for person in people
        if visible_engagements(person).filter(pk=engagement.pk).exists()
    }


def comments_tab(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """What was said about the engagement and its steps."""
    return {
        "subject": subject_of(engagement),
        "comments": Comment.objects.filter(engagement=engagement),
    }


def register_comments() -> None:
    """Let people comment on engagements, in a tab."""
    register_subject(
        "engagement", Engagement, loader=load_engagement, readers=readers_of
    )
    template = "engagements/panels/comments.html"
    panels.register(Panel(TAB, _("Comments"), template, 25, comments_tab))
