from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.writing import write_fields
from tests.factories.people import UserFactory
from tests.factories.playbooks import StepFactory

pytestmark = pytest.mark.django_db

MOMENT = datetime(2027, 3, 28, 0, 59, 59, 123456, tzinfo=UTC)


def test_every_row_gets_its_own_values():
    one, two = StepFactory(), StepFactory(due_at=MOMENT, late_by_design=True)
    one.due_at, one.due_day, one.due_zone = MOMENT, date(2027, 3, 27), "Etc/“Quoted”'"
    one.late_by_design, one.lease_token = True, uuid4()
    one.assignee, one.pool = UserFactory(), None
    two.due_at, two.late_by_design = None, False
    names = ["due_at", "due_day", "due_zone", "late_by_design", "lease_token"]

    write_fields([one, two], [*names, "assignee", "pool"])

    for step in (one, two):
        stored = Step.objects.get(pk=step.pk)
        assert [getattr(stored, name) for name in names] == [
            getattr(step, name) for name in names
        ]
        assert (stored.assignee_id, stored.pool_id) == (step.assignee_id, step.pool_id)


def test_only_the_fields_named_are_written():
    step, other = StepFactory(title="Old"), StepFactory(title="Other")
    step.title, step.note = "New", "Kept back"

    write_fields([step], ["title"])

    assert set(Step.objects.values_list("title", "note")) == {
        ("New", ""),
        (other.title, ""),
    }


def test_no_rows_ask_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        write_fields([], ["title"])


def test_one_statement_however_many_rows(django_assert_num_queries):
    steps = StepFactory.create_batch(3)

    with django_assert_num_queries(1):
        write_fields(steps, ["title"])
