"""200 MB are refused without filling memory or disk, and the form says so."""

import tracemalloc

import pytest
from django.urls import reverse

from psdelivery.documents.models import Document
from psdelivery.documents.rules import MEGABYTE
from psdelivery.documents.settings import MAX_MEGABYTES
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.models import SettingValue
from tests.factories.engagements import EngagementFactory, TeamMemberFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

BOUNDARY = "frontier"
KIND = f"multipart/form-data; boundary={BOUNDARY}"


class Body:
    """A form with files of this size, made while it is read."""

    def __init__(self, *sizes, **fields):
        self.parts = [self.field(name, value) for name, value in fields.items()]
        for size in sizes:
            self.parts += [self.file(), size, b"\r\n"]
        self.parts.append(f"--{BOUNDARY}--\r\n".encode())
        self.read_so_far = 0

    def field(self, name, value):
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
        return f"{head}\r\n\r\n{value}\r\n".encode()

    def file(self):
        name = 'name="evidence_file"; filename="big.pdf"'
        head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {name}"
        return f"{head}\r\nContent-Type: application/pdf\r\n\r\n".encode()

    def __len__(self):
        return sum(p if isinstance(p, int) else len(p) for p in self.parts)

    def read(self, size):
        if not self.parts:
            return b""
        first = self.parts[0]
        if isinstance(first, int):
            taken, rest = b"x" * min(size, first), first - min(size, first)
        else:
            taken, rest = first[:size], first[size:]
        self.parts = [rest, *self.parts[1:]] if rest else self.parts[1:]
        self.read_so_far += len(taken)
        return taken

    # Django asks for the method and reads without it.
    readline = read


@pytest.fixture
def temporary(settings, tmp_path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = folder
    return folder


@pytest.fixture
def pm(client):
    pm = UserFactory(roles=[Role.PM])
    client.force_login(pm)
    return pm


@pytest.fixture
def url(pm):
    engagement = EngagementFactory()
    TeamMemberFactory(engagement=engagement, role=EngagementRole.PM, person=pm)
    return reverse("engagements:document-add", args=[engagement.pk])


def send(client, url, body):
    return client.request(
        REQUEST_METHOD="POST",
        PATH_INFO=url,
        CONTENT_TYPE=KIND,
        CONTENT_LENGTH=str(len(body)),
        **{"wsgi.input": body},
    )


def on_disk(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_200_mb_are_told_at_the_field_and_what_was_typed_stays(client, url, temporary):
    body = Body(200 * MEGABYTE, title="Recording of the kickoff")

    tracemalloc.start()
    answer = send(client, url, body)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "The file is too large: 200 MB, at most 20 MB." in html
    assert 'value="Recording of the kickoff"' in html
    assert peak < 30 * MEGABYTE
    assert on_disk(temporary) <= 20 * MEGABYTE
    assert not Document.objects.exists()


def test_many_files_together_fill_no_more_than_one(client, url, temporary):
    answer = send(client, url, Body(*[15 * MEGABYTE] * 5, title="Many"))

    assert answer.status_code == 422
    assert on_disk(temporary) <= 20 * MEGABYTE
    assert not Document.objects.exists()


def test_a_file_of_the_largest_size_is_kept(client, url, now):
    SettingValue.objects.create(key=MAX_MEGABYTES, value=3, changed_at=now)

    answer = send(client, url, Body(3 * MEGABYTE, title="Minutes"))

    assert answer.status_code == 302
    assert Document.objects.get().size == 3 * MEGABYTE


def test_one_byte_more_is_too_much(client, url, now):
    SettingValue.objects.create(key=MAX_MEGABYTES, value=3, changed_at=now)

    answer = send(client, url, Body(3 * MEGABYTE + 1, title="Minutes"))

    assert answer.status_code == 422
    assert "at most 3 MB" in answer.content.decode()


def test_a_gigabyte_is_not_even_read(client, url):
    body = Body(1024 * MEGABYTE)

    answer = send(client, url, body)

    assert answer.status_code == 413
    assert body.read_so_far == 0
    assert "Go back" in answer.content.decode()


def test_nobody_sends_files_without_a_log_in(client):
    body = Body(3 * MEGABYTE)

    answer = send(client, reverse("account_login"), body)

    assert answer.status_code == 413
    assert body.read_so_far == 0
    assert "Log in before" in answer.content.decode()


@pytest.mark.parametrize("length", ["", "no number", "-5"])
def test_a_length_that_is_none_is_no_error(client, length):
    answer = client.request(
        REQUEST_METHOD="POST",
        PATH_INFO=reverse("account_login"),
        CONTENT_TYPE=KIND,
        CONTENT_LENGTH=length,
        **{"wsgi.input": Body(10)},
    )

    assert answer.status_code in {400, 422}
