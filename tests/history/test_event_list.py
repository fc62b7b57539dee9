from datetime import UTC, date, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.template import Context, Template
from django.utils import timezone

from psdelivery.history.lines import NAMED, event_lines
from psdelivery.history.models import Event
from psdelivery.history.services import record
from psdelivery.history.verbs import register_field, register_verb, words_for
from psdelivery.people.models import Region

pytestmark = pytest.mark.django_db

register_verb("tea-made", "made the tea")
register_field("tea_sort", "kind of tea", values={"eg": "Earl Grey"})


def lines(zone="Europe/Berlin"):
    return event_lines(Event.objects.with_people(), zone=zone)


def shown(**changes):
    return [(change.field, change.old, change.new) for change in lines()[0].changes]


def page():
    with timezone.override("Australia/Sydney"):
        template = Template("{% load history %}{% event_list events %}")
        return template.render(Context({"events": Event.objects.with_people()}))


def test_a_line_says_who_did_what_for_whom_and_why(ann, ben, now):
    record("tea-made", by=ann, on_behalf_of=ben, subject=ben, reason="thirst", now=now)

    line = lines()[0]
    assert (line.who, line.for_whom) == ("Ann", "Ben")
    assert (line.what, line.subject) == ("made the tea", "Ben")
    assert line.reason == "thirst"


def test_a_renamed_subject_reads_as_it_was_called_then(now):
    region = Region.objects.create(name="North", code="north")
    record("tea-made", by=None, subject=region, now=now)
    Region.objects.update(name="South")

    assert lines()[0].subject == "North"


def test_what_nobody_did_was_the_portal(now):
    record("tea-made", by=None, now=now)

    assert lines()[0].who == "the portal"


def test_an_unknown_verb_still_reads():
    assert words_for("coffee-brewed") == "coffee brewed"


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (["Estimate", "Prospect"], ("Estimate", "Prospect")),
        ([None, date(2027, 3, 5)], ("–", "Fri 5 Mar 2027")),
        (["", "x"], ("–", "x")),
        ([True, False], ("yes", "no")),
        ([[], ["a", "b"]], ("–", "a, b")),
        ([8, 10], ("8", "10")),
        (
            ["2027-02-31", datetime(2027, 3, 5, 15, 30, tzinfo=UTC)],
            ("2027-02-31", "Fri 5 Mar 2027, 16:30 CET"),
        ),
        (["2027-03-05T12:00", "12345678"], ("2027-03-05T12:00", "12345678")),
    ],
)
def test_values_read_as_people_write_them(pair, words, now):
    record("tea-made", by=None, changes={"tea_time": pair}, now=now)

    assert shown() == [("tea time", *words)]


def test_a_registered_field_reads_in_its_words(now):
    record("tea-made", by=None, changes={"tea_sort": ["eg", "other"]}, now=now)

    assert shown() == [("kind of tea", "Earl Grey", "other")]


def test_a_person_in_a_change_has_the_name_of_today(ann, ben, now):
    record("tea-made", by=None, changes={"brewer": [ann, [ben]]}, now=now)
    ann.first_name = "Anna"
    ann.save()

    assert shown() == [("brewer", "Anna", "Ben")]


def test_a_removed_person_reads_as_one(ann, now):
    record("tea-made", by=None, changes={"brewer": [None, ann]}, now=now)
    ann.delete()

    assert shown() == [("brewer", "–", "a person who was removed")]


def test_the_page_shows_the_readers_clock_and_escapes(now):
    record("tea-made", by=None, changes={"note": ["", "<b>"]}, reason="<i>why", now=now)

    html = page()

    assert "Sat 6 Mar 2027, 02:30 AEDT" in html
    assert "the portal" in html
    assert "&lt;b&gt;" in html
    assert "&lt;i&gt;why" in html


def test_an_empty_history_says_so():
    assert "Nothing has happened yet." in page()


@pytest.mark.parametrize("count", [3, 30])
def test_the_number_of_queries_does_not_grow(
    count, ann, ben, now, django_assert_num_queries
):
    for _ in range(count):
        record("tea-made", by=ann, changes={"brewer": [ann, ben]}, now=now)

    for model in NAMED.values():  # kept for the life of the process
        ContentType.objects.get_for_model(model)
    with django_assert_num_queries(2):
        assert len(lines()) == count
