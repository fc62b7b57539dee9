"""Comments of somebody, for them to have; and their name in those of others."""

import re
from typing import Any

from psdelivery.comments.models import Comment
from psdelivery.people.events import PersonalDataErased
from psdelivery.people.models import User
from psdelivery.people.personal_data import register_personal_data, rows
from psdelivery.registry import reactions


def comments_by(person: User) -> list[dict[str, Any]]:
    """Return what a person wrote in comments."""
    written = Comment.objects.filter(by=person).order_by("at")
    return rows(written.values("at", "title", "text"))


def erase_mentions(event: PersonalDataErased) -> None:
    """Replace the log-in name of somebody who was erased where comments mention it."""
    if not isinstance(event.subject, User):
        return
    name = re.compile(rf"@{re.escape(event.old_username)}\b", re.IGNORECASE)
    mentioned = Comment.objects.filter(text__icontains=f"@{event.old_username}")
    for comment in mentioned.only("text"):
        comment.text = name.sub(f"@{event.subject.username}", comment.text)
        comment.save(update_fields=["text"])


def register_comment_data() -> None:
    """Tell which comments are somebody's, and listen for who is erased."""
    register_personal_data(User, "comments", comments_by)
    reactions.register(PersonalDataErased, erase_mentions)
