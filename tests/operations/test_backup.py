"""The parts of a backup, without wiping anything: rows, checks, the file itself."""

import fcntl
import io
import json
from contextlib import closing
from datetime import UTC, datetime
from zipfile import ZipFile

import psycopg2
import pytest
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models.fields.files import FieldFile

from psdelivery.dashboards.demo.seeding import seed
from psdelivery.documents.services import add_file
from psdelivery.operations.backup.checking import (
    RestoreRefusedError,
    broken_parts,
    is_empty,
    read_manifest,
    reasons_against_restoring,
)
from psdelivery.operations.backup.making import make_backup
from psdelivery.operations.backup.manifest import MANIFEST
from psdelivery.operations.backup.rows import (
    keeping_times,
    line_of,
    lines_of,
    names_of,
    objects_of,
    own_times,
    write_rows,
)
from psdelivery.operations.backup.schema import others_connected, saved_models
from psdelivery.people.models import User

NOW = datetime(2027, 3, 9, 10, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.VAR_DIR = tmp_path
    return settings.MEDIA_ROOT


def backed_up():
    file = io.BytesIO()
    make_backup(file, now=NOW)
    return file


def reasons(file, *, wipe=True):
    with ZipFile(file) as archive:
        found = reasons_against_restoring(archive, read_manifest(archive), wipe=wipe)
    # In a run of tests on PostgreSQL the other processes are connected too.
    return [one for one in found if "connected" not in one]


def with_member(file, name, content):
    """The same backup with another content of one member."""
    changed = io.BytesIO()
    with ZipFile(file) as old, ZipFile(changed, "w") as new:
        for one in old.namelist():
            new.writestr(one, content if one == name else old.read(one))
    return changed


def value_of(one, name):
    value = getattr(one, name)
    return value.name or "" if isinstance(value, FieldFile) else value


def upload(name, content):
    file = ContentFile(content, name=name)
    return add_file(file, title="", engagement=None, by=None, now=NOW)


def test_every_row_reads_back_as_it_was():
    seed(6, 1, now=NOW)
    seen = 0

    for model in saved_models():
        names = names_of(model)
        lines = list(lines_of(model, names))
        again = [
            line_of([value_of(one, name) for name in names])
            for one in objects_of(model, names, lines)
        ]
        assert again == lines, model
        seen += bool(lines)

    assert seen > 20


def test_sessions_are_left_out_and_nothing_else_is():
    saved = {model._meta.label_lower for model in saved_models()}
    every = {
        model._meta.label_lower
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }

    assert every - saved == {"sessions.session"}


@pytest.mark.parametrize("model", [m for m in saved_models() if own_times(m)])
def test_no_field_writes_its_own_time_over_a_restored_one(model):
    before = [(field.auto_now, field.auto_now_add) for field in own_times(model)]

    with keeping_times(model):
        assert own_times(model) == []
    assert [(f.auto_now, f.auto_now_add) for f in own_times(model)] == before


def test_an_account_of_another_log_in_is_restored_with_its_own_times():
    ann = User.objects.create_user("ann", "ann@example.com", "x")
    SocialAccount.objects.create(user=ann, provider="sso", uid="1")
    SocialAccount.objects.update(date_joined=NOW, last_login=NOW)
    names = names_of(SocialAccount)
    lines = list(lines_of(SocialAccount, names))

    SocialAccount.objects.all().delete()
    write_rows(SocialAccount, names, lines)
    assert list(lines_of(SocialAccount, names)) == lines
    account = SocialAccount.objects.get()
    assert (account.date_joined, account.last_login) == (NOW, NOW)


def test_the_manifest_counts_rows_and_names_documents(store):
    User.objects.create_user("ann", "ann@example.com", "x")
    document = upload("sow.pdf", b"%PDF")

    with ZipFile(backed_up()) as archive:
        manifest = read_manifest(archive)
        content = archive.read(manifest.files[0].member)

    rows = {part.model: part.rows for part in manifest.tables}
    assert rows["people.user"] == rows["documents.document"] == 1
    assert [(one.name, one.size) for one in manifest.files] == [(document.file.name, 4)]
    assert content == b"%PDF"
    assert (manifest.made_at, manifest.database) == (NOW, connection.vendor)
    assert manifest.missing_files == []


def test_a_document_that_is_gone_is_named(store):
    document = upload("sow.pdf", b"%PDF")
    default_storage.delete(document.file.name)

    with ZipFile(backed_up()) as archive:
        manifest = read_manifest(archive)

    assert manifest.missing_files == [document.file.name]


def test_a_portal_with_people_or_documents_is_not_replaced_unasked(store):
    empty = backed_up()
    assert is_empty()
    assert reasons(empty, wipe=False) == []

    User.objects.create_user("ann", "ann@example.com", "x")
    assert "--wipe" in reasons(empty, wipe=False)[0]
    assert reasons(empty, wipe=True) == []

    User.objects.all().delete()
    store.mkdir(exist_ok=True)
    (store / "left.pdf").write_bytes(b"x")
    assert "--wipe" in reasons(empty, wipe=False)[0]


def test_a_backup_of_a_newer_portal_is_refused():
    file = backed_up()
    with ZipFile(file) as archive:
        told = json.loads(archive.read(MANIFEST))
    told["migrations"].append(["people", "9999_far_ahead"])

    (reason,) = reasons(with_member(file, MANIFEST, json.dumps(told)))

    assert "newer portal" in reason
    assert "people.9999_far_ahead" in reason


def test_a_changed_part_is_found(store):
    User.objects.create_user("ann", "ann@example.com", "x")
    document = upload("sow.pdf", b"%PDF")
    file = backed_up()

    for name in ("tables/people.user.jsonl", f"files/{document.file.name}"):
        (reason,) = reasons(with_member(file, name, b"else"))
        assert name in reason


def test_a_document_stays_in_its_folder():
    file = backed_up()
    digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    with ZipFile(file, "a") as archive:
        told = json.loads(archive.read(MANIFEST))
        archive.writestr("files/../../etc/passwd", b"")
    told["files"] = [{"name": "../../etc/passwd", "size": 0, "sha256": digest}]

    with ZipFile(with_member(file, MANIFEST, json.dumps(told))) as archive:
        found = broken_parts(archive, read_manifest(archive))

    assert found == ["Not a name for a document: ../../etc/passwd"]


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"made_at": "soon"}'])
def test_another_file_is_no_backup(content):
    with (
        ZipFile(with_member(backed_up(), MANIFEST, content)) as archive,
        pytest.raises(RestoreRefusedError, match="no backup of a portal"),
    ):
        read_manifest(archive)


def test_a_portal_that_runs_here_is_not_replaced(settings):
    file = backed_up()

    with (settings.VAR_DIR / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "runs on this data" in reasons(file)[0]

    assert reasons(file) == []


def test_others_at_the_database_are_counted():
    if connection.vendor == "sqlite":
        assert others_connected() == 0
        return
    # Asked once: within a transaction PostgreSQL says the same again.
    with closing(psycopg2.connect(**connection.get_connection_params())):
        assert others_connected() > 0
