"""The tab "Handoff" of the engagement page."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engagements.access import Rights, rights_of
from engagements.handoff import (
    due_day_of,
    handoff_of,
    owner_of,
    state_of,
)
from engagements.handoff_mail import summary_mail
from engagements.models import (
    Acknowledgement,
    Attendance,
    Engagement,
    Handoff,
    HandoffQuestion,
)
from engagements.registry import Panel, panels
from engagements.rules.handoff import (
    HandoffState,
    Reader,
    reasons_against_done,
    reasons_against_written,
)
from engagements.services.handoff_call import (
    invited_guests,
    not_invited,
    standing_call,
)
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.livetext.queries import sheet_page
from psdelivery.people.models import User
from psdelivery.registry import Reason

ORDER = 15


@dataclass(frozen=True)
class ReaderRow:
    """Somebody who must read the handoff, as the page shows them."""

    reader: Reader
    was_there: bool
    due_day: date | None

    @property
    def is_late_joiner(self) -> bool:
        return not self.reader.is_first


@dataclass(frozen=True)
class HandoffRights:
    """What the reader of the page may do with the handoff."""

    may_edit: bool
    may_answer: bool
    may_acknowledge: bool
    may_put_kickoff_first: bool


def handoff_panel(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """The record, who has read it, the questions, and what is missing (R-5)."""
    user = cast(User, request.user)  # the middleware lets nobody else through
    rights = rights_of(user, engagement)
    handoff = handoff_of(engagement)
    if handoff is None:
        return {"handoff": None, "may_edit": rights.may(Action.HANDOFF_EDIT)}
    state = state_of(handoff)
    mine = rights_on(handoff, state, rights, user)
    return {
        "handoff": handoff,
        "mine": mine,
        "missing": missing_of(handoff, state),
        "readers": reader_rows(handoff, state),
        "questions": questions_of(handoff),
        "call": standing_call(handoff),
        "guests": invited_guests(handoff),
        "summary_mail": summary_mail(engagement, rights),
        "not_invited": not_invited(handoff),
        "page": sheet_page(handoff.sheet, owner_of(handoff, mine.may_edit)),
        "due_day": due_day_of(engagement, clock.now()),
        "may_be_written": not handoff.is_written
        and not reasons_against_written(engagement.kind, engagement.paper.kind),
    }


def missing_of(handoff: Handoff, state: HandoffState) -> list[Reason]:
    """R-5: return what is missing; nothing once it was done."""
    return [] if handoff.done_at else reasons_against_done(state)


def rights_on(
    handoff: Handoff, state: HandoffState, rights: Rights, user: User
) -> HandoffRights:
    """Return what the person may do here."""
    waits_for_me = any(
        one.person == user and not one.has_acknowledged for one in state.readers
    )
    is_open = handoff.done_at is None and not handoff.early_reason
    leads = any(one.is_lead and one.person == user for one in state.readers)
    return HandoffRights(
        may_edit=rights.may(Action.HANDOFF_EDIT),
        may_answer=rights.may(Action.HANDOFF_ANSWER),
        may_acknowledge=waits_for_me and rights.may(Action.HANDOFF_ACKNOWLEDGE),
        may_put_kickoff_first=is_open and leads,
    )


def reader_rows(handoff: Handoff, state: HandoffState) -> list[ReaderRow]:
    """Return who must read the handoff, who has, and by when (two queries)."""
    there = set(
        Attendance.objects.filter(handoff=handoff).values_list("person", flat=True)
    )
    asked = Acknowledgement.objects.filter(handoff=handoff).values_list(
        "person", "step__due_day"
    )
    due = dict(asked)
    return [
        ReaderRow(one, one.person.pk in there, due.get(one.person.pk))
        for one in state.readers
    ]


def questions_of(handoff: Handoff) -> list[HandoffQuestion]:
    """Return the questions with their people and steps, in the order asked."""
    found = HandoffQuestion.objects.filter(handoff=handoff)
    return list(found.select_related("asker", "owner", "answered_by", "step"))


def register_handoff_panel() -> None:
    """Add the tab to the engagement page."""
    panels.register(
        Panel(
            key="handoff",
            title=_("Handoff"),
            template="engagements/panels/handoff.html",
            order=ORDER,
            context=handoff_panel,
            is_shown=lambda engagement: engagement.has_gate,
        )
    )
