import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from psdelivery.history.models import AppendOnlyError, Event
from psdelivery.history.services import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(ann, now):
    return record("tea-made", by=ann, reason="thirst", now=now)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda event: event.save(), id="save"),
        pytest.param(lambda event: event.delete(), id="delete"),
        pytest.param(lambda event: Event.objects.update(reason=""), id="update"),
        pytest.param(
            lambda event: Event.objects.filter(pk=event.pk).update(reason=""),
            id="filtered update",
        ),
        pytest.param(lambda event: Event.objects.all().delete(), id="bulk delete"),
        pytest.param(
            lambda event: Event.objects.bulk_update([event], ["reason"]),
            id="bulk update",
        ),
        pytest.param(
            lambda event: Event.objects.update_or_create(
                pk=event.pk, defaults={"reason": ""}
            ),
            id="update or create",
        ),
        pytest.param(
            lambda event: Event.objects.bulk_create(
                [Event(pk=event.pk, at=event.at)],
                update_conflicts=True,
                unique_fields=["pk"],
                update_fields=["reason"],
            ),
            id="overwriting insert",
        ),
        pytest.param(
            lambda event: Event.objects.order_by("pk").update(reason=""), id="ordered"
        ),
    ],
)
def test_history_refuses_every_way_to_change_it(event, change):
    event.reason = "boredom"

    with pytest.raises(AppendOnlyError):
        change(event)

    assert list(Event.objects.values_list("reason", flat=True)) == ["thirst"]


def test_an_event_built_with_an_existing_id_does_not_overwrite_it(event, now):
    forged = Event(pk=event.pk, at=now, verb="coffee-made")

    with pytest.raises(IntegrityError), transaction.atomic():
        forged.save()

    assert Event.objects.get().verb == "tea-made"


def test_superusers_change_nothing_either(event, ann, now):
    ann.is_superuser = True
    ann.save()
    event.actor = ann

    with pytest.raises(AppendOnlyError):
        event.save()


def test_a_person_with_history_cannot_be_deleted(event, ann):
    with pytest.raises(ProtectedError):
        ann.delete()


def test_half_a_subject_is_refused(now):
    half = Event(at=now, verb="tea-made", subject_id="7")

    with pytest.raises(ValidationError, match="both its kind and its id"):
        half.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        half.save()
