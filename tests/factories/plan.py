"""Deliverables, risks and rows of the table of responsibilities."""

import factory
from factory.django import DjangoModelFactory

from engagements.execution.models import Deliverable, ProjectRisk, RaciRow
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
