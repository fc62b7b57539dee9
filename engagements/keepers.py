"""What the engagement tells the playbook engine about its own checklist."""

from engagements.models import Engagement
from engagements.owners import owners_of
from engagements.services.facts import checklist_facts
from psdelivery.playbooks.keepers import Keeping, keepers
from psdelivery.playbooks.models import Checklist


def keeping_of(checklist: Checklist) -> Keeping | None:
    """Return facts and owners where the checklist is an engagement's own."""
    found = Engagement.objects.filter(checklist=checklist)
    engagement = found.select_related("paper", "region", "practice__manager").first()
    if engagement is None:
        return None
    return Keeping(checklist_facts(engagement), owners_of(engagement))


def register_keeper() -> None:
    """Speak for the checklists of engagements."""
    keepers.register("engagements", keeping_of)
