"""Writing comments, and telling those who are mentioned."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from psdelivery.comments.models import TITLE_LENGTH, Comment, Mention
from psdelivery.comments.queries import people_called
from psdelivery.comments.registry import Subject, kind_of
from psdelivery.comments.rules import (
    mentioned_names,
    reasons_against_deleting,
    reasons_against_editing,
    reasons_against_mentions,
)
from psdelivery.history.services import record
from psdelivery.outbox.choices import Audience
from psdelivery.outbox.daily import forget_notices
from psdelivery.outbox.drafts import MessageDraft
from psdelivery.outbox.markdown import render_mail_markdown
from psdelivery.outbox.services import queue_many
from psdelivery.people.away import stand_ins
from psdelivery.people.models import User
from psdelivery.people.notifications import MENTION
from psdelivery.registry import refuse

KIND = "mention"


def mentioned_in(text: str, subject: Model) -> list[User]:
    """Return who is mentioned. Raises RuleRefused for who could not read it."""
    names = mentioned_names(text)
    people = people_called(names)
    readers = kind_of(subject).readers(subject, people.values())
    refuse(reasons_against_mentions(names, people, readers))
    return [people[name] for name in names]


def add_comment(subject: Subject, text: str, *, by: User, now: datetime) -> Comment:
    """Write a comment and tell those whom it mentions, but the author.

    Who answers has seen where they were mentioned before.
    """
    people = mentioned_in(text, subject.record)
    with transaction.atomic():
        comment = Comment.objects.create(
            subject_type=ContentType.objects.get_for_model(subject.record),
            subject_id=str(subject.record.pk),
            title=subject.title[:TITLE_LENGTH],
            url=subject.url,
            engagement_id=subject.engagement.pk if subject.engagement else None,
            text=text,
            by=by,
            at=now,
        )
        _record("comment-added", comment, subject.record, by=by, now=now)
        _mention(comment, people, now=now)
        on_it = Comment.objects.on(subject.record).values("pk")
        _see(Mention.objects.filter(person=by, comment__in=on_it), now)
    return comment


def edit_comment(
    comment: Comment, text: str, subject: Model, *, by: User, now: datetime
) -> Comment:
    """Change a comment; who is mentioned for the first time is told."""
    people = mentioned_in(text, subject)
    with transaction.atomic():
        stored = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
        refuse(reasons_against_editing(stored, by, now=now))
        if text == stored.text:
            return stored
        stored.text, stored.edited_at = text, now
        stored.save(update_fields=["text", "edited_at"])
        _record("comment-edited", stored, subject, by=by, now=now)
        _forget(stored.mentions.exclude(person__in=people))
        known = set(stored.mentions.values_list("person_id", flat=True))
        new = [person for person in people if person.pk not in known]
        _mention(stored, new, now=now)
    return stored


def delete_comment(
    comment: Comment, subject: Model, *, by: User, now: datetime
) -> Comment:
    """Take a comment back: that there was one stays, and not what it said."""
    with transaction.atomic():
        stored = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
        refuse(reasons_against_deleting(stored, by))
        stored.text, stored.deleted_at, stored.deleted_by = "", now, by
        stored.save(update_fields=["text", "deleted_at", "deleted_by"])
        _forget(stored.mentions.all())
        _record("comment-deleted", stored, subject, by=by, now=now)
    return stored


def see_mention(mention: Mention, *, now: datetime) -> None:
    """Note that the person has seen where they were mentioned."""
    with transaction.atomic():
        _see(Mention.objects.filter(pk=mention.pk), now)


def _see(mentions: QuerySet[Mention], now: datetime) -> None:
    """Note that they were seen; a mail of tomorrow need not tell of them."""
    unseen = mentions.filter(seen_at=None)
    forget_notices(keys_of(unseen))
    unseen.update(seen_at=now)


def _forget(mentions: QuerySet[Mention]) -> None:
    """Delete mentions, with the news of them that have not left."""
    forget_notices(keys_of(mentions))
    mentions.delete()


def keys_of(mentions: QuerySet[Mention]) -> list[str]:
    """Return the keys of the mails that tell of mentions."""
    pairs = mentions.values_list("comment", "person")
    return [key_of(comment, person) for comment, person in pairs]


def key_of(comment_id: int, person_id: int) -> str:
    """Return what makes the mail about a mention the same mail."""
    return f"{KIND}:{comment_id}:{person_id}"


def _mention(comment: Comment, people: Iterable[User], *, now: datetime) -> None:
    others = [person for person in people if person.pk != comment.by_id]
    Mention.objects.bulk_create(
        Mention(comment=comment, person=person) for person in others
    )
    # Who is away finds it on My day; no mail goes into an empty office.
    away = stand_ins(now, others)
    told = [person for person in others if person.pk not in away]
    if told:
        queue_many([_draft(comment, person) for person in told], now)


def _draft(comment: Comment, person: User) -> MessageDraft:
    address = f"{settings.SITE_URL}{comment.get_absolute_url()}"
    words = {"who": comment.by.display_name, "title": comment.title}
    opening = _("%(who)s mentioned you: %(title)s") % words
    quoted = "\n".join(f"> {line}" for line in comment.text.splitlines())
    markdown = f"{opening}\n\n{quoted}\n\n[{_('Open it in the portal')}]({address})"
    text, html = render_mail_markdown(markdown)
    engagement = comment.engagement_id
    return MessageDraft(
        kind=KIND,
        audience=Audience.STAFF,
        to=[person.email],
        subject=opening,
        text=text,
        html=html,
        idempotency_key=key_of(comment.pk, person.pk),
        engagement=comment.engagement,
        thread_key=f"engagement-{engagement}" if engagement else "",
        reason=MENTION,
        why=_("You were mentioned in a comment."),
        by=comment.by,
    )


def _record(
    verb: str, comment: Comment, subject: Model, *, by: User, now: datetime
) -> None:
    record(verb, by=by, subject=subject, engagement=comment.engagement, now=now)
