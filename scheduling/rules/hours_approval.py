"""Who approves actual hours, and what stands against a decision.

domain.md, section 4 and "Who may do what". Pure: no database, no clock, no request.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from engagements.choices import Kind
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.registry import Reason
from scheduling.choices import HoursState
from scheduling.models import HoursPart
from scheduling.rules.hours import STALE

# Approved by coordination; all other work by its PM.
COORDINATED = frozenset({Kind.TRAINING, Kind.INTERNAL})
BACKUPS = frozenset({Role.PRACTICE_MANAGER, Role.LEADERSHIP})
DECIDED = "decided"


def approver_role(kind: str) -> EngagementRole:
    """Return who approves: the PM; of training the TC, of internal work the PC."""
    roles = {Kind.TRAINING: EngagementRole.TC, Kind.INTERNAL: EngagementRole.PC}
    return roles.get(Kind(kind), EngagementRole.PM)


@dataclass(frozen=True)
class Decider:
    """Somebody who wants to decide: the roles that reach the engagement, and as what.

    `is_named` says that they are the one who is asked, or stand in for them (R-23);
    `is_pm` that they are the PM on the team.
    """

    roles: Collection[str]
    is_own: bool = False
    is_named: bool = False
    is_pm: bool = False


def may_decide(kind: str, decider: Decider) -> bool:
    """Tell whether somebody may approve hours of work of this kind.

    domain.md, "approve hours": coordinators internal work and training, the PM the
    own work, practice manager and leadership as backup; nobody their own.
    """
    if decider.is_own:
        return False
    if decider.is_named or BACKUPS.intersection(decider.roles):
        return True
    if kind in COORDINATED:
        return Role.COORDINATOR in decider.roles
    return decider.is_pm and Role.PM in decider.roles


def reasons_against_deciding(part: HoursPart, decider: Decider) -> list[Reason]:
    """Return what stands against approving or sending back hours that wait."""
    if decider.is_own:
        return [Reason("own", _("Nobody approves the own hours."))]
    if not may_decide(part.engagement.kind, decider):
        role = approver_role(part.engagement.kind).label.lower()
        sentence = _("These hours are approved by the %(role)s, or by a manager.")
        return [Reason("not-yours", sentence % {"role": role})]
    return reasons_once_decided(part)


def reasons_once_decided(part: HoursPart) -> list[Reason]:
    """Say who was faster, where hours do not wait any more."""
    if part.state == HoursState.SUBMITTED:
        return []
    if part.state == HoursState.APPROVED and part.decided_by is not None:
        sentence = _("%(by)s has approved these hours already.")
        return [Reason(DECIDED, sentence % {"by": part.decided_by})]
    if part.state == HoursState.RETURNED and part.decided_by is not None:
        sentence = _("%(by)s has sent these hours back already.")
        return [Reason(DECIDED, sentence % {"by": part.decided_by})]
    sentence = _("These hours do not wait for approval: %(state)s.")
    return [Reason(DECIDED, sentence % {"state": part.get_state_display()})]


def reasons_against_version(part: HoursPart, seen: int | None) -> list[Reason]:
    """Say that hours changed since they were looked at."""
    if seen is None or seen == part.version:
        return []
    sentence = _("These hours were changed after you had opened them. Look again.")
    return [Reason(STALE, sentence)]


def reasons_without_words(reason: str, sentence: str) -> list[Reason]:
    """Return the reason against doing something without saying why."""
    return [] if reason.strip() else [Reason("reason", sentence)]
