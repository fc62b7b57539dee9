"""Kickoff, plan and deliverables; each body makes what its form stands on."""

from datetime import date

from django.urls import reverse

from tests.factories.plan import DeliverableFactory, RaciRowFactory, RiskFactory
from tests.fuzz.bodies import Body, always, at


def plan_tab(world):
    return f"{world.consulting.get_absolute_url()}plan/"


def on(name, factory, **fields):
    """The address of a view about a record that is made for it."""

    def make(world, client=None):
        made = factory(engagement=world.consulting, **fields)
        return reverse(name, args=[made.pk])

    return make


def with_rows(factory, name, **fields):
    """The address of a view of the engagement, once it has such a row."""

    def make(world, client=None):
        factory(engagement=world.consulting, owner=world.me, **fields)
        return reverse(name, args=[world.consulting.pk])

    return make


def with_tab(name):
    """The address of a view of the engagement, whose tab has something to show."""

    def make(world, client=None):
        RiskFactory(engagement=world.consulting)
        return reverse(name, args=[world.consulting.pk])

    return make


def raci_table(name):
    """The address of a view of the engagement, once it has a whole row."""

    def make(world, client=None):
        words = {"responsible": "PSE", "accountable": "PM"}
        RaciRowFactory(engagement=world.consulting, activity="Scope", **words)
        return reverse(name, args=[world.consulting.pk])

    return make


def detail_of(world):
    """The page of the deliverable that was made last."""
    return world.consulting.deliverables.latest("pk").get_absolute_url()


def risk(world):
    return {
        "title": "Nobody has access",
        "priority": "high",
        "impact": "timeline",
        "owner": str(world.me.pk),
        "mitigation": "Ask\nearly",
    }


def deliverable(world):
    return {
        "title": "Migration plan",
        "owner": str(world.me.pk),
        "due_on": "2027-03-01",
        "acceptance_criteria": "Names\nevery wave",
    }


ROWS = {
    "rows-1-activity": "Go-live",
    "rows-1-responsible": "PSE",
    "rows-1-accountable": "Sponsor",
    "rows-1-order": "1",
}

WORK_PLAN = {
    "execution:risk-add": Body(at("execution:risk-add", "consulting"), risk),
    "execution:risk-edit": Body(
        on("execution:risk-edit", RiskFactory),
        lambda world: risk(world) | {"status": "mitigated", "is_escalated": "on"},
    ),
    "execution:raci-edit": Body(raci_table("execution:raci-edit"), always(**ROWS)),
    "execution:raci-agree": Body(raci_table("execution:raci-agree"), form_on=plan_tab),
    "execution:template-take": Body(
        with_tab("execution:template-take"), form_on=plan_tab
    ),
    "execution:plan-agree": Body(
        with_rows(
            DeliverableFactory,
            "execution:plan-agree",
            due_on=date(2027, 3, 1),
            acceptance_criteria="All of it",
        ),
        form_on=plan_tab,
    ),
    "execution:deliverable-add": Body(
        at("execution:deliverable-add", "consulting"), deliverable
    ),
    "execution:deliverable-edit": Body(
        on("execution:deliverable-edit", DeliverableFactory), deliverable
    ),
    "execution:deliverable-remove": Body(
        on("execution:deliverable-remove", DeliverableFactory),
        form_on=detail_of,
    ),
}
