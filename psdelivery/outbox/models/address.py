"""Addresses that mail does not reach."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class BadAddressQuerySet(models.QuerySet["BadAddress"]):
    def standing(self) -> "BadAddressQuerySet":
        """Return those that nobody has cleared since."""
        return self.filter(lifted_at__isnull=True)


class BadAddress(models.Model):
    """An address marked bad, by a bounce or by a person, until somebody clears it."""

    address = models.EmailField(_("address"))
    since = models.DateTimeField(_("since"))
    reason = models.CharField(_("reason"), max_length=300)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("marked by"),
    )
    lifted_at = models.DateTimeField(_("cleared at"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cleared by"),
    )

    objects = BadAddressQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = _("bad address")
        verbose_name_plural = _("bad addresses")
        constraints = [
            models.UniqueConstraint(
                Lower("address"),
                condition=Q(lifted_at__isnull=True),
                name="bad_address_once",
                violation_error_message=_("This address is marked bad already."),
            ),
        ]

    def __str__(self) -> str:
        return self.address
