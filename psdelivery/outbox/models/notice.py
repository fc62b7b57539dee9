"""News that wait for a person's mail of the morning."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from psdelivery.outbox.models.message import Message


class Notice(models.Model):
    """A mail that somebody wants once a day, together with others (`Message`)."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="notices"
    )
    # That of the mail it would have been: the same news are told once.
    key = models.CharField(max_length=200, unique=True)
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")

    def __str__(self) -> str:
        return self.subject
