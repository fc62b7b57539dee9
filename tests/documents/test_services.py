import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from psdelivery.documents.models import Document
from psdelivery.documents.services import add_file, add_link, save_evidence
from psdelivery.history.models import Event
from psdelivery.registry import RuleRefused

pytestmark = pytest.mark.django_db


def pdf(name="SOW.pdf", content=b"%PDF-1.7"):
    return SimpleUploadedFile(name, content, content_type="text/html")


def stored(store):
    return [path for path in store.rglob("*") if path.is_file()]


def test_a_file_is_kept_under_a_name_made_by_chance(store, ann, now):
    document = add_file(pdf(), title="Signed SOW", engagement=None, by=ann, now=now)

    assert [path.read_bytes() for path in stored(store)] == [b"%PDF-1.7"]
    name = stored(store)[0].name
    assert (len(name), "SOW" in name) == (32, False)
    document.refresh_from_db()
    assert (document.title, document.filename) == ("Signed SOW", "SOW.pdf")
    assert (document.size, document.sha256) == (
        8,
        hashlib.sha256(b"%PDF-1.7").hexdigest(),
    )
    # Ours, not the "text/html" that came with the upload.
    assert document.content_type == "application/pdf"
    assert (document.uploaded_by, document.created_at) == (ann, now)


@pytest.mark.parametrize("name", ["../../evil.pdf", "/etc/evil.pdf", "..\\evil.pdf"])
def test_a_name_with_a_path_stays_below_the_store(name, store, tmp_path, ann, now):
    upload = ContentFile(b"x")
    upload.name = name

    document = add_file(upload, title="", engagement=None, by=ann, now=now)

    assert document.filename == document.title == "evil.pdf"
    everything = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert everything == stored(store)


def test_two_files_of_one_name_stand_beside_each_other(store, ann, now):
    for content in (b"one", b"two"):
        add_file(pdf(content=content), title="", engagement=None, by=ann, now=now)

    assert {path.read_bytes() for path in stored(store)} == {b"one", b"two"}


def test_a_link_is_kept_as_it_is(ann, now):
    document = add_link(
        " https://example.com/join?code=1 ", title="", engagement=None, by=ann, now=now
    )

    document.refresh_from_db()
    assert document.url == "https://example.com/join?code=1"
    assert document.get_absolute_url() == document.url
    assert (document.is_link, document.title) == (True, "example.com")


def test_the_history_names_the_document_but_not_its_link(ann, now):
    add_link("https://example.com/s3cret", title="", engagement=None, by=ann, now=now)

    event = Event.objects.get()
    assert (event.verb, event.actor, event.subject_label) == (
        "document-added",
        ann,
        "example.com",
    )
    assert event.changes == {}


def test_a_document_that_tells_money_does_so_in_the_history(ann, now):
    document = add_file(
        pdf(), title="SOW", engagement=None, by=ann, now=now, money=True
    )

    assert document.is_money
    assert Event.objects.get().is_money


@pytest.mark.parametrize("name", ["evil.html", "empty.pdf"])
def test_what_the_form_refuses_the_service_refuses_too(name, store, ann, now):
    content = b"" if name.startswith("empty") else b"x"

    with pytest.raises(RuleRefused):
        add_file(pdf(name, content), title="", engagement=None, by=ann, now=now)
    with pytest.raises(RuleRefused, match="must begin with"):
        add_link("javascript:alert(1)", title="", engagement=None, by=ann, now=now)

    assert (Document.objects.count(), Event.objects.count()) == (0, 0)
    assert stored(store) == []


def test_no_file_stays_when_the_row_cannot_be_written(store, now):
    class Gone:
        pk = 999_999_999

    with pytest.raises(IntegrityError), transaction.atomic():
        add_file(pdf(), title="", engagement=Gone(), by=None, now=None)

    assert stored(store) == []


def test_evidence_is_the_file_the_link_or_nothing(ann, now):
    context = {"title": "Evidence", "engagement": None, "by": ann, "now": now}

    file = save_evidence({"evidence_file": pdf(), "evidence_link": ""}, **context)
    link = save_evidence({"evidence_link": "https://example.com/"}, **context)

    assert (file.kind, link.kind) == ("file", "link")
    assert file.title == link.title == "Evidence"
    assert (
        save_evidence({"evidence_file": None, "evidence_link": ""}, **context) is None
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "file"},
        {"kind": "link"},
        {"kind": "link", "file": "documents/x", "url": "https://example.com/"},
        {"kind": "file", "file": "documents/x", "url": "https://example.com/"},
        {"kind": "file", "url": "https://example.com/"},
        {"kind": "else", "url": "https://example.com/"},
    ],
)
def test_the_database_holds_a_file_or_a_link(fields, now):
    with pytest.raises(IntegrityError, match="documents_file_or_link"):
        Document.objects.create(title="x", created_at=now, **fields)
