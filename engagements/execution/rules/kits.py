"""What of a delivery kit an engagement does not have yet (domain.md, section 4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from engagements.execution.choices import KitItemKind, LessonState
from engagements.execution.models import Deliverable, EngagementLink, KitItem, Lesson
from psdelivery.registry import Reason


@dataclass(frozen=True)
class KitLink:
    """A link of a kit: an item's, or one of the catalogue (then without an item)."""

    title: str
    url: str
    kind: str = KitItemKind.GUIDE
    item: int | None = None


def same_title(title: str) -> str:
    """Return by what two titles are known to be the same."""
    return " ".join(title.split()).casefold()


def deliverables_to_take(
    items: Iterable[KitItem], known: Iterable[Deliverable]
) -> list[KitItem]:
    """Return the templates that are no deliverable yet; those of one title once."""
    known = list(known)
    taken = {one.kit_item_id for one in known}
    titles = {same_title(one.title) for one in known}
    found = []
    for item in items:
        is_new = item.pk not in taken and same_title(item.title) not in titles
        if item.kind == KitItemKind.DELIVERABLE and is_new:
            found.append(item)
            titles.add(same_title(item.title))
    return found


def links_to_take(
    links: Iterable[KitLink], known: Iterable[EngagementLink]
) -> list[KitLink]:
    """Return the links that the engagement does not have; each address once."""
    addresses = {one.url for one in known}
    found = []
    for link in links:
        if link.url and link.url not in addresses:
            found.append(link)
            addresses.add(link.url)
    return found


def reasons_without_kit(
    items: Sequence[KitItem], links: Sequence[KitLink]
) -> list[Reason]:
    """Nothing is taken over where what was sold has no kit."""
    if items or links:
        return []
    sentence = _(
        "What was sold has no delivery kit: ask the technical architect for the "
        "nearest project to borrow from."
    )
    return [Reason("no-kit", sentence)]


def reasons_against_answering(lesson: Lesson, state: str, answer: str) -> list[Reason]:
    """A lesson is answered once; who dismisses it says why."""
    if lesson.state != LessonState.PROPOSED:
        sentence = _("Somebody answered it already: %(state)s.")
        return [Reason("answered", sentence % {"state": lesson.get_state_display()})]
    if state == LessonState.DISMISSED and not answer.strip():
        return [Reason("why", _("Say why it is dismissed."))]
    return []
