"""The handoff from sales to delivery (R-5): record, questions, who has read it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagements.choices import HandoffForm
from engagements.models.engagement import Engagement
from psdelivery.people.validators import validate_text

QUESTION_LENGTH = 2_000


class Handoff(models.Model):
    """The handoff of one engagement; its texts stand on the sheet.

    `done_at` is the moment at which R-5 was met for the first time: who joins later
    acknowledges, and does not reopen it.
    """

    engagement = models.OneToOneField(
        Engagement, on_delete=models.CASCADE, related_name="handoff"
    )
    sheet = models.OneToOneField(
        "livetext.LiveSheet", on_delete=models.PROTECT, related_name="handoff"
    )
    form = models.CharField(
        max_length=8, choices=HandoffForm.choices, default=HandoffForm.CALL
    )
    # The call as it was last scheduled.
    invitation = models.ForeignKey(
        "outbox.Invitation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    held_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    # Why the kickoff comes before the handoff, in the words of the lead.
    early_reason = models.TextField(blank=True, validators=[validate_text])
    early_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    early_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            # the lead records why, so a reason has its author.
            models.CheckConstraint(
                condition=Q(early_reason="")
                | Q(early_by__isnull=False, early_at__isnull=False),
                name="handoff_early_reason_is_somebodys",
                violation_error_message=_("The reason has to be somebody's."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.engagement)

    def get_absolute_url(self) -> str:
        args = [self.engagement_id, "handoff"]
        return reverse("engagements:engagement-tab", args=args)

    @property
    def is_written(self) -> bool:
        """Whether no call is held: the written record is enough."""
        return self.form == HandoffForm.WRITTEN


class HandoffQuestion(models.Model):
    """What somebody wants to know about the scope: answered, or turned into a step."""

    handoff = models.ForeignKey(
        Handoff, on_delete=models.CASCADE, related_name="questions"
    )
    text = models.TextField(max_length=QUESTION_LENGTH, validators=[validate_text])
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    # Who is asked.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="handoff_questions",
    )
    answer = models.TextField(blank=True, validators=[validate_text])
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    step = models.OneToOneField(
        "playbooks.Step",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="handoff_question",
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def is_settled(self) -> bool:
        """Whether it is answered, or a step has taken it over (R-5)."""
        return bool(self.answer) or self.step_id is not None


class Attendance(models.Model):
    """Somebody was in the handoff call; that counts as acknowledged (R-5)."""

    handoff = models.ForeignKey(
        Handoff, on_delete=models.CASCADE, related_name="attendances"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    marked_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["handoff", "person"], name="handoff_attended_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class Acknowledgement(models.Model):
    """Somebody was asked to acknowledge, or has done so; `step` is their deadline."""

    handoff = models.ForeignKey(
        Handoff, on_delete=models.CASCADE, related_name="acknowledgements"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="acknowledgements",
    )
    step = models.OneToOneField(
        "playbooks.Step",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="acknowledgement",
    )
    asked_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["handoff", "person"], name="handoff_acknowledged_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)
