import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from psdelivery.documents.services import add_file, add_link
from psdelivery.people.choices import Role
from psdelivery.people.models import RoleGrant

pytestmark = pytest.mark.django_db


@pytest.fixture
def keep(ann, now):
    def keep(name="SOW.pdf", content=b"%PDF-1.7"):
        upload = SimpleUploadedFile(name, content)
        return add_file(upload, title="Paper", engagement=None, by=ann, now=now)

    return keep


def download(client, person, document):
    client.force_login(person)
    return client.get(reverse("documents:document-download", args=[document.pk]))


def test_a_file_comes_as_an_attachment_that_nothing_sniffs(client, ann, keep):
    response = download(client, ann, keep())

    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="SOW.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Übersicht.pdf", "attachment; filename*=utf-8''%C3%9Cbersicht.pdf"),
        ('a"b;c.pdf', 'attachment; filename="a\\"b;c.pdf"'),
    ],
)
def test_a_strange_name_survives_the_header(client, ann, keep, name, header):
    assert download(client, ann, keep(name))["Content-Disposition"] == header


def test_a_type_that_is_not_on_the_list_is_served_as_bytes(client, ann, keep):
    document = keep()
    type(document).objects.update(content_type="text/html")

    response = download(client, ann, document)

    assert response["Content-Type"] == "application/octet-stream"


def test_nobody_without_log_in_gets_a_file(client, keep):
    url = reverse("documents:document-download", args=[keep().pk])

    response = client.get(url)

    assert response.status_code == 302
    assert url in response["Location"].replace("%2F", "/")


def test_a_stranger_finds_no_document(client, stranger, keep):
    assert download(client, stranger, keep()).status_code == 404


def test_an_administrator_gets_at_a_document_of_no_engagement(client, stranger, keep):
    RoleGrant.objects.create(user=stranger, role=Role.ADMINISTRATOR)

    assert download(client, stranger, keep()).status_code == 200


def test_there_is_nothing_to_download_of_a_link(client, ann, now):
    link = add_link("https://example.com/", title="", engagement=None, by=ann, now=now)

    assert download(client, ann, link).status_code == 404


def test_a_file_that_is_gone_is_not_found(client, ann, keep):
    document = keep()
    document.file.storage.delete(document.file.name)

    assert download(client, ann, document).status_code == 404


def test_a_download_is_only_read(client, ann, keep):
    client.force_login(ann)
    url = reverse("documents:document-download", args=[keep().pk])

    assert client.post(url).status_code == 405


def test_a_stored_file_has_no_address_of_its_own(client, ann, keep):
    client.force_login(ann)
    document = keep()

    for url in (document.file.name, f"media/{document.file.name}"):
        assert client.get(f"/{url}").status_code == 404
