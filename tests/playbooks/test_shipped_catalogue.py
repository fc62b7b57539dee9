import tomllib
from pathlib import Path

import pytest

from engagements.choices import Kind, Maturity
from psdelivery.people.choices import EngagementRole

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.unit


def _toml(path):
    return tomllib.loads(path.read_text("utf-8"))


COURSES = {
    entry["key"]: entry
    for entry in _toml(ROOT / "training" / "data" / "courses.toml")["course"]
}
OFFERINGS = _toml(ROOT / "engagements" / "data" / "offerings.toml")["offering"]
SIX_COURSES = {
    "git-basics",
    "ci-cd",
    "project-managers",
    "security-essentials",
    "system-administration-basic",
    "innersourcing",
}


def test_the_six_courses_have_their_introduction():
    with_introduction = {
        key for key, course in COURSES.items() if course["introduction_url"]
    }

    assert with_introduction == SIX_COURSES


def test_each_course_is_complete():
    for key, course in COURSES.items():
        assert course["title"], key
        assert 1 <= course["sessions"] <= 20, key
        assert 0 < course["hours_per_session"] <= 12, key
        assert course["seats"] == 12, key
        assert isinstance(course["labs"], bool), key
        assert course["certification"] is bool(course["certification_title"]), key


def test_offering_keys_are_unique():
    assert len({offering["key"] for offering in OFFERINGS}) == len(OFFERINGS)


def test_each_offering_is_complete():
    for offering in OFFERINGS:
        assert all(offering[name] for name in ("category", "type", "title"))
        assert offering["maturity"] in Maturity.values, offering["key"]
        assert offering["playbook"] in set(Kind.values) - {Kind.INTERNAL}
        assert set(offering["roles_hours"]) <= set(EngagementRole.values)
        assert all(hours > 0 for hours in offering["roles_hours"].values())


def test_kit_links_are_complete_addresses():
    for offering in OFFERINGS:
        for link in offering["kit_links"]:
            assert set(link) == {"title", "url"}, offering["key"]
            assert link["url"].startswith("https://"), offering["key"]


def test_each_course_is_sold_by_one_instructor_led_offering():
    sold = [offering["course"] for offering in OFFERINGS if "course" in offering]

    assert sorted(sold) == sorted(COURSES)
