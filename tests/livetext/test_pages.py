from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from psdelivery.livetext.models import LiveEditor, LiveText
from psdelivery.livetext.rules import TEXT_LENGTH
from psdelivery.livetext.services import add_card, note_writing, save_text
from tests.factories.people import UserFactory
from tests.livetext.sheets import NOTES, NOW, pen, row

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}
OUTCOMES = NOTES.group("outcome")


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


def url(name, sheet, *args):
    return reverse(f"livetext:{name}", args=[sheet.pk, *args])


def post(client, sheet, text, version=0, key="goals", **extra):
    typed = {"text": text, "version": version}
    return client.post(url("text-save", sheet, key), typed, **extra)


def write(sheet, text, by, version=0, key="goals"):
    return save_text(row(sheet, key), text, version, pen=pen(sheet, by))


@pytest.fixture
def as_ann(client, ann):
    client.force_login(ann)
    return client


def test_a_text_is_saved_without_javascript(as_ann, sheet):
    response = post(as_ann, sheet, "Fewer tools")

    assert response.url == "/people/me/#live-goals"
    assert row(sheet).text == "Fewer tools"


def test_a_text_is_saved_in_place(as_ann, sheet):
    text = post(as_ann, sheet, "Fewer\ntools", **HTMX).content.decode()

    assert 'data-live-text="goals"' in text
    assert 'data-version="1"' in text
    assert "Fewer\ntools" in text


@pytest.mark.parametrize("extra", [{}, HTMX], ids=["page", "fragment"])
def test_a_conflict_shows_both_texts_and_keeps_the_late_one(as_ann, sheet, bob, extra):
    write(sheet, "Bob's words", bob)

    response = post(as_ann, sheet, "Ann's words", **extra)

    text = response.content.decode()
    assert response.status_code == 409
    assert "Bob Cole saved “Goals” while you were writing" in text
    assert text.count("Bob&#x27;s words") >= 2
    assert text.count("Ann&#x27;s words") >= 2
    assert ("<html" in text) is (extra == {})
    assert row(sheet).text == "Bob's words"


def test_a_late_text_is_put_through_by_choosing_it(as_ann, sheet, bob):
    write(sheet, "Bob's words", bob)
    post(as_ann, sheet, "Ann's words")

    post(as_ann, sheet, "Ann's words", version=1)

    assert row(sheet).text == "Ann's words"
    page = as_ann.get(url("text-detail", sheet, "goals")).content.decode()
    assert "Bob&#x27;s words" in page
    assert "kept aside" in page


@pytest.mark.parametrize("extra", [{}, HTMX], ids=["page", "fragment"])
@pytest.mark.parametrize(
    "typed",
    [
        {"text": "a" * (TEXT_LENGTH + 1), "version": 0},
        {"text": "mine", "version": "x"},
        {"text": "mine", "version": -1},
        {"text": "mine"},
    ],
)
def test_what_does_not_fit_is_refused_and_stays_typed(as_ann, sheet, typed, extra):
    response = as_ann.post(url("text-save", sheet, "goals"), typed, **extra)

    assert response.status_code == 422
    assert row(sheet).version == 0
    if not extra:
        assert typed["text"] in response.content.decode()


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("text-save", ["goals"]),
        ("text-writing", ["goals"]),
        ("card-add", ["outcome"]),
        ("card-remove", ["outcome", 1]),
        ("card-restore", ["outcome", 1]),
    ],
)
@pytest.mark.parametrize(("username", "status"), [("closed", 404), ("reader", 403)])
def test_who_may_not_write_writes_nothing(client, sheet, name, args, username, status):
    client.force_login(UserFactory(username=username))

    response = client.post(url(name, sheet, *args), {"text": "x", "version": 0})

    assert response.status_code == status
    assert not LiveText.objects.exclude(text="").exists()


def test_a_reader_reads_and_a_stranger_does_not(client, sheet, bob):
    write(sheet, "*Goals*", bob)
    client.force_login(UserFactory(username="reader"))
    text = client.get(url("sheet-changes", sheet) + "?since=0").content.decode()
    assert "<em>Goals</em>" in text
    assert client.get(url("text-detail", sheet, "goals")).status_code == 200

    client.force_login(UserFactory(username="closed"))
    assert client.get(url("sheet-changes", sheet)).status_code == 404
    assert client.get(url("text-detail", sheet, "goals")).status_code == 404


def test_nothing_new_is_answered_with_nothing(
    as_ann, sheet, bob, django_assert_max_num_queries
):
    write(sheet, "Goals", bob)
    sheet.refresh_from_db()

    # The session, the person, and one look at the sheet.
    with django_assert_max_num_queries(3):
        response = as_ann.get(f"{url('sheet-changes', sheet)}?since={sheet.version}")

    assert (response.status_code, response.content) == (204, b"")


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 30])
def test_who_asks_with_nonsense_is_told_everything(as_ann, sheet, bob, since):
    write(sheet, "Goals", bob)

    response = as_ann.get(f"{url('sheet-changes', sheet)}?since={since}")

    assert "Goals" in response.content.decode()


def test_only_what_is_new_comes_with_the_poll(as_ann, sheet, bob):
    write(sheet, "Old words", bob)
    write(sheet, "New words", bob, key="scope")

    text = as_ann.get(f"{url('sheet-changes', sheet)}?since=1").content.decode()

    assert "New words" in text
    assert "Old words" not in text
    assert "since=2" in text


def test_others_see_who_is_writing_until_it_fades(as_ann, sheet, ann, bob):
    note_writing(row(sheet), by=bob, now=NOW)
    note_writing(row(sheet, "scope"), by=ann, now=NOW)

    text = as_ann.get(url("sheet-changes", sheet)).content.decode()
    assert '<span data-live-writer="goals">Bob Cole</span>' in text
    assert "Ann Berg" not in text
    with time_machine.travel(NOW + timedelta(seconds=31), tick=False):
        text = as_ann.get(url("sheet-changes", sheet)).content.decode()
    assert "Bob Cole" not in text


def test_the_pen_is_taken_up_and_put_down(as_ann, sheet):
    writing = url("text-writing", sheet, "goals")
    assert as_ann.post(writing, **HTMX).status_code == 204
    assert as_ann.post(writing).url == "/people/me/"
    assert LiveEditor.objects.count() == 1

    post(as_ann, sheet, "Goals")
    assert LiveEditor.objects.count() == 0


def test_a_card_is_added_taken_away_and_brought_back(as_ann, sheet):
    text = as_ann.post(url("card-add", sheet, "outcome"), **HTMX).content.decode()
    assert 'id="live-card-outcome-1"' in text
    post(as_ann, sheet, "Faster", key="outcome-1-what")

    refused = as_ann.post(url("card-remove", sheet, "outcome", 1), {"seen": 0})
    assert refused.status_code == 409
    as_ann.post(url("card-remove", sheet, "outcome", 1), {"seen": 1})
    assert not LiveText.objects.standing().filter(group="outcome").exists()
    news = as_ann.get(url("sheet-changes", sheet)).content.decode()
    assert "data-removed" in news

    as_ann.post(url("card-restore", sheet, "outcome", 1))
    news = as_ann.get(f"{url('sheet-changes', sheet)}?since=3").content.decode()
    assert "data-new-card" in news
    assert "Faster" in news


def test_fifty_cards_are_enough(as_ann, sheet, ann):
    for _ in range(50):
        add_card(sheet, OUTCOMES, pen=pen(sheet, ann))

    assert as_ann.post(url("card-add", sheet, "outcome")).status_code == 409
    assert as_ann.post(url("card-add", sheet, "nothing")).status_code == 404


@pytest.mark.parametrize("name", ["text-detail", "text-save", "text-writing"])
def test_an_unknown_text_is_not_found(as_ann, sheet, name):
    where = url(name, sheet, "nothing")
    ask = as_ann.get if name == "text-detail" else as_ann.post

    assert ask(where).status_code == 404


def test_queries_do_not_grow_with_the_texts(as_ann, sheet, ann):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked(cards):
        for _ in range(cards):
            rows = add_card(sheet, OUTCOMES, pen=pen(sheet, ann))
            write(sheet, "Faster", ann, key=rows[0].key)
        with CaptureQueriesContext(
            connection,
        ) as found:
            as_ann.get(url("sheet-changes", sheet))
        return len(found)

    assert asked(3) == asked(27)
