"""The countdown of a class: dates → link → labs → day 1 → next steps.

Pure: no database, no clock, no request.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.people.moments import DAY_WITHOUT_YEAR, dated
from psdelivery.playbooks.models import Step
from training.choices import StepKey
from training.models import Session
from training.rules.classes import day_of


@dataclass(frozen=True)
class Milestone:
    """A mark of the strip, and the steps of the class that it stands for."""

    title: str | Promise
    keys: tuple[str, ...]


BEFORE_CLASS = (
    Milestone(gettext_lazy("Dates"), (StepKey.TIMES_CONFIRMED,)),
    Milestone(gettext_lazy("Meeting"), (StepKey.MEETING_SET_UP,)),
    Milestone(gettext_lazy("Registration link"), (StepKey.REGISTRATION_LINK,)),
    Milestone(
        gettext_lazy("Labs and code"),
        (StepKey.LABS_READY, StepKey.LAB_CODE, StepKey.LAB_ACCESS),
    ),
)
AFTER_CLASS = (
    Milestone(gettext_lazy("Next steps"), (StepKey.NEXT_STEPS,)),
    Milestone(gettext_lazy("Certifications"), (StepKey.CERTIFICATIONS_SETTLED,)),
)
COUNTDOWN_KEYS = [
    key for milestone in (*BEFORE_CLASS, *AFTER_CLASS) for key in milestone.keys
]


@dataclass(frozen=True)
class Mark:
    """A mark of the strip as it is shown: done, current or coming."""

    title: str
    state: str
    note: str
    url: str = ""


@dataclass(frozen=True)
class Fact:
    """What a mark tells before the strip knows which one is current."""

    title: str
    is_done: bool
    note: str
    url: str


def countdown(
    steps: Mapping[str, Step], sessions: Sequence[Session], *, now: datetime
) -> list[Mark]:
    """Return the strip of a class from its steps (by key) and its sessions.

    A mark whose steps the class does not have is left out; the first one that is
    not done is the current one.
    """
    facts = [
        *facts_of(BEFORE_CLASS, steps, now),
        *session_facts(sessions),
        *facts_of(AFTER_CLASS, steps, now),
    ]
    current = next((place for place, fact in enumerate(facts) if not fact.is_done), -1)
    return [
        Mark(fact.title, state_of(fact, place, current), fact.note, fact.url)
        for place, fact in enumerate(facts)
    ]


def state_of(fact: Fact, place: int, current: int) -> str:
    """Return the word by which the strip colours a mark."""
    if fact.is_done:
        return "done"
    return "current" if place == current else "coming"


def facts_of(
    milestones: Iterable[Milestone], steps: Mapping[str, Step], now: datetime
) -> list[Fact]:
    """Return what the milestones tell whose steps the class has."""
    found = [
        (milestone, [steps[key] for key in milestone.keys if key in steps])
        for milestone in milestones
    ]
    return [step_fact(milestone, its, now) for milestone, its in found if its]


def step_fact(milestone: Milestone, steps: list[Step], now: datetime) -> Fact:
    """Return what a milestone tells: the open step that is due first speaks for it."""
    open_steps = [step for step in steps if step.is_open]
    told = min(
        open_steps or steps,
        key=lambda step: (step.due_at is None, step.due_at),
    )
    return Fact(
        title=str(milestone.title),
        is_done=not open_steps,
        note=due_note(told, now),
        url=told.get_absolute_url(),
    )


def due_note(step: Step, now: datetime) -> str:
    """Say the day of a step, and whether it is late."""
    if step.due_day is None:
        return _("no date yet")
    day = dated(step.due_day, DAY_WITHOUT_YEAR)
    if step.is_open and step.due_at is not None and step.due_at <= now:
        return _("%(day)s, late") % {"day": day}
    return day


def session_facts(sessions: Sequence[Session]) -> list[Fact]:
    """Return the marks of the first and, of several, the last session."""
    named = [(_("Day 1"), sessions[0])] if sessions else []
    if len(sessions) > 1:
        named.append((_("Last session"), sessions[-1]))
    return [
        Fact(
            title=title,
            is_done=session.held_on is not None,
            note=dated(day_of(session), DAY_WITHOUT_YEAR),
            url=f"{session.get_absolute_url()}#session-{session.pk}",
        )
        for title, session in named
    ]
