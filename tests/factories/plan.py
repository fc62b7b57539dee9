"""Deliverables, risks and rows of the table of responsibilities."""

import factory
from factory.django import DjangoModelFactory

from engagements.execution.models import (
    Deliverable,
    DeliverableVersion,
    EngagementLink,
    KitItem,
    Lesson,
    ProjectRisk,
    RaciRow,
)
from psdelivery.documents.services import add_link
from tests.factories.engagements import NOW, EngagementFactory, OfferingFactory
from tests.factories.people import UserFactory


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


class KitItemFactory(DjangoModelFactory):
    class Meta:
        model = KitItem

    offering = factory.SubFactory(OfferingFactory)
    kind = "deliverable"
    title = factory.Sequence("Template {}".format)


class LinkFactory(DjangoModelFactory):
    class Meta:
        model = EngagementLink

    engagement = factory.SubFactory(EngagementFactory)
    kind = "tool"
    title = factory.Sequence("Link {}".format)
    url = factory.Sequence("https://tools.example/{}".format)
    created_at = NOW


class LessonFactory(DjangoModelFactory):
    class Meta:
        model = Lesson

    engagement = factory.SubFactory(EngagementFactory)
    offering = factory.SubFactory(OfferingFactory)
    text = "Ask for access early."
    by = factory.SubFactory(UserFactory)
    at = NOW


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
