"""Calendar invitations: one UID for good, a sequence that grows with each update."""

import uuid

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from psdelivery.outbox.choices import InvitationState


class Invitation(models.Model):
    """A meeting that people were invited to by mail with an .ics file."""

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.SlugField(max_length=40)
    sequence = models.PositiveIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=InvitationState.choices, default=InvitationState.ACTIVE
    )
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    location = models.CharField(max_length=500, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=60)
    # Whose calendar it stands in, and who gets the answers.
    organizer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # [{"name": …, "email": …, "person": id or null, "contact": id or null}]
    attendees = models.JSONField(default=list)
    engagement = models.ForeignKey(
        "engagements.Engagement",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="invitations",
    )
    subject_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    subject_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-starts_at", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="invitation_ends_after_it_starts",
                violation_error_message=_("The meeting ends before it starts."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["subject_type", "subject_id"], name="invitation_subject"
            ),
        ]

    def __str__(self) -> str:
        return self.title
