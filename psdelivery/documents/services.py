import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

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
    size = upload.size or 0
    name = clean_filename(upload.name or "")
    _refuse(file_problem(name, size, max_megabytes=max_megabytes()))
    document = Document(
        kind=DocumentKind.FILE,
        title=(title or name)[:TITLE_LENGTH],
        filename=name,
        content_type=content_type_of(name),
        size=size,
        sha256=_sha256(upload),
        engagement_id=engagement.pk if engagement else None,
        is_money=money,
        uploaded_by=by,
        created_at=now,
    )
    document.file.save(name, upload, save=False)
    try:
        _keep(document, engagement, by, now)
    except BaseException:
        # No row, no file: nobody would ever find it again.
        document.file.delete(save=False)
        raise
    return document


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
    url = url.strip()
    _refuse(link_problem(url))
    document = Document(
        kind=DocumentKind.LINK,
        # Never the whole link: titles stand in the history, and it may be secret.
        title=(title or urlsplit(url).hostname or url)[:TITLE_LENGTH],
        url=url,
        engagement_id=engagement.pk if engagement else None,
        is_money=money,
        uploaded_by=by,
        created_at=now,
    )
    _keep(document, engagement, by, now)
    return document


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
    if upload := cleaned_data.get("evidence_file"):
        return add_file(
            upload, title=title, engagement=engagement, by=by, now=now, money=money
        )
    if url := cleaned_data.get("evidence_link"):
        return add_link(
            url, title=title, engagement=engagement, by=by, now=now, money=money
        )
    return None


def _keep(
    document: Document, engagement: models.Model | None, by: User | None, now: datetime
) -> None:
    with transaction.atomic():
        document.save(force_insert=True)
        record(
            "document-added",
            by=by,
            subject=document,
            engagement=engagement,
            money=document.is_money,
            now=now,
        )


def _refuse(problem: str) -> None:
    if problem:
        raise RuleRefused([Reason("unacceptable-document", problem)])


def _sha256(upload: "File[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()
