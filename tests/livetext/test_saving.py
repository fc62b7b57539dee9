from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psdelivery.history.models import Event
from psdelivery.livetext.events import SheetChanged
from psdelivery.livetext.models import LiveText, LiveTextVersion
from psdelivery.livetext.rules import TEXT_LENGTH
from psdelivery.livetext.services import (
    add_card,
    note_writing,
    remove_card,
    restore_card,
    save_text,
)
from psdelivery.registry import RuleRefused, reactions
from tests.livetext.sheets import NOTES, NOW, new_sheet, pen, row

pytestmark = pytest.mark.django_db

OUTCOMES = NOTES.group("outcome")


def save(sheet, text, version, by, key="goals", now=NOW, page=""):
    return save_text(row(sheet, key), text, version, pen=pen(sheet, by, now, page))


def test_a_text_is_written_on_the_version_it_was_begun_on(sheet, ann):
    saved = save(sheet, "Fewer tools", 0, ann)

    assert not saved.is_conflict
    goals = row(sheet)
    assert (goals.text, goals.version, goals.changed_by) == ("Fewer tools", 1, ann)
    sheet.refresh_from_db()
    assert goals.changed_in == sheet.version == 1


def test_who_comes_late_overwrites_nothing_and_loses_nothing(sheet, ann, bob):
    save(sheet, "Ann's text", 0, ann)

    saved = save(sheet, "Bob's text", 0, bob)

    assert (saved.row.text, saved.row.changed_by) == ("Ann's text", ann)
    assert saved.mine.text == "Bob's text"
    assert row(sheet).text == "Ann's text"
    aside = LiveTextVersion.objects.get(is_aside=True)
    assert (aside.text, aside.by, aside.version) == ("Bob's text", bob, 0)


def test_a_late_text_sent_twice_is_kept_aside_once(sheet, ann, bob):
    save(sheet, "Ann's text", 0, ann)

    save(sheet, "Bob's text", 0, bob)
    save(sheet, "Bob's text", 0, bob)

    assert LiveTextVersion.objects.filter(is_aside=True).count() == 1


def test_two_people_on_two_fields_have_nothing_to_settle(sheet, ann, bob):
    save(sheet, "Goals", 0, ann)

    assert not save(sheet, "Scope", 0, bob, key="scope").is_conflict


@pytest.mark.parametrize("text", ["Ann's text", ""])
def test_what_says_nothing_new_is_no_conflict(sheet, ann, bob, text):
    save(sheet, "Ann's text", 0, ann)

    saved = save(sheet, text, 0, bob)

    assert not saved.is_conflict
    assert row(sheet).text == "Ann's text"


def test_an_unchanged_old_text_does_not_undo_a_newer_one(sheet, ann, bob):
    save(sheet, "First", 0, ann)
    save(sheet, "Second", 1, bob)

    saved = save(sheet, "First", 1, ann)

    assert (saved.is_conflict, saved.row.text) == (False, "Second")


def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(sheet, ann, bob):
    save(sheet, "Ann's text", 0, ann)
    save(sheet, "Ann's text and Bob's", 1, bob)

    again = save(sheet, "Ann's text", 0, ann)

    assert (again.is_conflict, again.row.text) == (False, "Ann's text and Bob's")


def test_who_goes_on_writing_after_a_lost_answer_settles_nothing(sheet, ann):
    save(sheet, "One", 0, ann, page="tab-1")

    assert not save(sheet, "One, two", 0, ann, page="tab-1").is_conflict
    assert row(sheet).text == "One, two"
    assert save(sheet, "Other", 0, ann, page="tab-2").is_conflict
    assert save(sheet, "Other", 0, ann).is_conflict


def test_what_somebody_else_wrote_between_is_settled_on_the_same_page_too(
    sheet, ann, bob
):
    save(sheet, "One", 0, ann, page="tab-1")
    save(sheet, "Bob's", 1, bob, page="tab-9")

    assert save(sheet, "One, two", 0, ann, page="tab-1").is_conflict


def test_a_text_that_is_too_long_is_refused_whole(sheet, ann):
    with pytest.raises(RuleRefused):
        save(sheet, "a" * (TEXT_LENGTH + 1), 0, ann)

    assert not LiveTextVersion.objects.exists()


def test_every_text_that_stood_can_be_read_again(sheet, ann, bob):
    save(sheet, "One", 0, ann)
    save(sheet, "Two", 1, bob)
    save(sheet, "", 2, ann)

    texts = row(sheet).versions.order_by("version").values_list("text", flat=True)
    assert list(texts) == ["One", "Two", ""]


def told():
    return [
        (event.actor.username, event.changes["part"][1])
        for event in Event.objects.filter(verb="text-changed").order_by("pk")
    ]


def test_history_tells_a_field_once_a_quarter_of_an_hour_and_person(sheet, ann, bob):
    save(sheet, "One", 0, ann)
    save(sheet, "Two", 1, ann, now=NOW + timedelta(minutes=14))
    save(sheet, "Three", 2, bob, now=NOW + timedelta(minutes=14))
    save(sheet, "Scope", 0, ann, key="scope", now=NOW + timedelta(minutes=14))
    save(sheet, "Four", 3, ann, now=NOW + timedelta(minutes=16))

    assert told() == [
        ("ann", "Goals"),
        ("bob", "Goals"),
        ("ann", "Scope"),
        ("ann", "Goals"),
    ]


def test_others_are_told_in_the_same_transaction(sheet, ann, monkeypatch):
    heard = []
    monkeypatch.setattr(reactions, "_by_event", dict(reactions._by_event))
    reactions.register(SheetChanged, heard.append)

    save(sheet, "Goals", 0, ann)

    assert [(event.sheet, event.by) for event in heard] == [(sheet, ann)]


def test_a_card_has_a_row_for_each_part(sheet, ann):
    add_card(sheet, OUTCOMES, pen=pen(sheet, ann))
    add_card(sheet, OUTCOMES, pen=pen(sheet, ann))

    keys = LiveText.objects.filter(group="outcome").values_list("key", flat=True)
    assert list(keys) == [
        "outcome-1-what",
        "outcome-1-measure",
        "outcome-2-what",
        "outcome-2-measure",
    ]


def test_a_card_that_changed_meanwhile_is_not_taken_away(sheet, ann, bob):
    add_card(sheet, OUTCOMES, pen=pen(sheet, ann))
    save(sheet, "Faster", 0, bob, key="outcome-1-what")

    with pytest.raises(RuleRefused, match="Bob Cole"):
        remove_card(sheet, OUTCOMES, 1, 0, pen=pen(sheet, ann))
    remove_card(sheet, OUTCOMES, 1, 1, pen=pen(sheet, ann))

    assert not LiveText.objects.standing().filter(group="outcome").exists()
    assert Event.objects.filter(verb="text-removed").exists()


def test_a_card_comes_back_with_its_texts(sheet, ann):
    add_card(sheet, OUTCOMES, pen=pen(sheet, ann))
    save(sheet, "Faster", 0, ann, key="outcome-1-what")
    remove_card(sheet, OUTCOMES, 1, 1, pen=pen(sheet, ann))

    restore_card(sheet, OUTCOMES, 1, pen=pen(sheet, ann))

    standing = LiveText.objects.standing().filter(group="outcome")
    assert [text.text for text in standing] == ["Faster", ""]


def test_words_are_stronger_than_taking_away(sheet, ann, bob):
    add_card(sheet, OUTCOMES, pen=pen(sheet, ann))
    remove_card(sheet, OUTCOMES, 1, 0, pen=pen(sheet, ann))

    saved = save(sheet, "Still wanted", 0, bob, key="outcome-1-what")

    assert not saved.is_conflict
    assert row(sheet, "outcome-1-what").removed_at is None


def test_whoever_has_the_pen_is_noted_now_and_then_only(sheet, ann):
    note_writing(row(sheet), by=ann, now=NOW)
    sheet.refresh_from_db()
    first = sheet.version
    note_writing(row(sheet), by=ann, now=NOW + timedelta(seconds=2))
    sheet.refresh_from_db()

    assert (first, sheet.version) == (1, 1)


WRITERS = 3
STEPS = st.lists(
    st.tuples(
        st.integers(0, WRITERS - 1),
        st.sampled_from(["look", "write", "mine", "theirs"]),
        st.text(alphabet="abc \n\x00", max_size=4),
    ),
    max_size=14,
)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STEPS)
def test_no_order_of_saves_loses_a_text(ann, bob, django_user_model, steps):
    eve = django_user_model.objects.get_or_create(username="eve", email="e@x.example")
    writers, sheet = [ann, bob, eve[0]], new_sheet()
    known = [0] * WRITERS
    sent = set()

    for who, what, text in steps:
        version = known[who]
        if what == "look" or what == "theirs":
            known[who] = row(sheet).version
            continue
        if what == "mine":
            # The late one has seen both texts and keeps the own one.
            version = row(sheet).version
        saved = save(sheet, text, version, writers[who])
        sent.add(text.replace("\x00", ""))
        if not saved.is_conflict:
            known[who] = saved.row.version

    kept = set(row(sheet).versions.values_list("text", flat=True)) | {""}
    assert sent <= kept
    assert row(sheet).text in kept
