from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from psdelivery.operations.looks import registered_looks
from psdelivery.operations.services.runs import begin_watch, note_finish, note_start
from psdelivery.people.models import SettingValue

READY = reverse("readyz")
SCAN, MAIL = "playbooks.scan_reminders", "outbox.send_ready"
A_MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def everything_ran(at):
    for look in registered_looks():
        note_start(look.task, now=at)
        note_finish(look.task, now=at)


def wrong(client):
    response = client.get(READY)
    assert response.status_code == (503 if response.json()["wrong"] else 200)
    return response.json()["wrong"]


def test_a_live_process_says_ok_to_anybody_without_a_query(
    client, django_assert_num_queries
):
    with django_assert_num_queries(0):
        response = client.get(reverse("healthz"))

    assert (response.status_code, response.content) == (200, b"ok")


def test_the_portal_is_ready_when_every_part_has_given_a_sign(client, now):
    everything_ran(now - 12 * A_MINUTE)

    response = client.get(READY)

    words = response.json()
    assert response.status_code == 200
    assert words["ready"] is True
    assert words["database"] == words["broker"] == "ok"
    assert words["worker-mail"] == words["worker-scan"] == "ok"
    assert words["reminder-scan"] == words["mail-look"] == "ok"
    assert words["seconds_since"]["reminder-scan"] == 720
    assert response["Cache-Control"].startswith("max-age=0")


@pytest.mark.usefixtures("broker_is_down")
def test_without_its_broker_the_portal_is_not_ready(client, now):
    everything_ran(now)

    response = client.get(READY)

    assert response.status_code == 503
    assert response.json()["broker"] == "no answer"
    assert response.json()["wrong"] == ["broker"]


def test_before_the_first_look_it_says_never(client, now):
    begin_watch(now=now)
    note_start(MAIL, now=now)
    note_finish(MAIL, now=now)

    words = client.get(READY).json()

    assert words["mail-look"] == "ok"
    assert words["worker-scan"] == words["reminder-scan"] == "never"
    assert {"worker-scan", "reminder-scan"} <= set(words["wrong"])


def test_a_worker_that_fails_each_time_lives_but_has_not_looked(client, now):
    everything_ran(now - timedelta(hours=1))
    for look in registered_looks():
        note_start(look.task, now=now)
    note_finish(MAIL, now=now)

    words = client.get(READY).json()

    assert words["worker-scan"] == "ok"
    assert words["reminder-scan"] == "silent"
    assert words["mail-look"] == "ok"


@pytest.mark.parametrize(("minutes", "is_ready"), [(15, True), (16, False)])
def test_a_look_may_stay_away_for_a_quarter_of_an_hour(client, now, minutes, is_ready):
    everything_ran(now - minutes * A_MINUTE)

    assert (wrong(client) == []) is is_ready


def test_how_long_is_a_setting(client, now):
    everything_ran(now - 16 * A_MINUTE)
    SettingValue.objects.create(
        key="operations.silence_minutes", value=30, changed_at=now
    )

    assert wrong(client) == []


def test_without_its_database_it_says_what_cannot_be_known(client, monkeypatch):
    def refuse(*_):
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", refuse)

    response = client.get(READY)

    words = response.json()
    assert response.status_code == 503
    assert words["database"] == "no answer"
    assert words["worker-mail"] == words["reminder-scan"] == "unknown"
    assert "seconds_since" not in words
