"""Deliverables, risks and rows of the table of responsibilities."""

import factory
from factory.django import DjangoModelFactory

from engagements.execution.models import (
    Deliverable,
    DeliverableVersion,
    ProjectRisk,
    RaciRow,
)
from psdelivery.documents.services import add_link
from tests.factories.engagements import NOW, EngagementFactory


class DeliverableFactory(DjangoModelFactory):
    class Meta:
        model = Deliverable

    engagement = factory.SubFactory(EngagementFactory)
    title = factory.Sequence("Deliverable {}".format)
    created_at = NOW


class RiskFactory(DjangoModelFactory):
    class Meta:
        model = ProjectRisk

    engagement = factory.SubFactory(EngagementFactory)
    title = factory.Sequence("Risk {}".format)
    impact = "timeline"
    opened_on = NOW.date()


class RaciRowFactory(DjangoModelFactory):
    class Meta:
        model = RaciRow

    engagement = factory.SubFactory(EngagementFactory)
    activity = factory.Sequence("Activity {}".format)
    order = factory.Sequence(int)


def with_version(deliverable, by, now=NOW):
    """The deliverable with a first version."""
    link = add_link(
        "https://docs.example/report",
        title=deliverable.title,
        engagement=deliverable.engagement,
        by=by,
        now=now,
    )
    DeliverableVersion.objects.create(
        deliverable=deliverable, number=1, document=link, by=by, at=now
    )
    return deliverable


def delivered(engagement, by, now=NOW, **fields):
    """A deliverable that waits for the customer's word."""
    whole = {"acceptance_criteria": "Read", "state": "delivered", "delivered_at": now}
    return with_version(DeliverableFactory(engagement=engagement, **whole | fields), by)
