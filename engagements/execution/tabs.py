"""Which engagements have the tabs of execution, and from when on."""

from collections.abc import Callable

from django.db.models import Exists, Model, OuterRef, Q

from engagements.choices import Kind, Status
from engagements.models import Engagement
from engagements.registry import panels

# Training has its classes, internal work nothing to deliver.
KINDS_WITH_PLAN = frozenset({Kind.CONSULTING, Kind.BLENDED, Kind.DEDICATED})
# The kickoff is prepared while the work is set up.
UNDER_WAY = frozenset(
    {
        Status.IN_SETUP,
        Status.OKAY_TO_START,
        Status.ACTIVE,
        Status.ON_HOLD,
        Status.CLOSED,
        Status.COMPLETED,
    }
)


def shown_with(*models: type[Model]) -> Callable[[Engagement], bool]:
    """Return what tells whether a tab is shown: from In set-up on.

    Before that, and once it is cancelled, only where one of these has rows of it.
    """

    def is_shown(engagement: Engagement) -> bool:
        if engagement.kind not in KINDS_WITH_PLAN:
            return False
        return engagement.status in UNDER_WAY or has_rows(engagement, models)

    return is_shown


def has_rows(engagement: Engagement, models: tuple[type[Model], ...]) -> bool:
    """Tell whether one of these has rows of the engagement (one query)."""
    found = Q(pk__in=[])
    for model in models:
        found |= Q(Exists(model._default_manager.filter(engagement=OuterRef("pk"))))
    return Engagement.objects.filter(found, pk=engagement.pk).exists()


def tab_url(engagement: Engagement, key: str, anchor: str = "") -> str:
    """Return the address of a tab; of the engagement where it has no such tab."""
    url, panel = engagement.get_absolute_url(), panels.get(key)
    if panel is None or not panel.is_shown(engagement):
        return url
    return f"{url}{key}/#{anchor}" if anchor else f"{url}{key}/"
