"""Kickoff, plan and deliverables; each body makes what its form stands on."""

from datetime import date, timedelta

from django.urls import reverse

from engagements.execution.services.kickoff import begin_kickoff
from engagements.execution.services.kickoff_call import schedule_kickoff
from engagements.services.handoff_call import guests
from psdelivery.outbox.invitations import Meeting
from tests.factories.engagements import NOW, meet
from tests.factories.plan import (
    DeliverableFactory,
    KitItemFactory,
    LessonFactory,
    LinkFactory,
    RaciRowFactory,
    RiskFactory,
    delivered,
)
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


def on_delivered(name, **fields):
    """The address of a view about a deliverable that was delivered."""

    def make(world, client=None):
        made = delivered(world.consulting, world.me, **fields)
        return reverse(name, args=[made.pk])

    return make


def review(world):
    return {
        "outcome": "rejected",
        "contact": str(world.contact.pk),
        "said_on": "2027-02-01",
        "note": "Not\nyet",
        "evidence_link": "https://mail.example/1",
    }


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


def with_kickoff(name, *, invited=False):
    """The address of a view of the engagement, whose kickoff was begun."""

    def make(world, client=None):
        engagement = world.consulting
        kickoff = begin_kickoff(engagement, by=world.me, now=NOW)
        if invited:
            meeting = Meeting(
                kind="kickoff",
                title="Kickoff",
                starts_at=NOW + timedelta(days=40),
                ends_at=NOW + timedelta(days=40, hours=1),
                zone="Europe/Berlin",
                attendees=guests([world.me]),
            )
            schedule_kickoff(kickoff, meeting, by=world.me, now=NOW)
        return reverse(name, args=[engagement.pk])

    return make


def kickoff_page(world):
    return reverse("execution:kickoff-detail", args=[world.consulting.pk])


def kickoff_call(world):
    meet(world.consulting, "billing_terms", by=world.me)
    return {
        "day": "2027-02-08",
        "clock": "10:00",
        "zone": "Europe/Berlin",
        "minutes": "90",
        "location": "https://meet.example/1",
        "description": "Goals\nand roles",
        "attendees": [str(world.me.pk), str(world.trainer.pk)],
        "contacts": [str(world.contact.pk)],
    }


def kickoff_held(world):
    handoff = world.consulting.handoff
    handoff.early_reason, handoff.early_by, handoff.early_at = "Now", world.me, NOW
    handoff.save()
    link = "https://docs.example/deck"
    return {"held_on": "2027-02-01", "evidence_link": link, "note": "All\nthere"}


ROWS = {
    "rows-1-activity": "Go-live",
    "rows-1-responsible": "PSE",
    "rows-1-accountable": "Sponsor",
    "rows-1-order": "1",
}


def sold(name):
    """The address of a view of the engagement, whose offering has a kit."""

    def make(world, client=None):
        KitItemFactory(offering=world.offering)
        world.consulting.offerings.add(world.offering)
        RiskFactory(engagement=world.consulting)
        LinkFactory(engagement=world.consulting)
        return reverse(name, args=[world.consulting.pk])

    return make


def deliverables_tab(world):
    return f"{world.consulting.get_absolute_url()}deliverables/"


KIT_ITEM = {
    "title": "Runbook",
    "kind": "runbook",
    "url": "https://kit.example/runbook",
    "acceptance_criteria": "Tried\nonce",
    "order": "3",
    "is_active": "on",
}

WORK_PLAN = {
    "execution:kit-item-add": Body(
        at("execution:kit-item-add", "offering"), always(**KIT_ITEM)
    ),
    "execution:kit-item-edit": Body(
        lambda world, client=None: reverse(
            "execution:kit-item-edit", args=[KitItemFactory().pk]
        ),
        always(**KIT_ITEM),
    ),
    "execution:kit-take": Body(sold("execution:kit-take"), form_on=deliverables_tab),
    "execution:link-add": Body(
        sold("execution:link-add"),
        always(title="Wiki", kind="tool", url="https://wiki.example/1"),
    ),
    "execution:link-remove": Body(
        on("execution:link-remove", LinkFactory), form_on=deliverables_tab
    ),
    "execution:lesson-add": Body(
        sold("execution:lesson-add"),
        lambda world: {"offering": str(world.offering.pk), "text": "Ask\nearly"},
    ),
    "execution:lesson-answer": Body(
        on("execution:lesson-answer", LessonFactory),
        always(state="dismissed", answer="Known\nalready"),
    ),
    "execution:kickoff-begin": Body(
        at("execution:kickoff-begin", "consulting"), form_on=kickoff_page
    ),
    "execution:kickoff-call": Body(
        with_kickoff("execution:kickoff-call"), kickoff_call
    ),
    "execution:kickoff-call-cancel": Body(
        with_kickoff("execution:kickoff-call-cancel", invited=True),
        form_on=kickoff_page,
    ),
    "execution:kickoff-links": Body(
        with_kickoff("execution:kickoff-links"),
        always(deck_url="https://a.example/1", project_url="https://a.example/2"),
    ),
    "execution:kickoff-held": Body(
        with_kickoff("execution:kickoff-held"), kickoff_held
    ),
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
    "execution:version-add": Body(
        on_delivered("execution:version-add"),
        always(evidence_link="https://docs.example/2", note="All\nthere"),
    ),
    "execution:deliverable-move": Body(
        on_delivered("execution:deliverable-move"),
        always(target="in_review", reason="A mistake\nof ours"),
    ),
    "execution:deliverable-review": Body(
        on_delivered("execution:deliverable-review"), review
    ),
    "execution:deliverable-remove": Body(
        on("execution:deliverable-remove", DeliverableFactory),
        form_on=detail_of,
    ),
}
