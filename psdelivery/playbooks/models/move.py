"""A move of dates with everything that went along, so that it can be undone (R-20)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from psdelivery.playbooks.choices import MoveCause
from psdelivery.playbooks.models.checklist import Checklist


class Move(models.Model):
    """One person's move of one or more anchors, with its list.

    `record` holds what was before: the anchors' values, the dates of the steps that
    moved, who was exempted, and what came back as "Re-send …". `payload` is what the
    place whose record was moved needs to put that record back.
    """

    # Who can undo it: the key under which a place registered its handler.
    kind = models.SlugField(max_length=40)
    title = models.CharField(max_length=200)
    engagement = models.ForeignKey(
        "engagements.Engagement",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="moves",
    )
    checklist = models.ForeignKey(
        Checklist, on_delete=models.CASCADE, related_name="moves"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    cause = models.CharField(max_length=12, choices=MoveCause.choices)
    reason = models.TextField(blank=True)
    record = models.JSONField(default=dict)
    payload = models.JSONField(default=dict, blank=True)
    undo_until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    # An undo is a move of its own.
    undo_of = models.OneToOneField(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="undo",
    )

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=models.F("at")),
                name="move_undone_after_it_was_made",
                violation_error_message=_("A move is undone after it was made."),
            ),
        ]
        indexes = [models.Index(fields=["checklist", "-at"], name="move_newest")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("playbooks:move-detail", args=[self.pk])
