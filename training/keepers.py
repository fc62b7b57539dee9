"""What a class tells the playbook engine about its checklists."""

from engagements.owners import owners_of
from psdelivery.playbooks.keepers import Keeping, keepers
from psdelivery.playbooks.models import Checklist
from training.models import DateProposal, Delivery, Submission
from training.services.checklists import (
    delivery_facts,
    delivery_owners,
    submission_owners,
)
from training.services.proposals import proposal_facts


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
    proposal = DateProposal.objects.filter(checklist=checklist).first()
    if proposal is not None:
        return Keeping(proposal_facts(proposal), owners_of(proposal.engagement))
    submission = Submission.objects.filter(checklist=checklist).first()
    if submission is None:
        return None
    return Keeping(delivery_facts(submission.delivery), submission_owners(submission))


def register_keeper() -> None:
    """Speak for the checklists of classes."""
    keepers.register("training", keeping_of)
