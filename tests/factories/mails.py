"""Engagements about which mail can be written: everybody named, texts loaded."""

from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.models import Step
from tests.factories.engagements import NOW, meet, registered
from tests.factories.people import (
    ContactFactory,
    CustomerFactory,
    PracticeFactory,
    UserFactory,
)
from tests.factories.shipped import ship_mails, ship_playbooks

TEAM = (
    (EngagementRole.PC, "Carla Coordinator", Role.COORDINATOR),
    (EngagementRole.PM, "Paul Project", Role.PM),
    (EngagementRole.SAL, "Sally Sales", Role.ACCOUNT),
    (EngagementRole.CSM, "Chris Success", Role.ACCOUNT),
    (EngagementRole.PSE, "Pia Engineer", Role.PSE),
)


def colleague(name, *roles, **fields):
    """Somebody of ours, with an address at ps.example."""
    first, _space, last = name.partition(" ")
    return UserFactory(
        username=f"{first.lower()}-{UserFactory._meta.model.objects.count()}",
        first_name=first,
        last_name=last,
        email=f"{first.lower()}@ps.example",
        roles=roles,
        **fields,
    )


def sold(*, now=NOW, **fields):
    """A consulting engagement just won, with everybody its welcome mail names."""
    ship_playbooks()
    ship_mails()
    lead = colleague("Petra Lead", Role.PRACTICE_MANAGER)
    customer = fields.pop("customer", None) or CustomerFactory(name="Acme")
    contact = ContactFactory(
        customer=customer, name="Cora Client", email="cora@acme.example"
    )
    team = [(role, colleague(name, grant)) for role, name, grant in TEAM]
    engagement = registered(
        team=team,
        now=now,
        by=team[0][1],
        **{
            "title": "Rollout",
            "customer": customer,
            "main_contact": contact,
            "practice": PracticeFactory(manager=lead),
            "opportunity_url": "https://crm.example/1",
        }
        | fields,
    )
    return meet(engagement, "closed_won", now=now, by=team[0][1])


def person(engagement, role):
    """Who holds the role."""
    return engagement.team.get(role=role).person


def step_of(engagement, key):
    return Step.objects.get(checklist__engagement=engagement, key=key)
