from decimal import Decimal

import pytest

from psdelivery.calendars import Calendar
from psdelivery.history.models import Event
from psdelivery.people import register
from psdelivery.people.models import SettingValue
from psdelivery.people.register import (
    Setting,
    portal_settings,
    register_setting,
    registered_settings,
)
from psdelivery.people.services import change_setting

pytestmark = pytest.mark.django_db


@pytest.fixture
def rate(monkeypatch):
    monkeypatch.setattr(register, "_settings", dict(register._settings))
    setting = Setting(
        key="test.rate", title="Rate", type="decimal", default=Decimal("1.10")
    )
    register_setting(setting)
    return setting


def test_a_setting_that_nobody_changed_has_its_default(django_assert_num_queries):
    with django_assert_num_queries(1):
        settings = portal_settings()

        assert settings["company.zone"] == "Europe/Berlin"
        assert settings["reminders.hour"] == 8
        assert settings.company_calendar == Calendar("Europe/Berlin", "DE", "")


def test_a_changed_setting_counts_at_once_and_tells_who(coordinator, now):
    change_setting("reminders.hour", 9, by=coordinator, now=now)
    change_setting("reminders.hour", 10, by=coordinator, now=now)

    stored = SettingValue.objects.get()
    event = Event.objects.latest("pk")
    assert portal_settings()["reminders.hour"] == 10
    assert (stored.changed_by, stored.changed_at) == (coordinator, now)
    assert (event.verb, event.actor) == ("setting-changed", coordinator)
    assert event.changes == {"reminders.hour": [9, 10]}


def test_the_same_value_again_writes_nothing(coordinator, now):
    change_setting("reminders.hour", 8, by=coordinator, now=now)

    assert not SettingValue.objects.exists()
    assert not Event.objects.exists()


def test_decimals_come_back_exactly(rate, now):
    change_setting("test.rate", Decimal("0.30"), by=None, now=now)

    assert portal_settings()["test.rate"] == Decimal("0.30")


def test_an_unknown_setting_is_an_error(now):
    with pytest.raises(KeyError):
        change_setting("company.mood", "fine", by=None, now=now)


def test_settings_of_a_group_stand_together():
    groups = [setting.group for setting in registered_settings()]

    assert groups == sorted(groups)
    assert "company.zone" in portal_settings()
    assert len(portal_settings()) == len(registered_settings())
