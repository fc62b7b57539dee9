"""Which engagements have the tabs of execution, and from when on."""

from engagements.choices import Kind, Status
from engagements.models import Engagement
from engagements.registry import panels

# Training has its classes, internal work nothing to deliver.
KINDS_WITH_PLAN = frozenset({Kind.CONSULTING, Kind.BLENDED, Kind.DEDICATED})
# The kickoff is prepared while the work is set up.
NOT_YET = frozenset({Status.ESTIMATE, Status.PROSPECT})


def is_shown(engagement: Engagement) -> bool:
    """Tell whether the tabs of execution are shown: from In set-up on.

    Set aside or cancelled work keeps them, so that what was written can be read.
    """
    return engagement.kind in KINDS_WITH_PLAN and engagement.status not in NOT_YET


def tab_url(engagement: Engagement, key: str, anchor: str = "") -> str:
    """Return the address of a tab; of the engagement where it has no such tab."""
    url, panel = engagement.get_absolute_url(), panels.get(key)
    if panel is None or not panel.is_shown(engagement):
        return url
    return f"{url}{key}/#{anchor}" if anchor else f"{url}{key}/"
