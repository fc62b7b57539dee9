"""R-12: in which window the code of a class may be generated."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.factories.training import local
from training.choices import CodeState
from training.rules.labs import (
    LabTerms,
    at_words,
    code_state,
    code_window,
    lab_warnings,
    newest_grant,
    reasons_against_asking,
    reasons_against_code,
    reasons_against_giving,
    reasons_against_grant,
    window_words,
)
from training.rules.times import LocalTimes

pytestmark = pytest.mark.unit

BERLIN, SYDNEY = "Europe/Berlin", "Australia/Sydney"
TERMS = LabTerms()
ZONES = (BERLIN, SYDNEY, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
# Clocks change within these weeks: in Europe, Australia and America.
DAYS = st.dates(date(2027, 3, 1), date(2027, 4, 15)) | st.dates(
    date(2027, 10, 1), date(2027, 11, 15)
)
SESSIONS = st.builds(
    lambda first, gaps, hour, length, zone: [
        LocalTimes(
            first + timedelta(days=days), time(hour), time(hour + length), zone
        ).moments
        for days in sorted({0, *gaps})
    ],
    DAYS,
    st.sets(st.integers(1, 24), max_size=5),
    st.integers(4, 15),
    st.integers(1, 8),
    st.sampled_from(ZONES),
)
CERTIFIED = st.booleans()
TERMS_OF_A_PORTAL = st.builds(
    LabTerms,
    code_days=st.sampled_from([1, 7, 14, 30]),
    submission_days=st.integers(0, 21),
    review_days=st.integers(0, 10),
)


def berlin(*parts):
    return datetime(*parts, tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)


def class_on(*days, zone=BERLIN):
    return [local(date(2027, 5, day), zone=zone).moments for day in days]


def window_of(*days, certified=False, granted=None, terms=TERMS):
    return code_window(
        class_on(*days),
        with_certification=certified,
        terms=terms,
        granted_until=granted,
    )


def codes(reasons):
    return [reason.code for reason in reasons]


def test_r12_a_class_of_two_days_has_a_window_of_six_days():
    window = window_of(11, 12)

    assert window.opens == berlin(2027, 5, 5, 13)
    assert window.closes == berlin(2027, 5, 11, 9)
    assert lab_warnings(window) == []
    assert window_words(window) == (
        "Generate the code from Wed 5 May 2027, 13:00 (Berlin, CEST) to "
        "Tue 11 May 2027, 09:00 (Berlin, CEST)."
    )


def test_r12_no_single_code_covers_three_weeks():
    window = window_of(11, 18, 25)

    assert (window.opens, window.closes) == (None, None)
    assert not window.covers_sessions
    assert window_words(window) == "No single code covers this class."
    (warning,) = lab_warnings(window)
    assert warning.code == "no-single-code"
    assert warning.sentence == (
        "No single code covers this class: it lasts from Tue 11 May 2027, 09:00 "
        "(Berlin, CEST) to Tue 25 May 2027, 13:00 (Berlin, CEST), and a code lives "
        "7 days. An extension until Tue 25 May 2027, 13:00 (Berlin, CEST) is needed."
    )


def test_r12_a_certification_needs_the_labs_until_the_last_review():
    """Two weeks to hand in, until the end of that day, and 168 hours to review."""
    window = window_of(11, 12, certified=True)

    assert (window.opens, window.closes) == (
        berlin(2027, 5, 5, 13),
        berlin(2027, 5, 11, 9),
    )
    assert window.needed_until == berlin(2027, 6, 3)
    assert codes(lab_warnings(window)) == ["labs-needed-longer"]


def test_r12_a_granted_extension_takes_the_warning_away():
    needed = window_of(11, 18, 25, certified=True).needed_until
    window = window_of(11, 18, 25, certified=True, granted=needed)

    assert lab_warnings(window) == []
    assert (window.opens, window.closes) == (
        berlin(2027, 5, 4, 9),
        berlin(2027, 5, 11, 9),
    )


def test_r12_an_extension_for_the_class_alone_leaves_the_certification_open():
    window = window_of(11, 18, 25, certified=True, granted=berlin(2027, 5, 25, 13))

    assert window.covers_sessions
    assert codes(lab_warnings(window)) == ["extension-short"]


def test_r12_an_extension_that_ends_within_the_class_covers_nothing():
    window = window_of(11, 18, 25, granted=berlin(2027, 5, 24))

    assert not window.covers_sessions
    assert codes(lab_warnings(window)) == ["extension-short"]


def test_a_window_is_told_across_a_clock_change():
    """In Sydney clocks are put back on 4 April: 168 hours before 13:00 is 14:00."""
    sessions = [local(date(2027, 4, day), zone=SYDNEY).moments for day in (6, 7)]
    window = code_window(sessions, with_certification=False, terms=TERMS)

    assert at_words(window.opens, SYDNEY) == "Wed 31 Mar 2027, 14:00 (Sydney, AEDT)"


@given(SESSIONS, CERTIFIED, TERMS_OF_A_PORTAL, st.integers(0, 40 * 24 * 60))
@example(class_on(11, 12), False, TERMS, 0)
def test_r12_a_code_covers_where_it_is_generated_in_the_window_and_nowhere_else(
    sessions, certified, terms, minutes
):
    window = code_window(sessions, with_certification=certified, terms=terms)
    first = min(one.starts_at for one in sessions)
    last = max(one.ends_at for one in sessions)
    generated = last - timedelta(days=40) + timedelta(minutes=minutes)
    dies = generated + terms.lifetime

    if window.holds(generated):
        assert generated <= first
        assert dies >= last
        assert window.extension_due or dies >= window.needed_until
    elif not certified or window.extension_due:
        assert generated > first or dies < last


@given(SESSIONS, CERTIFIED, TERMS_OF_A_PORTAL)
def test_r12_the_edges_of_the_window_cover_and_a_minute_beyond_does_not(
    sessions, certified, terms
):
    window = code_window(sessions, with_certification=certified, terms=terms)
    minute = timedelta(minutes=1)

    if window.opens is None:
        assert window.last_end - window.first_start > terms.lifetime
        assert window.extension_due
        return
    reach = window.last_end if window.extension_due else window.needed_until
    assert window.opens + terms.lifetime == reach
    assert window.closes == window.first_start
    assert window.holds(window.opens)
    assert window.holds(window.closes)
    assert not window.holds(window.opens - minute)
    assert not window.holds(window.closes + minute)


@given(SESSIONS, CERTIFIED, TERMS_OF_A_PORTAL, st.integers(-10 * 24, 60 * 24))
def test_r12_an_extension_only_ever_widens_the_window(
    sessions, certified, terms, hours
):
    plain = code_window(sessions, with_certification=certified, terms=terms)
    granted = plain.last_end + timedelta(hours=hours)
    window = code_window(
        sessions, with_certification=certified, terms=terms, granted_until=granted
    )

    assert window.extension_due == (
        plain.extension_due and granted < plain.needed_until
    )
    if plain.opens is not None:
        assert window.opens <= plain.opens
    if granted >= plain.last_end:
        assert window.covers_sessions
        assert window.expiry_of(window.opens) >= plain.last_end


@given(SESSIONS, TERMS_OF_A_PORTAL)
def test_the_labs_are_needed_for_whole_days_on_the_clock_of_the_class(sessions, terms):
    window = code_window(sessions, with_certification=True, terms=terms)
    handed_in = window.needed_until - timedelta(days=terms.review_days)
    local_end = handed_in.astimezone(ZoneInfo(window.zone))
    ended_on = window.last_end.astimezone(ZoneInfo(window.zone)).date()

    assert local_end.time() == time()
    assert (local_end.date() - ended_on).days == terms.submission_days + 1


# A code is entered


def test_r12_a_code_generated_eight_days_early_is_refused_with_what_would_cover():
    window, generated = window_of(11, 12), berlin(2027, 5, 3, 9)
    (reason,) = reasons_against_code(
        generated, window, is_asked=False, now=generated + timedelta(hours=1)
    )

    assert reason.code == "generated-early"
    assert reason.sentence == (
        "A code generated on Mon 3 May 2027, 09:00 (Berlin, CEST) dies on Mon 10 May "
        "2027, 09:00 (Berlin, CEST), before the class is over (Wed 12 May 2027, 13:00 "
        "(Berlin, CEST)). Generate the code from Wed 5 May 2027, 13:00 (Berlin, CEST) "
        "to Tue 11 May 2027, 09:00 (Berlin, CEST)."
    )


@pytest.mark.parametrize(
    ("generated", "now", "said"),
    [
        (berlin(2027, 5, 6), berlin(2027, 5, 6), []),
        (berlin(2027, 5, 6), berlin(2027, 5, 5), ["generated-ahead"]),
        (berlin(2027, 4, 6), berlin(2027, 5, 6), ["dead"]),
        # Forgotten until the class had begun: a fact, and it covers what is left.
        (berlin(2027, 5, 11, 10), berlin(2027, 5, 11, 11), []),
    ],
)
def test_r12_what_is_said_of_a_code_that_is_entered(generated, now, said):
    found = reasons_against_code(generated, window_of(11, 12), is_asked=False, now=now)

    assert codes(found) == said


@pytest.mark.parametrize(
    ("generated", "is_asked", "said"),
    [
        (berlin(2027, 5, 10), False, ["no-single-code"]),
        (berlin(2027, 5, 10), True, []),
        # It would be dead before the class begins: no extension brings it back.
        (berlin(2027, 5, 3), True, ["generated-early"]),
        # The second code of a class, for its last session.
        (berlin(2027, 5, 24), False, []),
    ],
)
def test_r12_where_no_code_covers_an_extension_is_asked_for_first(
    generated, is_asked, said
):
    found = reasons_against_code(
        generated, window_of(11, 18, 25), is_asked=is_asked, now=generated
    )

    assert codes(found) == said


# How it stands with a code


@pytest.mark.parametrize(
    ("expires", "opens", "state"),
    [
        (berlin(2027, 5, 14), berlin(2027, 5, 5), CodeState.LIVING),
        (berlin(2027, 5, 12, 12), berlin(2027, 5, 5), CodeState.SHORT),
        (berlin(2027, 5, 6), berlin(2027, 5, 5), CodeState.DEAD),
        (None, berlin(2027, 5, 5), CodeState.DUE),
        (None, berlin(2027, 5, 9), CodeState.COMING),
        (None, None, CodeState.UNCOVERED),
    ],
)
def test_r12_each_code_has_one_state(expires, opens, state):
    last_end, now = berlin(2027, 5, 12, 13), berlin(2027, 5, 6)

    assert code_state(expires, opens=opens, last_end=last_end, now=now) == state


@pytest.mark.parametrize(
    ("expires", "said"),
    [
        (berlin(2027, 5, 14), []),
        (berlin(2027, 5, 12, 12), ["code-short"]),
        (berlin(2027, 5, 6), ["code-dead"]),
        (None, ["no-code"]),
    ],
)
def test_r12_a_dead_or_uncovering_code_is_not_given_away(expires, said):
    found = reasons_against_giving(expires, window_of(11, 12), now=berlin(2027, 5, 6))

    assert codes(found) == said


# Extensions


@pytest.mark.parametrize(
    ("until", "can_ask", "can_grant"),
    [
        (berlin(2027, 5, 26), True, True),
        # Granted for less than the class: a fact, of which the page warns.
        (berlin(2027, 5, 25, 12), False, True),
        (berlin(2027, 5, 1), False, False),
        (berlin(2029, 5, 26), False, False),
    ],
)
def test_r12_an_extension_lasts_for_the_class_and_is_no_slip(until, can_ask, can_grant):
    window, now = window_of(11, 18, 25), berlin(2027, 5, 3)

    assert (not reasons_against_asking(until, window, now=now)) == can_ask
    assert (not reasons_against_grant(until, window, now=now)) == can_grant


def test_the_grant_that_came_last_counts():
    first, later = berlin(2027, 5, 1), berlin(2027, 5, 2)

    assert newest_grant([(later, first), (first, later)]) == first
    assert newest_grant([]) is None


def test_a_longer_life_of_all_codes_needs_no_extension():
    window = window_of(11, 18, 25, certified=True, terms=replace(TERMS, code_days=60))

    assert lab_warnings(window) == []
    assert window.opens + timedelta(days=60) == window.needed_until
