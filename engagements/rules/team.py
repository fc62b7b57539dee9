"""Who can hold which role on an engagement."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from engagements.models import TeamMember
from engagements.registry import Booked
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


def reasons_against_replacing(
    member: TeamMember, booked: Sequence[Booked]
) -> list[Reason]:
    """Who is booked for days to come hands the role over, with the bookings."""
    if not booked:
        return []
    url = f"{member.engagement.get_absolute_url()}team/{member.pk}/handover/"
    return [Reason("booked", words_of_booked(booked), url, _("Hand over"))]


def reasons_against_removing(
    member: TeamMember, booked: Sequence[Booked], *, releases: bool, reason: str
) -> list[Reason]:
    """Who is booked for days to come goes with a reason, and with the bookings.

    `releases` says whether whoever removes them may release bookings.
    """
    if not booked or (releases and reason.strip()):
        return []
    if not releases:
        sentence = _("Coordination releases bookings: ask for it first.")
        words = f"{words_of_booked(booked)} {sentence}"
        return [Reason("booked", words)]
    return [Reason("reason-missing", _("Say why these bookings are released."))]


def words_of_booked(booked: Sequence[Booked]) -> str:
    """Name the bookings to come, as a refusal does."""
    lines = "; ".join(
        _("%(days)s, %(hours)s hours, %(hold)s")
        % {
            "days": one.span,
            "hours": f"{one.hours.normalize():f}",
            "hold": one.hold_words,
        }
        for one in booked
    )
    sentence = _("%(person)s is booked here: %(bookings)s.")
    return sentence % {"person": booked[0].who, "bookings": lines}


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
