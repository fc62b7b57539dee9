"""How a person wants to hear of things: at once, or once a day."""

from django.db import models

from psdelivery.people.choices import NotificationDelivery
from psdelivery.people.models.person import User


class NotificationChoice(models.Model):
    """A choice that differs from the default of its reason (`people.notifications`)."""

    person = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="notification_choices"
    )
    reason = models.SlugField(max_length=40)
    delivery = models.CharField(max_length=10, choices=NotificationDelivery.choices)

    class Meta:
        ordering = ["person", "reason"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "reason"], name="notification_choice_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.reason} {self.get_delivery_display()}"
