"""Keeping files and links: added once, replaced by newer versions, never changed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.files import File
from django.db import models, transaction

from psdelivery.documents.choices import DocumentKind
from psdelivery.documents.models import TITLE_LENGTH, Document
from psdelivery.documents.rules import (
    clean_filename,
    content_type_of,
    file_problem,
    link_problem,
)
from psdelivery.documents.settings import max_megabytes
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.registry import Reason, RuleRefused


@dataclass(frozen=True, kw_only=True)
class Filing:
    """Where a document belongs. With `series` it is a newer version in it."""

    title: str
    engagement: models.Model | None
    by: User | None
    now: datetime
    money: bool = False
    series: UUID | None = None
    private: bool = False

    def document(self, kind: DocumentKind, title: str, **fields: Any) -> Document:
        """Return the document, not yet stored; `title` where none was given."""
        return Document(
            kind=kind,
            title=(self.title or title)[:TITLE_LENGTH],
            engagement_id=self.engagement.pk if self.engagement else None,
            is_money=self.money,
            is_private=self.private,
            uploaded_by=self.by,
            created_at=self.now,
            **fields,
        )


def add_file(
    upload: "File[bytes]",
    *,
    title: str,
    engagement: models.Model | None,
    by: User | None,
    now: datetime,
    money: bool = False,
) -> Document:
    """Keep a file under a name made by chance.

    With `money` only those who may see values get at it. Raises `RuleRefused`
    for what `EvidenceFields` would have refused.
    """
    filing = Filing(title=title, engagement=engagement, by=by, now=now, money=money)
    return _keep_file(upload, filing)


def add_link(
    url: str,
    *,
    title: str,
    engagement: models.Model | None,
    by: User | None,
    now: datetime,
    money: bool = False,
) -> Document:
    """Keep a link to something that lives elsewhere; see `add_file`."""
    filing = Filing(title=title, engagement=engagement, by=by, now=now, money=money)
    return _keep_link(url, filing)


def keep_result(
    file: "File[bytes]", *, title: str, by: User, now: datetime
) -> Document:
    """Keep what the portal made for one person; it may be of any size."""
    filing = Filing(title=title, engagement=None, by=by, now=now, private=True)
    return _store_file(file, filing)


def save_evidence(
    cleaned_data: Mapping[str, Any],
    *,
    title: str,
    engagement: models.Model | None,
    by: User | None,
    now: datetime,
    money: bool = False,
) -> Document | None:
    """Keep what was given in the fields of `EvidenceFields`, if anything.

    Call it inside the transaction of the service that needs the evidence, so
    that a refusal there leaves no document behind.
    """
    filing = Filing(title=title, engagement=engagement, by=by, now=now, money=money)
    return _keep_given(cleaned_data, filing)


def new_version(
    document: Document,
    cleaned_data: Mapping[str, Any],
    *,
    title: str = "",
    by: User | None,
    now: datetime,
) -> Document | None:
    """Keep a file or a link in place of a document, whose older versions stay.

    Who may see the old one may see the new one. What names an older version as its
    evidence goes on doing so. None where nothing was given; RuleRefused as above.
    """
    filing = Filing(
        title=title or document.title,
        engagement=document.engagement,
        money=document.is_money,
        series=document.series,
        by=by,
        now=now,
    )
    return _keep_given(cleaned_data, filing)


def _keep_given(given: Mapping[str, Any], filing: Filing) -> Document | None:
    if upload := given.get("evidence_file"):
        return _keep_file(upload, filing)
    if url := given.get("evidence_link"):
        return _keep_link(url, filing)
    return None


def _keep_file(upload: "File[bytes]", filing: Filing) -> Document:
    size = upload.size or 0
    name = clean_filename(upload.name or "")
    _refuse(file_problem(name, size, max_megabytes=max_megabytes()))
    return _store_file(upload, filing)


def _store_file(upload: "File[bytes]", filing: Filing) -> Document:
    name = clean_filename(upload.name or "")
    document = filing.document(
        DocumentKind.FILE,
        name,
        filename=name,
        content_type=content_type_of(name),
        size=upload.size or 0,
        sha256=_sha256(upload),
    )
    document.file.save(name, upload, save=False)
    try:
        return _keep(document, filing)
    except BaseException:
        # No row, no file: nobody would ever find it again.
        document.file.delete(save=False)
        raise


def _keep_link(url: str, filing: Filing) -> Document:
    url = url.strip()
    _refuse(link_problem(url))
    # Never the whole link: titles stand in the history, and it may be secret.
    title = urlsplit(url).hostname or url
    return _keep(filing.document(DocumentKind.LINK, title, url=url), filing)


def _keep(document: Document, filing: Filing) -> Document:
    with transaction.atomic():
        changes = _replace_newest(document, filing.series) if filing.series else {}
        document.save(force_insert=True)
        record(
            "document-version-added" if changes else "document-added",
            by=filing.by,
            subject=document,
            engagement=filing.engagement,
            changes=changes,
            money=filing.money,
            now=filing.now,
        )
    return document


def _replace_newest(document: Document, series: UUID) -> dict[str, list[int]]:
    """Number the document after the newest of its series and take that one's place."""
    versions = Document.objects.filter(series=series)
    # The first is locked, since which one is the newest may change while waiting.
    versions.select_for_update().get(version=1)
    newest = versions.get(is_current=True)
    versions.filter(pk=newest.pk).update(is_current=False)
    document.series, document.version = series, newest.version + 1
    return {"version": [newest.version, document.version]}


def _refuse(problem: str) -> None:
    if problem:
        raise RuleRefused([Reason("unacceptable-document", problem)])


def _sha256(upload: "File[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()
