"""The same seed makes the same demo, to the letter."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from engagements.models import Engagement, TeamMember
from psdelivery.dashboards.demo.seeding import seed
from psdelivery.history.models import Event
from psdelivery.outbox.models import Message
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from training.models import Session, Submission

# A Wednesday.
NOW = datetime(2027, 6, 9, 9, 30, tzinfo=UTC)


def _digest():
    """What there is, without keys and tokens."""
    wanted = {
        User: ("username", "email", "region__code", "practice__name"),
        Engagement: ("title", "kind", "status", "status_since", "customer__name"),
        TeamMember: ("role", "person__username", "booking"),
        Step: ("key", "period", "state", "due_at", "done_at", "assignee__username"),
        Session: ("starts_at", "held_on"),
        Submission: ("attendee_email", "submitted_at", "result", "score"),
        Event: ("verb", "at", "actor__username"),
    }
    found = {
        model: list(model.objects.order_by("pk").values_list(*names))
        for model, names in wanted.items()
    }
    found[Message] = sorted(Message.objects.values_list("to", "subject", "state"))
    return found


def _seeded():
    with transaction.atomic():
        seed(24, 1, now=NOW, told=20)
        digest = _digest()
        transaction.set_rollback(True)
    return digest


@pytest.mark.full
@pytest.mark.django_db
def test_the_same_seed_gives_the_same_data():
    first, again = _seeded(), _seeded()

    for model, rows in first.items():
        assert again[model] == rows, model
