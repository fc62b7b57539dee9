from collections.abc import Sequence
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from psdelivery.documents.choices import DocumentKind
from psdelivery.documents.rules import FILENAME_LENGTH, LINK_LENGTH

TITLE_LENGTH = 200
# Where files are stored, below the root of the storage.
FOLDER = "documents"


def stored_path(document: "Document", filename: str) -> str:
    """Name a stored file by chance, so that nothing typed reaches the disk."""
    name = uuid4().hex
    return f"{FOLDER}/{name[:2]}/{name}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def of_engagement(self, engagement_id: int) -> "DocumentQuerySet":
        """Keep the documents of one engagement."""
        return self.filter(engagement_id=engagement_id)

    def current(self) -> "DocumentQuerySet":
        """Keep the newest version of each."""
        return self.filter(is_current=True)

    def older(self) -> "DocumentQuerySet":
        """Keep versions that a newer one has replaced, newest first."""
        return self.filter(is_current=False).order_by("series", "-version")


class Document(models.Model):
    """A version of a file kept here, or of a link to one kept elsewhere; never both.

    A version stays as it was: evidence goes on naming the one that was looked at.
    """

    # What the versions of one document have in common.
    series = models.UUIDField(default=uuid4, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1)
    is_current = models.BooleanField(_("newest version"), default=True)

    kind = models.CharField(_("kind"), max_length=10, choices=DocumentKind)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    file = models.FileField(
        _("file"), upload_to=stored_path, max_length=200, blank=True
    )
    filename = models.CharField(_("file name"), max_length=FILENAME_LENGTH, blank=True)
    url = models.URLField(_("link"), max_length=LINK_LENGTH, blank=True)
    content_type = models.CharField(_("content type"), max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    engagement = models.ForeignKey(
        "engagements.Engagement",
        verbose_name=_("engagement"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="documents",
    )
    # A paper that tells the price is for those who may see values.
    is_money = models.BooleanField(_("tells money"), default=False)
    # The result of a job shows what its owner may see, so nobody else opens it.
    is_private = models.BooleanField(_("only for who added it"), default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("added"))

    # Set by `queries.with_older_versions`.
    older_versions: Sequence["Document"] = ()

    objects = models.Manager.from_queryset(DocumentQuerySet)()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["series", "version"], name="document_version_once"
            ),
            models.UniqueConstraint(
                fields=["series"],
                condition=Q(is_current=True),
                name="document_one_current_version",
            ),
            models.CheckConstraint(
                name="documents_file_or_link",
                condition=(Q(kind=DocumentKind.FILE, url="") & ~Q(file=""))
                | (Q(kind=DocumentKind.LINK, file="") & ~Q(url="")),
                violation_error_message=_("A document is either a file or a link."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        if self.is_link:
            return self.url
        return reverse("documents:document-download", args=[self.pk])

    @property
    def is_link(self) -> bool:
        return self.kind == DocumentKind.LINK
