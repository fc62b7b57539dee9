import pytest

from psdelivery.calendars import (
    Calendar,
    country_choices,
    country_exists,
    is_working_day,
    subdivision_choices,
    subdivision_exists,
    zone_choices,
    zone_exists,
)

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", ["Europe/Berlin", "UTC", "America/Indiana/Knox"])
def test_zones_of_the_table_exist(name):
    assert zone_exists(name)


@pytest.mark.parametrize(
    "name", ["", "Berlin", "europe/berlin", "../../etc/passwd", "Factory", "localtime"]
)
def test_other_names_are_no_zones(name):
    assert not zone_exists(name)


def test_only_places_and_utc_are_offered_as_zones():
    names = [name for name, _ in zone_choices()]

    assert names[0] == "UTC"
    assert {"Europe/Berlin", "Australia/Sydney", "America/New_York"} <= set(names)
    assert not [name for name in names if name.startswith(("Etc/", "US/", "EST"))]
    assert dict(zone_choices())["America/New_York"] == "America/New York"


def test_countries_are_offered_by_name():
    names = [name for _, name in country_choices()]

    assert names == sorted(names)
    assert dict(country_choices())["AG"] == "Antigua and Barbuda"
    assert country_exists("DE")
    assert country_exists("de")
    assert not country_exists("")
    assert not country_exists("XX")


def test_subdivisions_belong_to_their_country():
    assert subdivision_exists("DE", "BE")
    assert not subdivision_exists("DE", "TX")
    assert not subdivision_exists("", "BE")
    assert ("BE", "Berlin") in subdivision_choices("DE")
    assert subdivision_choices("de") == subdivision_choices("DE")
    assert subdivision_choices("XX") == []


def test_every_offered_country_has_working_days(recwarn):
    from datetime import date

    for code, _ in country_choices():
        week = [date(2027, 6, day) for day in range(7, 21)]
        assert any(is_working_day(day, Calendar("UTC", code)) for day in week), code
    assert [str(warning.message) for warning in recwarn] == []
