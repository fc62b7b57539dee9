"""The banner that tells administrators when nobody looks for reminders or mail."""

from datetime import timedelta

import pytest

from psdelivery.operations.services.runs import begin_watch, note_finish
from psdelivery.people.choices import Role
from psdelivery.people.models import SettingValue
from tests.factories.people import UserFactory

SCAN, MAIL = "playbooks.scan_reminders", "outbox.send_ready"
HEADING = "Part of the portal stands still"
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def page_for(client):
    def open_page(role, path="/people/profile/"):
        client.force_login(UserFactory(roles=[role]))
        response = client.get(path)
        assert response.status_code == 200
        return response.content.decode()

    return open_page


def ran(*, scan, mail):
    begin_watch(now=scan)
    note_finish(SCAN, now=scan)
    note_finish(MAIL, now=mail)


def test_administrators_read_that_reminders_stand_still(page_for, now):
    ran(scan=now - 16 * MINUTE, mail=now)

    page = page_for(Role.ADMINISTRATOR)

    assert HEADING in page
    assert "16 minutes ago" in page
    assert "Reminders: last sign of life" in page
    assert "Mail: last sign of life" not in page


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_nobody_else_is_troubled_with_it(page_for, now, role):
    ran(scan=now - 16 * MINUTE, mail=now)

    assert HEADING not in page_for(role)


def test_within_the_limit_there_is_no_banner(page_for, now):
    ran(scan=now - 15 * MINUTE, mail=now - 15 * MINUTE)

    assert HEADING not in page_for(Role.ADMINISTRATOR)


def test_the_limit_is_a_setting(page_for, now):
    ran(scan=now - 16 * MINUTE, mail=now)
    SettingValue.objects.create(
        key="operations.silence_minutes", value=60, changed_at=now
    )

    assert HEADING not in page_for(Role.ADMINISTRATOR)


def test_a_portal_that_just_starts_raises_no_alarm(page_for, now):
    begin_watch(now=now - 10 * MINUTE)

    assert HEADING not in page_for(Role.ADMINISTRATOR)


def test_a_worker_that_never_came_raises_the_alarm(page_for, now):
    begin_watch(now=now - 16 * MINUTE)

    assert "Reminders: last sign of life" in page_for(Role.ADMINISTRATOR)


def test_the_banner_costs_the_same_two_queries_at_all_times(
    client, now, django_assert_max_num_queries
):
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))
    counts = []
    for age in (1, 16):
        ran(scan=now - age * MINUTE, mail=now - age * MINUTE)
        with django_assert_max_num_queries(12) as captured:
            client.get("/people/profile/")
        counts.append(len(captured))
        runs = [q for q in captured if "operations_lastrun" in q["sql"]]
        assert len(runs) == 1

    assert counts[0] == counts[1]


def test_a_fragment_does_not_ask(client, now, django_assert_max_num_queries):
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))

    with django_assert_max_num_queries(12) as captured:
        client.get("/people/subdivisions/?country=DE", headers={"HX-Request": "true"})

    assert [q for q in captured if "operations_lastrun" in q["sql"]] == []
