"""Which engagements have the tabs of execution, and from when on."""

from collections.abc import Callable

from django.db.models import Exists, Model, OuterRef, Q

from engagements.choices import Kind, Status
from engagements.models import Engagement

# Training has its classes, internal work nothing to deliver.
KINDS_WITH_PLAN = frozenset({Kind.CONSULTING, Kind.BLENDED, Kind.DEDICATED})
UNDER_WAY = frozenset(
    {
        Status.OKAY_TO_START,
        Status.ACTIVE,
        Status.ON_HOLD,
        Status.CLOSED,
        Status.COMPLETED,
    }
)


def shown_with(*models: type[Model]) -> Callable[[Engagement], bool]:
    """Return what tells whether a tab is shown: from Okay to start on.

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
