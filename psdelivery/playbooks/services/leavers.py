"""What becomes of the steps of somebody who has left."""

from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery

from psdelivery.people.models import User
from psdelivery.playbooks.models import Checklist, Step
from psdelivery.playbooks.services.checklists import reschedule


@transaction.atomic
def give_back_steps(person: User, *, now: datetime) -> int:
    """R-23: a leaver's open steps go back to the pool; return how many.

    The pool is that of the step's checklist. Nothing is escalated to the leaver.
    """
    Checklist.objects.filter(coordinator=person).update(coordinator=None)
    Checklist.objects.filter(manager=person).update(manager=None)
    locked = Step.objects.open().filter(assignee=person).lock()
    steps = Step.objects.filter(pk__in=locked)
    pool = Checklist.objects.filter(pk=OuterRef("checklist")).values("pool")[:1]
    steps.update(assignee=None, pool=Subquery(pool))
    reschedule(steps, now=now)
    return len(locked)
