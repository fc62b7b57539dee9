"""Which engagements have the tabs of execution, and from when on."""

from collections.abc import Callable, Collection

from django.db.models import Exists, Model, OuterRef

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


# Where an engagement at hand keeps the answer.
FILLED = "_filled_tables"
# What the tabs show, so that one question tells which of them have something.
TABLES: dict[str, type[Model]] = {}


def shown_with(
    *models: type[Model], statuses: Collection[str] = UNDER_WAY
) -> Callable[[Engagement], bool]:
    """Return what tells whether a tab is shown: from In set-up on.

    Before that, and once it is cancelled, only where one of these has rows of it.
    """
    names = {f"has_{model._meta.model_name}": model for model in models}
    TABLES.update(names)

    def is_shown(engagement: Engagement) -> bool:
        if engagement.kind not in KINDS_WITH_PLAN:
            return False
        return engagement.status in statuses or bool(filled(engagement) & names.keys())

    return is_shown


def filled(engagement: Engagement) -> frozenset[str]:
    """Return the tables that have rows of the engagement at hand (asked once)."""
    known = vars(engagement).get(FILLED)
    if known is None:
        known = vars(engagement)[FILLED] = ask_filled(engagement)
    return known


def ask_filled(engagement: Engagement) -> frozenset[str]:
    """Ask the tables of all tabs in one query."""
    has = {
        name: Exists(model._default_manager.filter(engagement=OuterRef("pk")))
        for name, model in TABLES.items()
    }
    found = Engagement.objects.filter(pk=engagement.pk).values(**has).first() or {}
    return frozenset(name for name, is_there in found.items() if is_there)


def tab_url(engagement: Engagement, key: str, anchor: str = "") -> str:
    """Return the address of a tab; of the engagement where it has no such tab."""
    url, panel = engagement.get_absolute_url(), panels.get(key)
    if panel is None or not panel.is_shown(engagement):
        return url
    return f"{url}{key}/#{anchor}" if anchor else f"{url}{key}/"
