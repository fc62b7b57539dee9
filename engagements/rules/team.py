"""Who can hold which role on an engagement."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from engagements.models import TeamMember
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.registry import Reason

# Whose trade a role on an engagement is; these people are offered first.
FITTING: dict[str, Role] = {
    EngagementRole.PC: Role.COORDINATOR,
    EngagementRole.TC: Role.COORDINATOR,
    EngagementRole.PM: Role.PM,
    EngagementRole.EM: Role.EM,
    EngagementRole.PSE: Role.PSE,
    EngagementRole.TRAINER: Role.TRAINER,
    EngagementRole.SAL: Role.ACCOUNT,
    EngagementRole.SA: Role.ACCOUNT,
    EngagementRole.CSM: Role.ACCOUNT,
    EngagementRole.TECHNICAL_ARCHITECT: Role.TECHNICAL_ARCHITECT,
    EngagementRole.PRACTICE_MANAGER: Role.PRACTICE_MANAGER,
    EngagementRole.LEADERSHIP: Role.LEADERSHIP,
    EngagementRole.FINANCE: Role.FINANCE,
}
# The lead follows from PM or TC, and a contact has no log-in: neither is named here.
DERIVED_ROLES = frozenset({EngagementRole.LEAD, EngagementRole.CONTACT})


def reasons_against_person(member: TeamMember) -> list[Reason]:
    """Nobody who has left is put on a team."""
    if member.person is None or member.person.is_active:
        return []
    sentence = _("%(person)s has left.") % {"person": member.person}
    return [Reason("left", sentence)]


def reasons_against_role(
    member: TeamMember, others: Iterable[TeamMember]
) -> list[Reason]:
    """A person holds a role once, and a role has people or a reason for nobody.

    `others` are the other entries of the same role.
    """
    for other in others:
        if member.person_id is not None and member.person_id == other.person_id:
            sentence = _("%(person)s has this role already.")
            return [Reason("twice", sentence % {"person": member.person})]
        if member.person_id is None or other.person_id is None:
            sentence = _("The role has an entry already: %(entry)s. Change that one.")
            return [Reason("nobody", sentence % {"entry": other})]
    return []
