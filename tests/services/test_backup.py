"""Backup, wipe, restore: the same rows, documents and reminders, by real commands."""

import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime

import pytest

from tests.services.processes import ROOT, wait_until
from tests.services.sink import Sink

pytestmark = [pytest.mark.services, pytest.mark.full]

PREPARE = """
from django.core.files.base import ContentFile
from psdelivery import clock
from psdelivery.documents.services import add_file
from psdelivery.outbox.choices import Audience
from psdelivery.outbox.models import Message
from psdelivery.outbox.services import queue_message
from psdelivery.people.models import User
from psdelivery.playbooks.models import Reminder, Step
from psdelivery.playbooks.services.reminders import scan_reminders
from tests.services.classroom import open_class
now = clock.now()
link, review = open_class("backup")
assert scan_reminders(now=now) == 2
# The review's reminder is due, and nobody has looked yet.
message = Reminder.objects.get(step=review).message
Reminder.objects.filter(step=review).delete()
message.delete()
Step.objects.filter(pk=review).update(next_reminder_at=now)
for name in ("a.pdf", "b.pdf"):
    add_file(ContentFile(name.encode() * 1000, name=name), title="",
             engagement=None, by=None, now=now)
queue_message(kind="note", audience=Audience.CUSTOMER, to=["ann@example.com"],
              subject="To a customer", text="Hello.", idempotency_key="customer",
              by=User.objects.first(), now=now)
"""
COUNTS = """
from psdelivery.operations.backup.schema import saved_models
answer = {m._meta.label_lower: m._base_manager.count() for m in saved_models()}
"""
CONTENTS = """
import hashlib
from psdelivery.documents.models import Document
answer = {d.filename: [hashlib.sha256(d.file.read()).hexdigest(), d.sha256]
          for d in Document.objects.exclude(file="")}
"""
DISASTER = """
from psdelivery.documents.models import Document
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
for document in Document.objects.exclude(file=""):
    document.file.delete(save=False)
User.objects.create_user("late", "late@example.com", "x")
Step.objects.update(title="gone", next_reminder_at=None)
"""
WIPE = "from psdelivery.operations.backup.schema import wipe; wipe()"
# A portal as of its first migrations, with one region in it.
OLD = """
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psdelivery import clock
from psdelivery.operations.backup.making import write_archive
from psdelivery.operations.backup.schema import build, saved_models, wipe
from psdelivery.operations.backup.store import clear_store
graph = MigrationLoader(connection).graph
first = [("people", "0001_initial"), ("history", "0002_initial")]
wipe()
clear_store()
apps = build({node for one in first for node in graph.forwards_plan(one)})
region = apps.get_model("people.Region")
region.objects.create(pk=7, name="EMEA", code="emea", zone="Europe/Berlin", country="")
with open(%r, "w+b") as file:
    write_archive(file, saved_models(apps), now=clock.now())
wipe()
"""


def command(portal, *arguments):
    """Run a command that may fail: its status and all that it said."""
    run = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=portal.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def changed_copy(path, **changes):
    """A backup that says something else of itself."""
    other = path.with_name(f"changed-{'-'.join(changes)}.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                content = json.dumps(json.loads(content) | changes).encode()
            new.writestr(name, content)
    return other


@pytest.mark.parametrize("demo", [0, 12])
def test_what_was_wiped_comes_back_and_reminders_go_on(make_portal, tmp_path, demo):
    path = tmp_path / "portal.zip"
    with Sink() as sink, make_portal(EMAIL_URL=sink.url) as portal:
        if demo:
            portal.python(
                "from psdelivery.operations.backup.schema import wipe; wipe()"
            )
            portal.migrate()
            portal.manage("seed_demo", "--engagements", str(demo))
        portal.python(PREPARE)
        before, contents = portal.python(COUNTS), portal.python(CONTENTS)

        code, said = command(portal, "backup", str(path))
        assert code == 0, said
        portal.python(DISASTER)
        refused, reason = command(portal, "restore", str(path))
        assert refused == 1
        assert "Nothing was changed" in reason
        assert "--wipe" in reason
        code, said = command(portal, "restore", "--wipe", str(path))
        assert code == 0, said

        assert "All counts and checksums agree" in said
        after = portal.python(COUNTS)
        # What the restore itself tells: that it was, and of the customer's mail.
        assert after.pop("history.event") == before.pop("history.event") + 2
        assert after == before
        assert portal.python(CONTENTS) == contents
        assert all(stored == known for stored, known in contents.values())

        assert_that_reminders_go_on(portal, sink)


def assert_that_reminders_go_on(portal, sink):
    """What was decided leaves once, what was due is decided once."""
    portal.start_beat()
    portal.start_worker()
    link, review = "registration link", "Review the assessment"
    wait_until(
        lambda: len(letters(sink, link)) and len(letters(sink, review)),
        seconds=60,
        every=0.2,
        about=lambda: portal.log("worker")[-3000:],
    )
    wait_until(lambda: scans(portal) > 4, seconds=30, every=0.2)
    assert len(letters(sink, link)) == len(letters(sink, review)) == 1
    assert set(sink.copies().values()) == {1}
    rows = portal.rows(
        "SELECT state FROM outbox_message WHERE idempotency_key = 'customer'"
    )
    assert rows == [("needs_look",)]
    assert letters(sink, "To a customer") == []


def letters(sink, words):
    return [one for one in list(sink.received) if words in one.mail["Subject"]]


def scans(portal):
    lines = portal.log("worker").splitlines()
    return sum("playbooks.scan_reminders" in x and "succeeded" in x for x in lines)


def test_an_older_backup_is_brought_up_to_date(make_portal, tmp_path):
    path = tmp_path / "old.zip"
    with make_portal() as portal:
        portal.python(OLD % str(path))

        # Nothing is there, not even a table: that is as empty as it gets.
        code, said = command(portal, "restore", str(path))

        assert code == 0, said
        assert "All counts and checksums agree" in said
        assert portal.rows("SELECT id, name FROM people_region") == [(7, "EMEA")]
        assert command(portal, "migrate", "--check")[0] == 0
        new = "from psdelivery.people.models import Region\n"
        new += "answer = Region.objects.create(name='APAC', code='apac').pk"
        assert portal.python(new) == 8


def test_what_is_no_whole_backup_of_this_portal_changes_nothing(make_portal, tmp_path):
    path = tmp_path / "portal.zip"
    with make_portal() as portal:
        portal.migrate()
        portal.manage("backup", str(path))
        newer = [["people", "9999_far_ahead"]]
        broken = tmp_path / "broken.zip"
        broken.write_bytes(path.read_bytes()[:-2000])
        before = portal.python(COUNTS)

        refusals = {
            "newer portal": changed_copy(path, migrations=newer),
            "format 99": changed_copy(path, format=99),
            "no backup of a portal": broken,
            "cannot be read": tmp_path / "nowhere.zip",
        }
        for words, file in refusals.items():
            code, said = command(portal, "restore", "--wipe", str(file))
            assert code == 1, said
            assert words in said

        assert "is there already" in command(portal, "backup", str(path))[1]
        assert portal.python(COUNTS) == before


def test_a_backup_can_go_through_a_pipe(make_portal, tmp_path):
    with make_portal() as portal:
        portal.migrate()
        run = subprocess.run(
            [sys.executable, "manage.py", "backup", "-"],
            env=portal.environment,
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        made = datetime.fromisoformat(
            json.loads(zipfile_of(run.stdout, tmp_path).read("manifest.json"))[
                "made_at"
            ]
        )
        back = subprocess.run(
            [sys.executable, "manage.py", "restore", "--wipe", "-"],
            env=portal.environment,
            cwd=ROOT,
            input=run.stdout,
            capture_output=True,
        )

    assert (datetime.now(UTC) - made).total_seconds() < 600
    assert back.returncode == 0, back.stderr
    assert b"All counts and checksums agree" in back.stdout


def zipfile_of(content, folder):
    path = folder / "piped.zip"
    path.write_bytes(content)
    return zipfile.ZipFile(path)
