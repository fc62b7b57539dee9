import pytest
from django import forms
from django.core.exceptions import ValidationError

from psdelivery.people.fields import ZoneField, subdivision_code
from psdelivery.people.validators import validate_line, validate_text
from tests.people.bad_input import (
    UNKNOWN_ZONES,
    UNSHOWABLE,
    UNSHOWABLE_LINES,
    WELL_MEANT,
)

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("  europe/berlin ", "Europe/Berlin"),
        ("america/new york", "America/New_York"),
        ("Sydney", "Australia/Sydney"),
        ("new york", "America/New_York"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_understood_as_people_type_it(typed, zone):
    assert ZoneField().clean(typed) == zone


@pytest.mark.parametrize("typed", [*UNKNOWN_ZONES, "", "x" * 61])
def test_a_zone_that_does_not_exist_is_refused(typed):
    with pytest.raises(ValidationError):
        ZoneField().clean(typed)


def test_zones_are_suggested_without_javascript():
    class PlaceForm(forms.Form):
        zone = ZoneField()

    html = str(PlaceForm()["zone"])

    assert 'list="id_zone-options"' in html
    assert '<datalist id="id_zone-options">' in html
    assert '<option value="America/New_York">America/New York</option>' in html


@pytest.mark.parametrize(
    ("country", "typed", "code"),
    [("DE", "be", "BE"), ("DE", "Berlin", "BE"), ("DE", "XX", "XX"), ("", "BE", "BE")],
)
def test_a_subdivision_is_known_by_code_or_name(country, typed, code):
    assert subdivision_code(country, typed) == code


@pytest.mark.parametrize("text", UNSHOWABLE_LINES)
def test_a_line_holds_only_what_can_be_shown(text):
    with pytest.raises(ValidationError):
        validate_line(text)


@pytest.mark.parametrize("text", UNSHOWABLE)
def test_a_text_holds_only_what_can_be_shown(text):
    with pytest.raises(ValidationError):
        validate_text(text)


@pytest.mark.parametrize("text", WELL_MEANT)
def test_every_script_may_be_written(text):
    validate_line(text)
    validate_text(f"{text}\r\n\t{text}\n")
