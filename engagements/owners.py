"""Who owns what on an engagement: from its team to the playbook engine's owners."""

from engagements.choices import Kind
from engagements.models import Engagement, TeamMember
from engagements.rules.moves import lead_role
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.queries import coordinator_pool
from psdelivery.playbooks.owners import Owners

COORDINATOR_ROLES = (EngagementRole.PC, EngagementRole.TC)
# What one office does where the other has no holder.
STAND_INS = {
    EngagementRole.TC: EngagementRole.PC,
    EngagementRole.PC: EngagementRole.TC,
}


def owners_of(engagement: Engagement) -> Owners:
    """Return who holds which role on the engagement (two queries).

    The lead is the PM, for training only the TC; PC and TC stand in for each other;
    the practice manager is whom escalations reach last.
    """
    by_role = holders(engagement)
    for role, stand_in in STAND_INS.items():
        if role not in by_role and stand_in in by_role:
            by_role[role] = by_role[stand_in]
    lead = by_role.get(lead_role(engagement.kind))
    if lead is not None:
        by_role[EngagementRole.LEAD] = lead
        by_role.setdefault(EngagementRole.CONTACT, lead)
    manager = engagement.practice.manager
    if manager is not None and not manager.is_active:
        manager = None
    if manager is not None:
        by_role.setdefault(EngagementRole.PRACTICE_MANAGER, manager)
    return Owners(
        pool=coordinator_pool(engagement.region),
        by_role=by_role,
        coordinator=coordinator_of(engagement.kind, by_role),
        manager=manager,
        contact=engagement.main_contact,
    )


def holders(engagement: Engagement) -> dict[str, User]:
    """Return the first person named for each role who still works here."""
    found: dict[str, User] = {}
    members = TeamMember.objects.filter(engagement=engagement, person__is_active=True)
    for member in members.select_related("person__manager").order_by("pk"):
        if member.person is not None:
            found.setdefault(member.role, member.person)
    return found


def coordinator_of(kind: str, by_role: dict[str, User]) -> User | None:
    """Return who coordinates: for training the TC before the PC."""
    order = COORDINATOR_ROLES
    if kind == Kind.TRAINING:
        order = (EngagementRole.TC, EngagementRole.PC)
    return next((by_role[role] for role in order if role in by_role), None)
