"""Texts that several people write at once: a row per field or card, with a version."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class LiveSheet(models.Model):
    """A page of texts, owned one to one by the record that it belongs to.

    `version` grows with every change of any part, so that one look at this row tells
    whether there is anything new.
    """

    kind = models.SlugField(max_length=40)
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class LiveTextQuerySet(models.QuerySet["LiveText"]):
    def standing(self) -> "LiveTextQuerySet":
        """Return what nobody has taken away."""
        return self.filter(removed_at__isnull=True)

    def changed_since(self, version: int) -> "LiveTextQuerySet":
        """Return what changed after the sheet had this version."""
        return self.filter(changed_in__gt=version)


class LiveText(models.Model):
    """One text of a sheet: a field of its kind, or a part of a card."""

    sheet = models.ForeignKey(LiveSheet, on_delete=models.CASCADE, related_name="texts")
    key = models.SlugField(max_length=60)
    # Cards: which group, the how manieth, and which part of it.
    group = models.SlugField(max_length=30, blank=True)
    card = models.PositiveSmallIntegerField(default=0)
    part = models.SlugField(max_length=30, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    # The version that the sheet got by the last change of this row.
    changed_in = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = LiveTextQuerySet.as_manager()

    class Meta:
        ordering = ["sheet", "order", "card", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "key"], name="live_text_key_once_per_sheet"
            ),
        ]
        indexes = [
            models.Index(fields=["sheet", "changed_in"], name="live_text_changed"),
        ]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return reverse("livetext:text-detail", args=[self.sheet_id, self.key])


class LiveTextVersion(models.Model):
    """What a text said once: taken over, or kept aside because somebody was faster.

    Of a text that was taken over `version` is the one it became, of one kept aside
    the one it was written on.
    """

    row = models.ForeignKey(LiveText, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    is_aside = models.BooleanField(default=False)
    # The page it was written on: whoever goes on there has nothing to settle.
    page = models.CharField(max_length=40, blank=True)
    # Whether the history was told: one event a quarter of an hour, field and person.
    is_told = models.BooleanField(default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(_("when"))

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["row", "version"],
                condition=Q(is_aside=False),
                name="live_text_version_once",
            ),
        ]
        indexes = [models.Index(fields=["row", "-at"], name="live_text_newest")]

    def __str__(self) -> str:
        return f"{self.row_id} {self.version}"


class LiveEditor(models.Model):
    """Somebody has a text under the pen; counts only for a short while."""

    row = models.ForeignKey(LiveText, on_delete=models.CASCADE, related_name="editors")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["row", "person"], name="live_editor_once_per_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.row_id}"
