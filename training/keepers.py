"""What a class tells the playbook engine about its checklists."""

from psdelivery.playbooks.keepers import Keeping, keepers
from psdelivery.playbooks.models import Checklist
from training.models import Delivery, Submission
from training.services.checklists import (
    delivery_facts,
    delivery_owners,
    submission_owners,
)


def keeping_of(checklist: Checklist) -> Keeping | None:
    """Return facts and owners for the checklist of a class, a session or a review."""
    deliveries = Delivery.objects.select_related(
        "engagement__region", "engagement__practice__manager", "trainer"
    )
    delivery = (
        deliveries.filter(checklist=checklist).first()
        or deliveries.filter(sessions__checklist=checklist).first()
    )
    if delivery is not None:
        return Keeping(delivery_facts(delivery), delivery_owners(delivery))
    submission = Submission.objects.filter(checklist=checklist).first()
    if submission is None:
        return None
    return Keeping(delivery_facts(submission.delivery), submission_owners(submission))


def register_keeper() -> None:
    """Speak for the checklists of classes."""
    keepers.register("training", keeping_of)
