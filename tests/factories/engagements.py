from datetime import UTC, datetime, timedelta
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from engagements.choices import BillingTerms, Condition, Kind, Maturity, Status
from engagements.models import Engagement, Offering, Paper, TeamMember
from engagements.rules.gate import SPECS, Evidence
from engagements.rules.risk import RiskTerms
from engagements.services.gate import create_conditions, record_condition
from engagements.services.intake import Intake, register_engagement
from engagements.services.risk import ask_for_risk, waive_conditions
from psdelivery.documents.services import add_link
from psdelivery.people.choices import EngagementRole, Role
from tests.factories.people import (
    CustomerFactory,
    PracticeFactory,
    RegionFactory,
    UserFactory,
)

# A Monday: nobody is on leave, no clock changes soon.
NOW = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)


class OfferingFactory(DjangoModelFactory):
    class Meta:
        model = Offering

    key = factory.Sequence("offering-{}".format)
    category = "Implementation"
    type = "Quick start"
    title = factory.Sequence("Offering {}".format)
    maturity = Maturity.VIABLE
    kind = Kind.CONSULTING


class EngagementFactory(DjangoModelFactory):
    """An engagement by plain models: paper and gate, but no checklist."""

    class Meta:
        model = Engagement
        skip_postgeneration_save = True

    class Params:
        active = factory.Trait(status=Status.ACTIVE)
        won = factory.Trait(closed_won_at=NOW)

    title = factory.Sequence("Engagement {}".format)
    customer = factory.SubFactory(CustomerFactory)
    region = factory.SubFactory(RegionFactory)
    practice = factory.SubFactory(PracticeFactory)
    kind = Kind.CONSULTING
    status_since = NOW
    ball_since = NOW
    created_at = NOW

    @factory.post_generation
    def paper(engagement, create, extracted, **fields):
        if create:
            Paper.objects.create(engagement=engagement, **fields)

    @factory.post_generation
    def gate(engagement, create, extracted, **kwargs):
        if create:
            create_conditions(engagement, now=NOW)


class TeamMemberFactory(DjangoModelFactory):
    class Meta:
        model = TeamMember

    engagement = factory.SubFactory(EngagementFactory)
    role = EngagementRole.PM
    person = factory.SubFactory(UserFactory)


def registered(*, team=(), now=NOW, by=None, hours=None, offerings=(), **fields):
    """An engagement with its checklist, as the intake makes it; needs `shipped`."""
    engagement = EngagementFactory.build(
        **{
            "customer": fields.pop("customer", None) or CustomerFactory(),
            "region": fields.pop("region", None) or RegionFactory(),
            "practice": fields.pop("practice", None) or PracticeFactory(),
        },
        **fields,
    )
    members = [TeamMember(role=role, person=person) for role, person in team]
    paper = Paper(hours=hours)
    intake = Intake(engagement, paper, offerings=offerings, team=members)
    return register_engagement(intake, by=by, now=now)


def meet(engagement, *codes, now=NOW, by=None):
    """Put evidence of these conditions on file; of all with none named."""
    for code in codes or [spec.code for spec in SPECS]:
        if code == Condition.BILLING_TERMS:
            engagement.paper.billing_terms = BillingTerms.UPON_SOW
            engagement.paper.save()
        document = add_link(
            f"https://docs.example.com/{code}",
            title=str(code),
            engagement=engagement,
            by=by,
            now=now,
        )
        evidence = Evidence(met_on=now.date(), document=document, happened_at=now)
        record_condition(engagement, code, evidence, by=by, now=now)
    engagement.refresh_from_db()
    return engagement


def open_gate(engagement, **kwargs):
    return meet(
        engagement, Condition.CUSTOMER_SIGNATURE, Condition.BILLING_TERMS, **kwargs
    )


def risk_terms(*codes, hours=40, days=14, now=NOW, reason="The customer waits"):
    """Terms of work at risk; its last day is so many days after now."""
    until = now.date() + timedelta(days=days)
    return RiskTerms(codes, reason, Decimal(hours), until)


def asked(engagement, *codes, by=None, now=NOW, **terms):
    """Work at risk that waits for a decision."""
    by = by or UserFactory(roles=[Role.PM])
    wanted = risk_terms(*codes, now=now, **terms)
    return ask_for_risk(engagement, wanted, by=by, now=now)


def waived(engagement, *codes, by=None, now=NOW, **terms):
    """Work at risk that a manager granted."""
    by = by or UserFactory(roles=[Role.LEADERSHIP])
    wanted = risk_terms(*codes, now=now, **terms)
    return waive_conditions(engagement, wanted, by=by, now=now)


def with_value(engagement, value=120_000, currency="EUR"):
    engagement.paper.value, engagement.paper.currency = Decimal(value), currency
    engagement.paper.save()
    return engagement
