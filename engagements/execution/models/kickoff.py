"""The kickoff of an engagement."""

from django.db import models
from django.urls import reverse

from engagements.models import Engagement


class Kickoff(models.Model):
    """The kickoff: agenda, outcomes, roles and communication plan stand on the sheet.

    domain.md, section 4. That it was held is an anchor of the engagement.
    """

    engagement = models.OneToOneField(
        Engagement, on_delete=models.CASCADE, related_name="kickoff"
    )
    sheet = models.OneToOneField(
        "livetext.LiveSheet", on_delete=models.PROTECT, related_name="kickoff"
    )
    # The meeting as it was last scheduled.
    invitation = models.ForeignKey(
        "outbox.Invitation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    deck_url = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.engagement)

    def get_absolute_url(self) -> str:
        return reverse("execution:kickoff-detail", args=[self.engagement_id])
