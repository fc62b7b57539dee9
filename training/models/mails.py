"""One mail that brings the registration links of several classes (R-11)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from psdelivery.people.labels import Labelled


class LinkMail(Labelled):
    """Classes of one main contact whose links are due together, told in one mail."""

    deliveries = models.ManyToManyField("training.Delivery", related_name="link_mails")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{_('Registration links')} {self.pk}"
