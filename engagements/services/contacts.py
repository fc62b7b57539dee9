"""The customer's homework follows the main contact of the engagement."""

from datetime import datetime

from engagements.events import ContactChanged
from engagements.models import Engagement
from engagements.owners import owners_of
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.checklists import change_owners
from psdelivery.registry import reactions

FOLLOWED = "homework-followed"


def follow_contact(engagement: Engagement, *, by: User | None, now: datetime) -> int:
    """Give the open homework to who is now the main contact; return how many steps.

    Those of classes too. Inside the caller's transaction; one event tells the number,
    the change of the contact itself stands beside it.
    """
    before = contacts_of_open_steps(engagement)
    if engagement.checklist is not None:
        change_owners(engagement.checklist, owners_of(engagement), by=by, now=now)
    reactions.publish(ContactChanged(engagement=engagement, by=by, now=now))
    after = contacts_of_open_steps(engagement)
    moved = sum(after[pk] != contact for pk, contact in before.items() if pk in after)
    if moved:
        record(
            FOLLOWED,
            by=by,
            subject=engagement,
            engagement=engagement,
            changes={"steps": ["", str(moved)]},
            now=now,
        )
    return moved


def contacts_of_open_steps(engagement: Engagement) -> dict[int, int | None]:
    """Return the open steps of the engagement with the contact of each."""
    steps = Step.objects.open().filter(engagement=engagement)
    return dict(steps.values_list("pk", "contact"))
