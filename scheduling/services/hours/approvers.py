"""Who is asked to approve the hours of somebody on an engagement."""

from engagements.models import Engagement
from engagements.owners import STAND_INS, holders
from psdelivery.people.models import User
from psdelivery.people.queries import coordinator_pool
from psdelivery.playbooks.owners import Assignment, still_here
from scheduling.rules.hours_approval import COORDINATED, approver_role


def approver_of(engagement: Engagement, person: User) -> Assignment:
    """Return who approves: PM, training TC, internal PC; nobody the own hours.

    domain.md, section 4: the backup is the manager, of the person, else of the
    practice. Internal work and training without a coordinator wait for the pool
    (R-23), and so does what nobody else is left for.
    """
    role = approver_role(engagement.kind)
    by_role = holders(engagement)
    named = by_role.get(role) or by_role.get(STAND_INS.get(role, role))
    pool = coordinator_pool(engagement.region)
    if named is not None and named != person:
        return Assignment(person=named)
    if named is None and engagement.kind in COORDINATED:
        return Assignment(pool=pool)
    backups = (person.manager, engagement.practice.manager)
    here = (still_here(one) for one in backups if one != person)
    backup = next((one for one in here if one is not None), None)
    return Assignment(person=backup) if backup else Assignment(pool=pool)
