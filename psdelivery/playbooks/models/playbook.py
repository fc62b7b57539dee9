"""The written process: playbooks and their steps, in versions."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from psdelivery.playbooks.definitions import StepDefinition


class PlaybookQuerySet(models.QuerySet["Playbook"]):
    def current(self) -> "PlaybookQuerySet":
        """Return the versions that new checklists are made from."""
        return self.filter(is_current=True)


class Playbook(models.Model):
    """One version of the written process for one kind of record."""

    key = models.SlugField(max_length=40)
    title = models.CharField(max_length=120)
    for_kind = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    # A draft is edited, perhaps proposed by a coordinator, and then published.
    is_draft = models.BooleanField(default=False)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    note = models.TextField(blank=True)

    objects = PlaybookQuerySet.as_manager()

    class Meta:
        ordering = ["key", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version"], name="playbook_version_once"
            ),
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(is_current=True),
                name="playbook_one_current_version",
            ),
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(is_draft=True),
                name="playbook_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(is_draft=False) | Q(is_current=False),
                name="playbook_draft_is_not_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.version})"


class PlaybookStep(StepDefinition):
    playbook = models.ForeignKey(
        Playbook, on_delete=models.CASCADE, related_name="steps"
    )
    anchor = models.SlugField(max_length=40)
    blocked_by = models.JSONField(default=list, blank=True)
    condition = models.JSONField(default=dict, blank=True)
    process = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["playbook", "key"], name="playbook_step_key_once"
            ),
        ]
