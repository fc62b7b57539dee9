from datetime import UTC, datetime

import pytest

from psdelivery.registry import Waiting, WaitingItem

pytestmark = pytest.mark.unit
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


def item(title):
    return WaitingItem(title=title, url="/x/", why="because", since=NOW)


def test_sources_are_asked_in_their_order_and_replaced_by_name():
    waiting = Waiting()
    waiting.register("mail", lambda user, now: [item("old")], order=20)
    waiting.register("mail", lambda user, now: [item("mail")], order=20)
    waiting.register("time-off", lambda user, now: [item(user)], order=10)

    assert [found.title for found in waiting.items_for("me", NOW)] == ["me", "mail"]
