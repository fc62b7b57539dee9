import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from psdelivery.history.models import Event
from psdelivery.history.services import EventDraft, plain, record, record_many
from psdelivery.people.models import Practice, User

pytestmark = pytest.mark.django_db


def test_an_event_tells_who_what_when_and_why(ann, ben, now):
    event = record(
        "step-ticked",
        by=ann,
        on_behalf_of=ben,
        subject=ben,
        changes={"state": ["open", "done"]},
        reason="He is away.",
        now=now,
    )

    event.refresh_from_db()
    assert (event.at, event.actor, event.on_behalf_of) == (now, ann, ben)
    assert (event.verb, event.reason, event.is_money) == (
        "step-ticked",
        "He is away.",
        False,
    )
    assert event.subject_type == ContentType.objects.get_for_model(User)
    assert (event.subject_id, event.subject_label) == (str(ben.pk), "")
    assert event.changes == {"state": ["open", "done"]}


def test_the_portal_itself_needs_no_person_subject_or_engagement(now):
    event = record("reminders-scanned", by=None, now=now)

    assert (event.actor_id, event.subject_id, event.engagement_id) == (None, "", None)


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (None, None),
        (True, True),
        (3, 3),
        ("text", "text"),
        (_("lazy"), "lazy"),
        (Decimal("10.50"), "10.50"),
        (date(2027, 3, 5), "2027-03-05"),
        (datetime(2027, 3, 5, 12, tzinfo=UTC), "2027-03-05T12:00:00+00:00"),
        (["a", date(2027, 3, 5)], ["a", "2027-03-05"]),
    ],
)
def test_values_are_stored_as_json(value, stored):
    assert plain(value) == stored
    assert json.loads(json.dumps(plain(value))) == stored


def test_a_person_is_stored_by_id_and_not_by_name(ann):
    assert plain(ann) == {"person": ann.pk}


def test_many_events_are_written_with_one_insert(
    ann, now, django_assert_max_num_queries
):
    drafts = [EventDraft(verb=f"tea-{n}", by=ann) for n in range(30)]

    # The transaction's own two statements, and the insert.
    with django_assert_max_num_queries(3):
        record_many(drafts, now=now)

    newest_first = list(Event.objects.values_list("verb", flat=True))
    assert newest_first == [f"tea-{n}" for n in reversed(range(30))]


def test_an_event_goes_back_with_the_change_it_tells_of(ann, now):
    with transaction.atomic():
        record("tea-made", by=ann, now=now)
        transaction.set_rollback(True)

    assert not Event.objects.exists()


def test_a_long_label_is_cut(ann, now):
    practice = Practice.objects.create(name="a")
    practice.name = "a" * 300

    event = record("tea-made", by=ann, subject=practice, now=now)

    assert len(event.subject_label) == 200
