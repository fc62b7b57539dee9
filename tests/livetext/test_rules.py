import pytest
from hypothesis import given
from hypothesis import strategies as st

from psdelivery.livetext.rules import (
    TEXT_LENGTH,
    clean_text,
    is_told_again,
    merged_text,
    reasons_against_card,
    reasons_against_text,
)
from tests.livetext.sheets import NOW

pytestmark = pytest.mark.unit

TEXTS = st.text(alphabet=st.sampled_from("ab \n"), max_size=30)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b", "ab"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\tb\x1b[0m", "a\tb[0m"),
        ("\u202eabc", "abc"),
        ("\ud800", ""),
        ("Größe 😀", "Größe 😀"),
    ],
)
def test_what_cannot_be_kept_is_left_out(typed, kept):
    assert clean_text(typed) == kept


@given(st.text())
def test_cleaning_again_changes_nothing(typed):
    assert clean_text(clean_text(typed)) == clean_text(typed)


def test_a_text_has_a_length_that_fits():
    assert reasons_against_text("a" * TEXT_LENGTH) == []
    (reason,) = reasons_against_text("a" * (TEXT_LENGTH + 1))
    assert str(TEXT_LENGTH) in reason.sentence


def test_there_are_no_more_than_fifty_cards():
    assert reasons_against_card(49) == []
    assert [reason.code for reason in reasons_against_card(50)] == ["too-many"]


def test_history_hears_of_a_field_once_a_quarter_of_an_hour():
    assert is_told_again(None, NOW)
    assert not is_told_again(NOW, NOW.replace(minute=14, second=59))
    assert is_told_again(NOW, NOW.replace(minute=15))


@given(TEXTS, TEXTS)
def test_no_line_of_either_text_is_lost_by_merging(mine, theirs):
    merged = merged_text(mine, theirs).split("\n")

    for text in (mine, theirs):
        rest = iter(merged)
        assert all(line in rest for line in text.split("\n"))


def test_what_both_texts_share_stands_once_in_the_merged_one():
    assert merged_text("a\nmine\nz", "a\ntheirs\nz") == "a\ntheirs\nmine\nz"
    assert merged_text("same", "same") == "same"
