"""What people say to each other about a record of the portal."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from psdelivery.people.validators import validate_text

TEXT_LENGTH = 5000
TITLE_LENGTH = 200


class CommentQuerySet(models.QuerySet["Comment"]):
    def on(self, subject: models.Model) -> "CommentQuerySet":
        """Keep the comments on one record."""
        kind = ContentType.objects.get_for_model(subject)
        return self.filter(subject_type=kind, subject_id=str(subject.pk))

    def shown(self) -> "CommentQuerySet":
        """Load what a list of comments shows, the newest first."""
        return self.select_related("by", "deleted_by").order_by("-at", "-pk")


class Comment(models.Model):
    """A comment on any record that a place registered; kept when it is deleted."""

    subject_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, related_name="+"
    )
    subject_id = models.CharField(max_length=64)
    # What it is about, and the page on which it stands.
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    url = models.CharField(max_length=200)
    engagement = models.ForeignKey(
        "engagements.Engagement",
        verbose_name=_("engagement"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="comments",
    )
    text = models.TextField(
        _("comment"), max_length=TEXT_LENGTH, validators=[validate_text]
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments"
    )
    at = models.DateTimeField(_("written"))
    edited_at = models.DateTimeField(_("changed"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [
            models.Index(
                fields=["subject_type", "subject_id", "-at"], name="comment_of_subject"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True, deleted_by__isnull=True)
                | Q(deleted_at__isnull=False, deleted_by__isnull=False, text=""),
                name="comment_deleted_by_and_when",
                violation_error_message=_("A deleted comment tells nothing any more."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.url}#comment-{self.pk}"

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None


class Mention(models.Model):
    """Somebody named in a comment; waits on My day until it is seen."""

    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, related_name="mentions"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions"
    )
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-comment__at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "person"], name="mentioned_once_a_comment"
            ),
        ]
        indexes = [
            models.Index(
                fields=["person"],
                condition=Q(seen_at__isnull=True),
                name="mention_unseen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.comment_id}"
