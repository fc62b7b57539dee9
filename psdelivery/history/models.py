from typing import Any, NoReturn

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

SUBJECT_LENGTH = 200


class AppendOnlyError(RuntimeError):
    """History is written once; nobody changes or deletes it, superusers included."""


def _refuse(*args: object, **kwargs: object) -> NoReturn:
    raise AppendOnlyError(_("History cannot be changed or deleted."))


class EventQuerySet(models.QuerySet["Event"]):
    update = _refuse
    delete = _refuse
    bulk_update = _refuse
    update_or_create = _refuse

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list["Event"]:
        """Insert events; the variant that overwrites existing rows is refused."""
        if kwargs.get("update_conflicts"):
            _refuse()
        return super().bulk_create(objs, *args, **kwargs)

    def without_money(self) -> "EventQuerySet":
        """Leave out what tells values, rates or margins."""
        return self.filter(is_money=False)

    def with_people(self) -> "EventQuerySet":
        """Load who did it, and for whom, in the same query."""
        return self.select_related("actor", "on_behalf_of")


class Event(models.Model):
    """Something that happened: who, when, what changed and why."""

    at = models.DateTimeField(_("when"))
    # Empty: the portal itself.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("on behalf of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    verb = models.SlugField(_("what"), max_length=60, db_index=False)
    engagement = models.ForeignKey(
        "engagements.Engagement",
        verbose_name=_("engagement"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        # The index (engagement, -at) below serves this key too.
        db_index=False,
    )
    subject_type = models.ForeignKey(
        ContentType,
        verbose_name=_("kind of subject"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    # Text, because some subjects count by number and some by UUID.
    subject_id = models.CharField(_("subject"), max_length=64, blank=True)
    subject_label = models.CharField(
        _("name of the subject"), max_length=SUBJECT_LENGTH, blank=True
    )
    # {"field": [old, new]}; a person stands as {"person": id}.
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    is_money = models.BooleanField(_("tells money"), default=False)

    objects = models.Manager.from_queryset(EventQuerySet)()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("-at", "-id")
        default_permissions = ("view",)
        indexes = (
            models.Index(fields=["engagement", "-at"], name="history_engagement_at"),
            models.Index(
                fields=["subject_type", "subject_id", "-at"], name="history_subject_at"
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="history_event_subject_whole",
                condition=Q(subject_type=None, subject_id="")
                | (Q(subject_type__isnull=False) & ~Q(subject_id="")),
                violation_error_message=_("A subject needs both its kind and its id."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_label}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _refuse()
        # Without it, an event built with an existing id would overwrite that one.
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()


class Erasing(models.Model):
    """Stands only while somebody is erased, inside that transaction.

    Nobody else ever sees it. While it stands the triggers let words of events be
    replaced, and nothing else of them.
    """

    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
