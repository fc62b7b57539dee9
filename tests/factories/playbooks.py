"""Playbooks and running checklists, for the tests of the engine and of its pages."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.choices import EvidenceWanted, OffsetKind, Phase, StepState
from psdelivery.playbooks.models import Anchor, Checklist, Playbook, PlaybookStep, Step
from psdelivery.playbooks.owners import Owners
from psdelivery.playbooks.services.checklists import ChecklistDraft, start_checklist
from tests.factories.people import PoolFactory

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


class PlaybookFactory(DjangoModelFactory):
    class Meta:
        model = Playbook

    key = factory.Sequence("playbook-{}".format)
    title = "Playbook"


class PlaybookStepFactory(DjangoModelFactory):
    """A step of the coordinator, due three days after the kickoff."""

    class Meta:
        model = PlaybookStep

    playbook = factory.SubFactory(PlaybookFactory)
    key = factory.Sequence("step-{}".format)
    title = factory.LazyAttribute(lambda step: f"Do {step.key}")
    phase = Phase.PLAN
    owner_role = EngagementRole.PC
    anchor = "kickoff"
    offset_value = 3
    offset_unit = OffsetKind.DAYS
    calendar = "company"


class ChecklistFactory(DjangoModelFactory):
    class Meta:
        model = Checklist

    title = factory.Sequence("Checklist {}".format)
    playbook = factory.SubFactory(PlaybookFactory)
    zone = "Europe/Berlin"
    country = "DE"
    pool = factory.SubFactory(PoolFactory)
    created_at = NOW


class AnchorFactory(DjangoModelFactory):
    class Meta:
        model = Anchor

    checklist = factory.SubFactory(ChecklistFactory)
    key = factory.Sequence("anchor-{}".format)


class StepFactory(DjangoModelFactory):
    """An open step of the pool, unless an assignee is given; dated by `due_at`."""

    class Meta:
        model = Step

    class Params:
        done = factory.Trait(state=StepState.DONE, done_at=NOW)
        with_link = factory.Trait(evidence_wanted=EvidenceWanted.LINK_OR_FILE)
        with_note = factory.Trait(evidence_wanted=EvidenceWanted.NOTE)

    checklist = factory.SubFactory(ChecklistFactory)
    anchor = factory.SubFactory(
        AnchorFactory, checklist=factory.SelfAttribute("..checklist")
    )
    engagement = factory.SelfAttribute("checklist.engagement")
    key = factory.Sequence("step-{}".format)
    title = factory.LazyAttribute(lambda step: f"Do {step.key}")
    phase = Phase.PLAN
    owner_role = EngagementRole.PC
    calendar = "company"
    assignee = None
    pool = factory.LazyAttribute(
        lambda step: None if step.assignee else step.checklist.pool
    )
    due_zone = "Europe/Berlin"


def owners(**facts):
    """Owners with a pool of their own; `pc=user` names holders of roles."""
    known = {name: facts.pop(name, None) for name in ("coordinator", "manager")}
    pool = facts.pop("pool", None) or PoolFactory()
    known["contact"] = facts.pop("contact_person", None)
    return Owners(pool=pool, by_role=facts, **known)


def start(playbook, *, people=None, now=NOW, **draft):
    """Start a checklist from the playbook, with the kickoff not yet dated."""
    draft = {"title": "Checklist", "zone": "Europe/Berlin", "country": "DE"} | draft
    draft.setdefault("anchors", {"kickoff": None})
    return start_checklist(
        ChecklistDraft(playbook_key=playbook.key, owners=people or owners(), **draft),
        by=None,
        now=now,
    )
