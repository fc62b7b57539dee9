"""Delivery kits of offerings, links of an engagement, lessons for the offering."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.execution.choices import KitItemKind, LessonState
from engagements.models import Engagement
from psdelivery.people.labels import Labelled
from psdelivery.people.validators import validate_line, validate_text


class KitItem(Labelled):
    """What the kit of an offering contains: a link, or a template of a deliverable."""

    offering = models.ForeignKey(
        "engagements.Offering", on_delete=models.CASCADE, related_name="kit_items"
    )
    # Of a shipped item: by it the next release knows its own.
    key = models.SlugField(max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=11, choices=KitItemKind.choices)
    title = models.CharField(_("title"), max_length=160, validators=[validate_line])
    url = models.URLField(_("link"), max_length=500, blank=True)
    acceptance_criteria = models.TextField(
        _("acceptance criteria"), blank=True, validators=[validate_text]
    )
    is_active = models.BooleanField(_("in use"), default=True)
    # From then on shipped data leaves it alone.
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["offering", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["offering", "title"],
                name="kit_item_title_once",
                violation_error_message=_("The kit has something of this title."),
            ),
            models.UniqueConstraint(
                fields=["offering", "key"],
                condition=~Q(key=""),
                name="kit_item_key_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EngagementLink(Labelled):
    """A link of the engagement: from the kit, or added by hand."""

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="links"
    )
    kit_item = models.ForeignKey(
        KitItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=11, choices=KitItemKind.choices)
    title = models.CharField(_("title"), max_length=160, validators=[validate_line])
    url = models.URLField(_("link"), max_length=500)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "kit_item"],
                condition=Q(kit_item__isnull=False),
                name="engagement_link_once_per_kit_item",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Lesson(Labelled):
    """What was learned on an engagement, told to its offering."""

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="lessons"
    )
    offering = models.ForeignKey(
        "engagements.Offering", on_delete=models.PROTECT, related_name="lessons"
    )
    text = models.TextField(_("lesson"), validators=[validate_text])
    state = models.CharField(
        max_length=9, choices=LessonState.choices, default=LessonState.PROPOSED
    )
    answer = models.TextField(blank=True, validators=[validate_text])
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text[:80]
