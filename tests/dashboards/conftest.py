from datetime import UTC, datetime, timedelta

import pytest

from engagements.models import Engagement, Paper, TeamMember
from engagements.services.intake import Intake, register_engagement
from psdelivery.people.choices import Role
from psdelivery.playbooks.models import Step
from tests.factories.people import (
    CustomerFactory,
    PracticeFactory,
    RegionFactory,
    UserFactory,
)
from tests.factories.shipped import ship_playbooks

NOW = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def shipped(db):
    ship_playbooks()


@pytest.fixture
def place(db):
    return {"region": RegionFactory(), "practice": PracticeFactory()}


@pytest.fixture
def coordinator(place):
    return UserFactory(roles=[Role.COORDINATOR], **place)


@pytest.fixture
def manager(place):
    return UserFactory(roles=[Role.PRACTICE_MANAGER], **place)


@pytest.fixture
def register(shipped, place, coordinator):
    def make(kind="consulting", days_ago=10, team=(), **fields):
        engagement = Engagement(
            title=fields.pop("title", "Roll-out"),
            customer=fields.pop("customer", None) or CustomerFactory(),
            kind=kind,
            **{**place, **fields},
        )
        members = [TeamMember(role="pc", person=coordinator)]
        members += [TeamMember(role=role, person=person) for role, person in team]
        register_engagement(
            Intake(engagement, Paper(), team=members),
            by=coordinator,
            now=NOW - timedelta(days=days_ago),
        )
        return engagement

    return make


@pytest.fixture
def due(register):
    """Put the due date of some steps of an engagement, hours from now."""

    def put(engagement, *hours, **fields):
        steps = list(engagement.steps.order_by("pk")[: len(hours)])
        engagement.steps.exclude(pk__in=[step.pk for step in steps]).update(due_at=None)
        for step, number in zip(steps, hours, strict=True):
            moment = NOW + timedelta(hours=number)
            Step.objects.filter(pk=step.pk).update(
                due_at=moment, due_day=moment.date(), due_zone="Europe/Berlin", **fields
            )
        return steps

    return put
