from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import timezone

from psdelivery.people.moments import (
    Deadline,
    ago_words,
    city_of,
    due_text,
    moment_text,
    relative_words,
    since_words,
)

pytestmark = pytest.mark.unit

BERLIN = "Europe/Berlin"
SYDNEY = "Australia/Sydney"
NEW_YORK = "America/New_York"
# End of Tue 23 March 2027 in Sydney, which is 14:00 of the same day in Berlin.
LINK_DUE = Deadline(
    datetime(2027, 3, 23, 13, 0, tzinfo=UTC), True, date(2027, 3, 23), SYDNEY
)


def render(source, **context):
    return Template("{% load moments %}" + source).render(Context(context))


def step(deadline, state="open"):
    return SimpleNamespace(
        due_at=deadline.at,
        due_is_day=deadline.is_day,
        due_day=deadline.day,
        due_zone=deadline.zone,
        state=state,
    )


def moment_due(at, zone=BERLIN):
    return Deadline(at, False, at.date(), zone)


def test_day_deadline_names_its_city_and_the_readers_clock():
    text = due_text(LINK_DUE, BERLIN)

    assert text.own == "Tue 23 Mar 2027, end of day Sydney"
    assert text.other == "14:00 your time (Berlin)"


def test_day_deadline_on_the_readers_own_clock_needs_no_city():
    due = Deadline(
        datetime(2027, 3, 23, 23, 0, tzinfo=UTC), True, date(2027, 3, 23), BERLIN
    )

    assert str(due_text(due, BERLIN)) == "Tue 23 Mar 2027, end of day"


def test_zones_with_the_same_clock_count_as_one():
    due = Deadline(
        datetime(2027, 3, 23, 23, 0, tzinfo=UTC), True, date(2027, 3, 23), BERLIN
    )

    assert due_text(due, "Europe/Paris").other == ""


def test_day_deadline_ending_on_the_readers_next_day_says_which():
    due = Deadline(
        datetime(2027, 3, 24, 4, 0, tzinfo=UTC), True, date(2027, 3, 23), NEW_YORK
    )

    assert due_text(due, BERLIN).other == "Wed 24 Mar, 05:00 your time (Berlin)"


def test_moment_shows_the_other_day_when_it_is_another_one():
    text = moment_text(datetime(2027, 3, 23, 13, 0, tzinfo=UTC), SYDNEY, BERLIN)

    assert text.own == "Tue 23 Mar 2027, 14:00 CET"
    assert text.other == "Wed 24 Mar, 00:00 Sydney"


def test_moment_on_the_same_day_shows_only_the_other_clock():
    text = moment_text(datetime(2027, 3, 17, 15, 0, tzinfo=UTC), NEW_YORK, BERLIN)

    assert str(text) == "Wed 17 Mar 2027, 16:00 CET · 11:00 New York"


def test_moment_without_another_zone_stands_alone():
    text = moment_text(datetime(2027, 3, 17, 15, 0, tzinfo=UTC), "", BERLIN)

    assert str(text) == "Wed 17 Mar 2027, 16:00 CET"


@pytest.mark.parametrize(
    ("at", "own", "other"),
    [
        # Sydney leaves summer time on 4 April 2027, Berlin entered it on 28 March.
        ((2027, 3, 27, 8), "Sat 27 Mar 2027, 09:00 CET", "19:00 Sydney"),
        ((2027, 3, 29, 8), "Mon 29 Mar 2027, 10:00 CEST", "19:00 Sydney"),
        ((2027, 4, 5, 8), "Mon 5 Apr 2027, 10:00 CEST", "18:00 Sydney"),
    ],
)
def test_clock_changes_on_both_sides_are_followed(at, own, other):
    text = moment_text(datetime(*at, tzinfo=UTC), SYDNEY, BERLIN)

    assert (text.own, text.other) == (own, other)


def test_zones_that_share_a_clock_in_winter_only_differ_in_summer():
    winter = datetime(2027, 1, 10, 9, 0, tzinfo=UTC)
    summer = datetime(2027, 7, 10, 9, 0, tzinfo=UTC)

    assert moment_text(winter, "Africa/Lagos", BERLIN).other == ""
    assert moment_text(summer, "Africa/Lagos", BERLIN).other == "10:00 Lagos"


def test_zone_without_letters_is_told_by_its_distance():
    text = moment_text(datetime(2027, 3, 17, 15, 0, tzinfo=UTC), "", "Asia/Dubai")

    assert text.own == "Wed 17 Mar 2027, 19:00 UTC+04"


def test_city_is_the_last_part_of_a_zone():
    assert city_of("America/Argentina/Buenos_Aires") == "Buenos Aires"


@pytest.mark.parametrize(
    ("now", "words", "state"),
    [
        ((2027, 3, 10, 12, 0), "in 13 days", "later"),
        ((2027, 3, 20, 12, 59), "in 3 days", "soon"),
        ((2027, 3, 21, 13, 0), "in 2 days", "soon"),
        # Sydney is already in the 23rd while the reader in Berlin writes the 22nd.
        ((2027, 3, 22, 13, 0), "tomorrow", "soon"),
        ((2027, 3, 23, 12, 59), "today", "today"),
        # The day in Sydney is over at 14:00 in Berlin.
        ((2027, 3, 23, 13, 0), "just passed", "late"),
        ((2027, 3, 23, 18, 0), "5 hours late", "late"),
        ((2027, 3, 24, 13, 0), "1 day late", "late"),
    ],
)
def test_day_deadline_is_counted_from_the_readers_today(now, words, state):
    told = relative_words(LINK_DUE, BERLIN, now=datetime(*now, tzinfo=UTC))

    assert (told.words, told.state) == (words, state)


@pytest.mark.parametrize(
    ("left", "words", "state"),
    [
        (timedelta(days=5), "in 5 days", "later"),
        (timedelta(hours=24), "tomorrow", "soon"),
        (timedelta(hours=5, minutes=30), "in 5 hours", "today"),
        (timedelta(hours=1), "in 1 hour", "today"),
        (timedelta(minutes=20), "in 20 minutes", "today"),
        (timedelta(seconds=20), "in a moment", "today"),
        (timedelta(0), "just passed", "late"),
        (timedelta(minutes=-1), "1 minute late", "late"),
        (timedelta(hours=-3), "3 hours late", "late"),
        (timedelta(days=-2), "2 days late", "late"),
    ],
)
def test_moment_deadline_counts_hours_when_near(left, words, state):
    now = datetime(2027, 3, 16, 12, 0, tzinfo=UTC)

    told = relative_words(moment_due(now + left), BERLIN, now=now)

    assert (told.words, told.state) == (words, state)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(minutes=-5), "just now"),
        (timedelta(seconds=30), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(days=3), "3 days ago"),
    ],
)
def test_ago_speaks_in_the_largest_unit(ago, words):
    now = datetime(2027, 3, 16, 12, 0, tzinfo=UTC)

    assert ago_words(now - ago, now=now) == words


def test_since_counts_days_and_names_another_year():
    today = date(2027, 3, 15)

    assert since_words(date(2027, 3, 3), today=today) == "since 3 Mar (12 days)"
    assert since_words(date(2026, 12, 31), today=today) == "since 31 Dec 2026 (74 days)"
    assert since_words(date(2027, 3, 16), today=today) == "since 16 Mar (0 days)"


def test_due_tag_has_a_machine_date_both_clocks_and_the_distance(time_machine):
    time_machine.move_to(datetime(2027, 3, 20, 12, 0, tzinfo=UTC))
    with timezone.override(BERLIN):
        html = render("{% due step %}", step=step(LINK_DUE))

    assert html == (
        '<span class="due"><time datetime="2027-03-23">Tue 23 Mar 2027, '
        'end of day Sydney <span class="other-clock">·&nbsp;14:00 your time (Berlin)'
        '</span></time> <span class="relative relative-soon">in 3 days</span></span>'
    )


@pytest.mark.parametrize("state", ["done", "not_applicable", "cancelled"])
@pytest.mark.parametrize("tag", ["due", "due_short"])
def test_settled_step_no_longer_counts_down(tag, state):
    html = render("{% " + tag + " step %}", step=step(LINK_DUE, state))

    assert "23 Mar" in html
    assert "relative" not in html


def test_short_due_date_reads_the_full_one_aloud(time_machine):
    time_machine.move_to(datetime(2027, 3, 25, 12, 0, tzinfo=UTC))
    with timezone.override(BERLIN):
        html = render("{% due_short step %}", step=step(LINK_DUE))

    full = "Tue 23 Mar 2027, end of day Sydney · 14:00 your time (Berlin)"
    assert f'title="{full}"' in html
    assert f'<span class="visually-hidden">{full}</span>' in html
    assert '<span aria-hidden="true">Tue 23 Mar</span>' in html
    assert '<span class="relative relative-late">2 days late</span>' in html


def test_short_due_moment_falls_on_the_readers_day(time_machine):
    time_machine.move_to(datetime(2027, 3, 1, tzinfo=UTC))
    late_evening = moment_due(datetime(2027, 3, 10, 23, 30, tzinfo=UTC), NEW_YORK)
    with timezone.override(BERLIN):
        html = render("{% due_short step %}", step=step(late_evening))

    assert '<span aria-hidden="true">Thu 11 Mar</span>' in html
    assert "in 10 days" in html


def test_what_has_no_date_yet_says_so():
    step_without_date = SimpleNamespace(due_at=None, state="open")

    assert "No date yet" in render("{% due step %}", step=step_without_date)
    assert "No date yet" in render("{% due_short step %}", step=step_without_date)
    assert "No time yet" in render("{% moment at %}", at=None)
    assert "No day yet" in render("{% day day %}", day=None)
    assert "Never" in render("{% ago at %}", at=None)
    assert render("{% since at %}", at=None) == ""


def test_moment_tag_speaks_on_the_current_readers_clock():
    at = datetime(2027, 3, 23, 13, 0, tzinfo=UTC)
    with timezone.override(SYDNEY):
        html = render("{% moment at 'Europe/Berlin' %}", at=at)

    assert "Wed 24 Mar 2027, 00:00 AEDT" in html
    assert "Tue 23 Mar, 14:00 Berlin" in html


def test_since_takes_a_moment_on_the_readers_calendar(time_machine):
    time_machine.move_to(datetime(2027, 3, 15, 12, 0, tzinfo=UTC))
    late_evening = datetime(2027, 3, 2, 23, 30, tzinfo=UTC)
    with timezone.override(BERLIN):
        html = render("{% since at %}", at=late_evening)

    assert "since 3 Mar (12 days)" in html


def test_day_and_ago_tags_carry_their_machine_form(time_machine):
    time_machine.move_to(datetime(2027, 3, 15, 12, 0, tzinfo=UTC))
    at = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)
    with timezone.override(BERLIN):
        html = render("{% day day %}|{% ago at %}", day=date(2027, 3, 23), at=at)

    assert html == (
        '<time datetime="2027-03-23">Tue 23 Mar 2027</time>|'
        '<time datetime="2027-03-12T12:00:00+00:00" '
        'title="Fri 12 Mar 2027, 13:00 CET">3 days ago</time>'
    )
