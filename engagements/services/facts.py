"""The facts by which conditional steps belong to an engagement's checklist."""

from engagements.choices import Kind
from engagements.models import Engagement
from engagements.settings import MEDIUM_HOURS, SMALL_HOURS
from psdelivery.people.register import portal_settings


def checklist_facts(engagement: Engagement) -> dict[str, object]:
    """Return the facts that decide which conditional steps belong to it.

    Size as in R-19: small up to *80* hours, medium up to *400*; unknown counts as
    small.
    """
    settings = portal_settings()
    hours = engagement.paper.hours or 0
    size = "large"
    if hours <= settings[MEDIUM_HOURS]:
        size = "small" if hours <= settings[SMALL_HOURS] else "medium"
    deploys = engagement.kind not in {Kind.TRAINING, Kind.INTERNAL}
    return {
        "kind": engagement.kind,
        "size": size,
        "deployed": deploys,
        "units": engagement.units.exists(),
    }
