"""Calendar feeds: made, read and revoked; only the hash of the secret is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.models import Engagement
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.registry import Reason, refuse
from scheduling.choices import FeedKind
from scheduling.models import CalendarFeed, FeedRead

SECRET_BYTES = 32
MOST_FEEDS = 20
# Programs ask every few minutes; the log needs no line for each.
LOG_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class NewFeed:
    """A feed with the address that is shown once."""

    feed: CalendarFeed
    path: str


@dataclass(frozen=True)
class Reader:
    """Who reads a feed: the address in the network and the program."""

    address: str | None
    program: str


def hash_of(secret: str) -> str:
    """Return what is stored of a secret."""
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_feed(
    owner: User, kind: str, engagement: Engagement | None = None, *, now: datetime
) -> NewFeed:
    """Make a feed; raises RuleRefused for whoever has too many.

    The secret stands in its address alone: neither history nor log knows it.
    """
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=owner.pk)
    running = CalendarFeed.objects.filter(owner=owner, revoked_at=None).count()
    if running >= MOST_FEEDS:
        sentence = _("You have %(most)s feeds. Revoke one that is not used any more.")
        refuse([Reason("too-many", sentence % {"most": MOST_FEEDS})])
    secret = token_urlsafe(SECRET_BYTES)
    feed = CalendarFeed.objects.create(
        kind=kind,
        owner=owner,
        engagement=engagement if kind == FeedKind.ENGAGEMENT else None,
        token_hash=hash_of(secret),
        created_at=now,
    )
    record("feed-made", by=owner, subject=feed, engagement=engagement, now=now)
    return NewFeed(feed, reverse("scheduling:feed", args=[secret]))


@transaction.atomic
def revoke_feed(feed: CalendarFeed, *, by: User, now: datetime) -> CalendarFeed:
    """Let the address of a feed answer no more; a second click changes nothing."""
    stored = CalendarFeed.objects.select_for_update(of=("self",)).get(pk=feed.pk)
    if stored.revoked_at is None:
        stored.revoked_at = now
        stored.save(update_fields=["revoked_at"])
        record(
            "feed-revoked",
            by=by,
            subject=stored,
            engagement=stored.engagement,
            now=now,
        )
    return stored


def feed_of(secret: str) -> CalendarFeed | None:
    """Return the feed of a secret; None for one revoked, or whose owner has left."""
    rows = CalendarFeed.objects.filter(revoked_at=None, owner__is_active=True)
    found = rows.select_related("owner", "engagement__customer")
    return found.filter(token_hash=hash_of(secret)).first()


def note_reading(feed: CalendarFeed, reader: Reader, *, now: datetime) -> None:
    """Count a reading, and log who it was unless the same was logged a moment ago."""
    with transaction.atomic():
        CalendarFeed.objects.filter(pk=feed.pk).update(
            reads=F("reads") + 1, last_read_at=now
        )
        recent = FeedRead.objects.filter(
            feed=feed, address=reader.address, at__gt=now - LOG_EVERY
        )
        if not recent.exists():
            FeedRead.objects.create(
                feed=feed,
                at=now,
                address=reader.address,
                program=reader.program[:200],
            )
