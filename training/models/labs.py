"""R-12: invitation codes to the labs of a class, and how long they live."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from psdelivery.people.labels import Labelled
from psdelivery.people.validators import validate_line, validate_text
from training.choices import ExtensionState


class LabCode(Labelled):
    """R-12: the one invitation code of a class; a secret.

    It is redeemable, and the accounts made from it live, until `expires_at`.
    """

    delivery = models.ForeignKey(
        "training.Delivery", on_delete=models.CASCADE, related_name="lab_codes"
    )
    code = models.CharField(max_length=80, validators=[validate_line])
    generated_at = models.DateTimeField()
    generated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    seats = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    entered_at = models.DateTimeField()
    # Another one took its place, or it was entered by mistake.
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    retired_reason = models.CharField(
        max_length=300, blank=True, validators=[validate_line]
    )

    class Meta:
        ordering = ["-generated_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="lab_code_once",
                violation_error_message=_("This code is entered already."),
            ),
            # one invitation code per delivery.
            models.UniqueConstraint(
                fields=["delivery"],
                condition=Q(retired_at__isnull=True),
                name="lab_code_one_for_a_class",
                violation_error_message=_("The class has a code already."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("generated_at")),
                name="lab_code_expires_after_generation",
                violation_error_message=_("The code expires before it is made."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(retired_at__isnull=True),
                name="lab_code_living",
            ),
        ]

    def __str__(self) -> str:
        # Never the code: it would stand in history and lists.
        return f"{_('Lab code')} ({self.delivery})"

    def get_absolute_url(self) -> str:
        return f"{self.delivery.get_absolute_url()}labs/"


class LabExtension(Labelled):
    """R-12: labs of a class are to live longer than 7 days: asked for, and granted."""

    delivery = models.ForeignKey(
        "training.Delivery", on_delete=models.CASCADE, related_name="lab_extensions"
    )
    state = models.CharField(
        max_length=8, choices=ExtensionState.choices, default=ExtensionState.ASKED
    )
    # Until when the labs are needed, as it was asked for.
    until = models.DateTimeField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    granted_until = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    note = models.TextField(blank=True, validators=[validate_text])

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ExtensionState.GRANTED)
                | Q(granted_until__isnull=False),
                name="lab_extension_granted_until",
                violation_error_message=_("Say until when it was granted."),
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Lab extension')} ({self.delivery})"

    def get_absolute_url(self) -> str:
        return f"{self.delivery.get_absolute_url()}labs/"
