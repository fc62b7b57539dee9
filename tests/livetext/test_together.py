"""Several connections at once: who comes late is told, and every text is kept."""

import pytest

from psdelivery.livetext.models import LiveSheet, LiveTextVersion
from psdelivery.livetext.services import save_text
from tests import together
from tests.factories.people import UserFactory
from tests.livetext.sheets import new_sheet, pen, row
from tests.together import elsewhere, move_to_disk

pytestmark = pytest.mark.django_db(transaction=True)

CLERKS = 6


@pytest.fixture
def on_disk(tmp_path, monkeypatch):
    return lambda: move_to_disk(tmp_path, monkeypatch)


def at_once(work, count=CLERKS):
    return together.at_once(work, count)


def test_of_many_saves_of_one_field_one_is_taken_and_all_are_kept(on_disk):
    people = [UserFactory() for _ in range(CLERKS)]
    sheet = new_sheet()
    goals = row(sheet)
    on_disk()

    saved = at_once(
        lambda n: save_text(goals, f"Text {n}", 0, pen=pen(sheet, people[n]))
    )

    assert [one.is_conflict for one in saved].count(False) == 1
    texts = LiveTextVersion.objects.values_list("text", flat=True)
    assert elsewhere(lambda: set(texts)) == {f"Text {n}" for n in range(CLERKS)}
    assert elsewhere(lambda: row(sheet).version) == 1


def test_saves_of_two_fields_stay_in_the_order_of_the_sheet(on_disk):
    people = [UserFactory() for _ in range(CLERKS)]
    sheet = new_sheet()
    rows = [row(sheet, key) for key in ("goals", "scope")]
    on_disk()

    saved = at_once(
        lambda n: save_text(rows[n % 2], "Same", 0, pen=pen(sheet, people[n]))
    )

    assert not any(one.is_conflict for one in saved)
    changed = elsewhere(
        lambda: {row(sheet, key).changed_in for key in ("goals", "scope")}
    )
    assert changed == {1, 2}
    assert elsewhere(lambda: LiveSheet.objects.get(pk=sheet.pk).version) == 2
