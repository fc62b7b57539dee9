"""What is sold: the catalogue of offerings."""

from collections.abc import Mapping

from django.db import models

from engagements.choices import Kind, Maturity
from psdelivery.people.addresses import address_of
from psdelivery.people.validators import validate_line


def hours_by_role(hours: Mapping[str, float]) -> str:
    """Return hours by role in a line, short role names in capitals."""
    return ", ".join(
        f"{role.upper() if len(role) < 4 else role.replace('_', ' ')} {count:g}"
        for role, count in hours.items()
    )


class Offering(models.Model):
    """What is sold, in the catalogue's order: category, type, offering."""

    key = models.SlugField(max_length=60, unique=True)
    category = models.CharField(max_length=80, validators=[validate_line])
    type = models.CharField(max_length=80, validators=[validate_line])
    title = models.CharField(max_length=120, validators=[validate_line])
    maturity = models.CharField(max_length=10, choices=Maturity.choices)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    kit_links = models.JSONField(default=list, blank=True)
    role_hours = models.JSONField(default=dict, blank=True)
    course = models.ForeignKey(
        "training.Course", on_delete=models.SET_NULL, null=True, blank=True
    )
    is_active = models.BooleanField(default=True)
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["category", "type", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("engagements:offering-edit", self.pk)

    @property
    def hours_words(self) -> str:
        """Return the hours by role in a line: "PSE 40, technical architect 8"."""
        return hours_by_role(self.role_hours)
