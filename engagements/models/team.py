"""Who is on the engagement."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.choices import Booking
from engagements.models.engagement import Engagement
from psdelivery.people.choices import EngagementRole
from psdelivery.people.labels import Labelled
from psdelivery.people.validators import validate_line


class TeamMember(Labelled):
    """A person in a role on the engagement, or the recorded reason for nobody.

    Soft/hard, first day and hours are the sum of the person's bookings in the role:
    the schedule writes them, nothing else does.
    """

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="team"
    )
    role = models.CharField(max_length=30, choices=EngagementRole.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    none_reason = models.CharField(
        max_length=200, blank=True, validators=[validate_line]
    )
    booking = models.CharField(max_length=4, choices=Booking.choices, blank=True)
    first_day = models.DateField(null=True, blank=True)
    hours = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "role", "person"], name="team_member_role_once"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, none_reason="")
                | (Q(person__isnull=True) & ~Q(none_reason="")),
                name="team_role_has_person_or_reason",
                violation_error_message=_(
                    "Name a person, or the reason why there is none."
                ),
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gt=0),
                name="team_member_hours_positive",
                violation_error_message=_("Hours are more than zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.person or self.none_reason}"
