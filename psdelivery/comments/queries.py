"""Reads of comments that need more than a queryset method."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from psdelivery.comments.models import Mention
from psdelivery.people.models import User
from psdelivery.registry import WaitingItem

EXCERPT = 120
MOST_SHOWN = 20
# What a row of My day tells of a comment.
SHOWN = (
    "comment__title", "comment__url", "comment__text", "comment__at",
    "comment__by__username", "comment__by__first_name", "comment__by__last_name",
)  # fmt: skip


def people_called(names: Iterable[str]) -> dict[str, User]:
    """Return people by their log-in names in small letters; one query."""
    wanted = list(names)
    if not wanted:
        return {}
    people = User.objects.annotate(small=Lower("username")).filter(small__in=wanted)
    return {person.username.lower(): person for person in people}


def mentions_of(user: User, now: datetime) -> Sequence[WaitingItem]:
    """Return where somebody was mentioned and has not looked yet, for My day."""
    unseen = Mention.objects.filter(person=user, seen_at=None)
    shown = unseen.filter(Q(comment__deleted_at=None)).select_related("comment__by")
    rows = shown.only(*SHOWN).order_by("comment__at")
    return [_item(mention) for mention in rows[:MOST_SHOWN]]


def _item(mention: Mention) -> WaitingItem:
    comment = mention.comment
    words = {"who": comment.by.display_name, "title": comment.title}
    return WaitingItem(
        title=_("%(who)s mentioned you: %(title)s") % words,
        url=comment.get_absolute_url(),
        why=Truncator(" ".join(comment.text.split())).chars(EXCERPT),
        since=comment.at,
        icon="chat-left-text",
        action_url=reverse("comments:mention-seen", args=[mention.pk]),
        action_label=_("Seen"),
    )
