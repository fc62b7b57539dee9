import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from psdelivery.documents.models import Document
from psdelivery.documents.services import add_file
from psdelivery.documents.sweep import sweep_files

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LOST = "documents/ab/abcdef"


@pytest.fixture
def kept(now):
    upload = ContentFile(b"Minutes", name="minutes.txt")
    document = add_file(upload, title="", engagement=None, by=None, now=now)
    return aged(document.file.name, now - 30 * DAY)


def aged(name, at):
    path = default_storage.path(name)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return name


def lose(name, at):
    return aged(default_storage.save(name, ContentFile(b"x")), at)


def test_files_of_nobody_go_and_the_others_stay(kept, now):
    lose(LOST, now - 2 * DAY)
    lose("documents/cd/cdef", now - 2 * DAY)

    assert sweep_files(now) == 2

    assert not default_storage.exists(LOST)
    assert default_storage.exists(kept)


def test_what_may_still_get_its_row_stays_for_a_day(kept, now):
    lose(LOST, now - DAY + timedelta(minutes=1))

    assert sweep_files(now) == 0

    assert default_storage.exists(LOST)


def test_files_elsewhere_are_none_of_its_business(kept, now):
    name = lose("exports/ab/abcdef", now - 2 * DAY)

    assert sweep_files(now) == 0

    assert default_storage.exists(name)


def test_nothing_goes_while_the_database_knows_no_file(kept, now):
    Document.objects.all().delete()

    assert sweep_files(now) == 0

    assert default_storage.exists(kept)


def test_an_empty_store_is_no_error(now, kept):
    default_storage.delete(kept)
    Path(default_storage.path(kept)).parent.rmdir()

    assert sweep_files(now) == 0


def test_many_files_cost_a_query_a_chunk(
    kept, now, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("psdelivery.documents.sweep.CHUNK", 10)
    for number in range(25):
        lose(f"documents/ab/{number}", now - 2 * DAY)

    with django_assert_num_queries(4):
        assert sweep_files(now) == 25
