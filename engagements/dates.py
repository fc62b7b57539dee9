"""The dates of an engagement: read for its pages, and where each is moved (R-20)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.access import Rights
from engagements.models import Engagement
from engagements.registry import bookings
from engagements.rules.dates import (
    PLANNED,
    RECORDED,
    START,
    date_words,
    reasons_against_moving,
)
from psdelivery.access import Action
from psdelivery.people.moments import day_text
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.datepages import date_pages
from psdelivery.playbooks.models import Anchor, Step
from psdelivery.playbooks.services.anchors import day_of
from psdelivery.playbooks.words import ANCHORS

ORDER: Mapping[str, int] = {key: place for place, key in enumerate(ANCHORS)}


def movable_anchors(engagement: int) -> QuerySet[Anchor]:
    """R-20: return the dates of an engagement that people move on a page of their own.

    The planned days, and what the tick of a step dates, on its classes too. The
    handoff's date follows from its record.
    """
    dating = Step.objects.filter(
        engagement=engagement, sets_anchor=OuterRef("key")
    ).exclude(state=StepState.CANCELLED)
    planned = Q(key__in=PLANNED, checklist__parent=None)
    found = Anchor.objects.filter(checklist__engagement=engagement)
    return found.filter(planned | Exists(dating)).exclude(key__in=RECORDED)


def step_dating(anchor: Anchor) -> Step | None:
    """Return the step whose tick gives the date: a done one first, then the newest."""
    if anchor.key in PLANNED:
        return None
    dating = Step.objects.filter(
        engagement=anchor.checklist.engagement_id, sets_anchor=anchor.key
    ).exclude(state=StepState.CANCELLED)
    found = sorted(dating, key=lambda step: (step.state == StepState.DONE, step.pk))
    return found[-1] if found else None


def page_of(anchor: Anchor) -> str:
    """Return the address of the page that moves a date, empty where none does."""
    engagement = anchor.checklist.engagement_id
    if engagement is None:
        return ""
    if not movable_anchors(engagement).filter(pk=anchor.pk).exists():
        return ""
    return address_of_page(engagement, anchor)


def address_of_page(engagement: int, anchor: Anchor) -> str:
    """Return the address: days of the intake are for whoever may change the intake."""
    view = "planned-move" if anchor.key in PLANNED else "date-move"
    return reverse(f"engagements:{view}", args=[engagement, anchor.pk])


@dataclass(frozen=True)
class DateRow:
    """A date as the engagement page shows it; `url` is for who may move it now."""

    words: str
    value: date | datetime | None
    url: str


def date_rows(engagement: Engagement, rights: Rights) -> list[DateRow]:
    """Return the engagement's own dates in the order of time (one query)."""
    found = movable_anchors(engagement.pk).filter(checklist=engagement.checklist_id)
    anchors = sorted(found.select_related("checklist"), key=by_time)
    return [row_of(engagement, anchor, rights) for anchor in anchors]


def by_time(anchor: Anchor) -> tuple[date, int]:
    """Return the place of a date among others; what has none comes last."""
    return day_of(anchor) or date.max, ORDER.get(anchor.key, len(ORDER))


def row_of(engagement: Engagement, anchor: Anchor, rights: Rights) -> DateRow:
    """Return a date with the address of its page, for who may move it."""
    is_planned = anchor.key in PLANNED
    action = Action.ENGAGEMENT_EDIT if is_planned else Action.WORK_EDIT
    against = reasons_against_moving(engagement, anchor.key, day_of(anchor), None)
    may_move = rights.may(action) and not against
    url = address_of_page(engagement.pk, anchor) if may_move else ""
    return DateRow(date_words(engagement.kind, anchor.key), anchor.value, url)


def notes_about(engagement: Engagement, anchor: Anchor, now: datetime) -> list[str]:
    """Say what goes along with a move besides the steps, and what does not."""
    dating = step_dating(anchor)
    if dating is not None and dating.state == StepState.DONE:
        sentence = _(
            "“%(step)s” stays done, with its evidence: only what is counted from "
            "this date moves."
        )
        return [sentence % {"step": dating.title}]
    if anchor.key not in PLANNED:
        return []
    notes = [_("The intake gets the new day too.")]
    if anchor.key == START and engagement.wished_start_latest is not None:
        notes.append(_("The latest wished start moves along by as many days."))
    return [*notes, *note_of_bookings(engagement, anchor, now)]


def note_of_bookings(
    engagement: Engagement, anchor: Anchor, now: datetime
) -> list[str]:
    """Say who stays booked from a first day that moves: the schedule moves bookings."""
    day = day_of(anchor)
    if anchor.key != START or day is None:
        return []
    names = [
        one.who for one in bookings.to_come(engagement, now) if one.first_day == day
    ]
    if not names:
        return []
    sentence = _("Booked from %(day)s, and stays so in the schedule: %(people)s.")
    return [sentence % {"day": day_text(day), "people": ", ".join(names)}]


def register_date_pages() -> None:
    """Let the playbook engine lead to the pages that move an engagement's dates."""
    date_pages.register("engagements", page_of)
