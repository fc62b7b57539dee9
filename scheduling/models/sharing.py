"""Calendar feeds, and the board as it is shared: views, and what changed on it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from psdelivery.people.labels import Labelled
from psdelivery.people.validators import validate_line
from scheduling.choices import BoardPart, FeedKind


class CalendarFeed(Labelled):
    """An address at which a calendar program reads bookings; secret and revocable.

    Only the hash of the secret is kept: it is shown once, when it is made.
    """

    kind = models.CharField(_("shows"), max_length=10, choices=FeedKind.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feeds"
    )
    engagement = models.ForeignKey(
        "engagements.Engagement",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="feeds",
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True)
    reads = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=FeedKind.ENGAGEMENT, engagement__isnull=False)
                | (~Q(kind=FeedKind.ENGAGEMENT) & Q(engagement__isnull=True)),
                name="feed_of_engagement_names_it",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class FeedRead(models.Model):
    """Who read a feed, by address of the network; purged after a while."""

    feed = models.ForeignKey(CalendarFeed, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField(db_index=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    program = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return str(self.at)


class BoardView(models.Model):
    """Filters of the board that somebody named, for themselves or for everybody."""

    name = models.CharField(_("name"), max_length=80, validators=[validate_line])
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="board_views"
    )
    is_shared = models.BooleanField(_("for everybody"), default=False)
    # The part of the address after the question mark.
    query = models.CharField(max_length=1_000, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="board_view_name_once",
                violation_error_message=_("You have a view of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BoardChange(models.Model):
    """A part of the board that changed, so that open boards fetch it again.

    Written with each change and never changed: an order of its own would make bookings
    wait for one another. Old rows are taken away at night.
    """

    part = models.CharField(max_length=8, choices=BoardPart.choices)
    # Whose row it is.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
    )
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(part="row", person__isnull=False)
                | (~Q(part="row") & Q(person__isnull=True)),
                name="board_change_of_row_names_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()}: {self.person_id or ''}"
