from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from celery import current_app, shared_task
from django.conf import settings

from psdelivery.operations.looks import Look, _looks, registered_looks
from psdelivery.operations.models import LastRun
from psdelivery.operations.services.runs import begin_watch, note_finish, note_start

NOW = datetime(2027, 3, 9, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


@shared_task(name="operations.tests_look")
def look_around(fails=False):
    if fails:
        raise RuntimeError("nothing to be seen")


@pytest.fixture
def watched(db, monkeypatch):
    look = Look(look_around.name, "scan", "a-look", "A look")
    monkeypatch.setitem(_looks, look.task, look)
    return look.task


def run(fails=False):
    look_around.apply(kwargs={"fails": fails})


def test_a_run_notes_its_beginning_and_its_end(watched):
    with time_machine.travel(NOW, tick=False):
        run()

    assert LastRun.objects.get(pk=watched).started_at == NOW
    assert LastRun.objects.get(pk=watched).finished_at == NOW


def test_a_run_that_fails_has_begun_but_not_ended(watched):
    with time_machine.travel(NOW, tick=False):
        run()
    with time_machine.travel(LATER, tick=False):
        run(fails=True)

    noted = LastRun.objects.get(pk=watched)
    assert (noted.started_at, noted.finished_at) == (LATER, NOW)


def test_what_is_not_watched_is_not_noted(db):
    run()

    assert not LastRun.objects.exists()


def test_looks_that_follow_each_other_are_written_once(
    watched, django_assert_num_queries
):
    note_start(watched, now=NOW)

    with django_assert_num_queries(1):
        note_start(watched, now=NOW + timedelta(seconds=4))

    assert LastRun.objects.get(pk=watched).started_at == NOW


def test_a_clock_set_back_is_followed(watched):
    note_finish(watched, now=LATER)
    note_finish(watched, now=NOW)

    assert LastRun.objects.get(pk=watched).finished_at == NOW


def test_the_watch_begins_once(db):
    assert begin_watch(now=NOW) == len(registered_looks())
    assert begin_watch(now=LATER) == 0

    assert set(LastRun.objects.values_list("watched_since", flat=True)) == {NOW}


@pytest.mark.unit
def test_every_look_that_beat_asks_for_is_watched():
    asked = {
        entry["task"]: entry["options"]["queue"]
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
        if isinstance(entry["schedule"], int | float)
    }

    assert {look.task: look.queue for look in registered_looks()} == asked
    current_app.loader.import_default_modules()
    assert set(asked) <= set(current_app.tasks)
