"""Settings that differ from their default."""

from django.db import models

from psdelivery.people.models.person import User


class SettingValue(models.Model):
    """A setting that differs from its default; see `people.register`."""

    key = models.CharField(max_length=80, unique=True)
    value = models.JSONField()
    changed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
