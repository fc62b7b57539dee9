"""The texts of mails that managers edit, in versions (R-15)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MailTemplateQuerySet(models.QuerySet["MailTemplate"]):
    def current(self) -> "MailTemplateQuerySet":
        """Return the versions that new drafts are made from."""
        return self.filter(is_current=True)


class MailTemplate(models.Model):
    """One version of the text of a kind: subject and Markdown with placeholders."""

    kind = models.SlugField(_("kind"), max_length=60)
    version = models.PositiveIntegerField(_("version"), default=1)
    is_current = models.BooleanField(_("current"), default=True)
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("text"))
    # Empty: as shipped. Edited texts are never overwritten by an upgrade.
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("edited by"),
    )
    note = models.CharField(_("what changed"), max_length=300, blank=True)

    objects = MailTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-version"]
        verbose_name = _("mail template")
        verbose_name_plural = _("mail templates")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "version"], name="mail_template_version_once"
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(is_current=True),
                name="mail_template_one_current_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"
