"""The head of the engagement page: the same above every tab."""

from dataclasses import dataclass
from datetime import datetime

from engagements.access import Rights
from engagements.choices import Blocks
from engagements.models import Engagement
from engagements.moves import OfferedMove, offered_moves
from engagements.queries import (
    gate_for,
    late_count,
    next_step_of,
    phases_of,
    step_with_ball,
    team_of,
)
from engagements.registry import Panel, panels
from engagements.rules.ball import BallDays
from engagements.rules.gate import ConditionState, Gate
from engagements.rules.moves import lead_role
from engagements.rules.phases import PhaseMark, phase_marks
from engagements.rules.status import forward_move
from engagements.turns import ball_days_of
from psdelivery.access import Action
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.playbooks.models import Move, Step
from psdelivery.playbooks.queries import undoable_move

# Who is named above every tab, as far as the engagement has them.
NAMED = (EngagementRole.PM, EngagementRole.PC, EngagementRole.TC, EngagementRole.EM)


@dataclass(frozen=True)
class Tab:
    panel: Panel
    url: str
    is_current: bool


@dataclass(frozen=True)
class Named:
    """A person with the roles they hold, in words."""

    person: User
    roles: str


@dataclass(frozen=True)
class Header:
    """What stands above every tab of an engagement."""

    phases: list[PhaseMark]
    gate: Gate
    missing: list[ConditionState]
    next_step: Step | None
    late: int
    ball_days: BallDays
    ball_step: Step | None
    people: list[Named]
    primary: OfferedMove | None
    moves: list[OfferedMove]
    may_edit: bool
    undoable: Move | None
    may_undo: bool
    sees_customer: bool
    tabs: list[Tab]


def header_of(
    engagement: Engagement, rights: Rights, current: Panel, now: datetime
) -> Header:
    """Gather the head of the page; the same queries whatever the number of steps."""
    url = f"{engagement.get_absolute_url()}checklist/"
    moves = offered_moves(engagement, rights, now)
    row = forward_move(engagement.kind, engagement.status, engagement.status_before)
    primary = next((move for move in moves if move.move is row), None)
    gate = gate_for(engagement, now)
    return Header(
        phases=phase_marks(phases_of(engagement), url),
        gate=gate,
        missing=[*gate.unmet(Blocks.HARD_BOOKING), *gate.unmet(Blocks.FIRST_DAY)],
        next_step=next_step_of(engagement, now),
        late=late_count(engagement, now),
        ball_days=ball_days_of(engagement, now),
        ball_step=step_with_ball(engagement),
        people=named_people(engagement),
        primary=primary,
        moves=[move for move in moves if move is not primary],
        may_edit=rights.may(Action.ENGAGEMENT_EDIT),
        undoable=undoable_move([engagement.checklist_id], now),
        may_undo=rights.may(Action.WORK_EDIT),
        sees_customer=rights.may(Action.CUSTOMER_SEE),
        tabs=tabs_of(engagement, rights, current),
    )


def named_people(engagement: Engagement) -> list[Named]:
    """Return lead, coordinators and EM, each person once, the lead first."""
    lead = lead_role(engagement.kind)
    named = [m for m in team_of(engagement) if m.person_id and m.role in NAMED]
    roles: dict[User, list[str]] = {}
    for member in sorted(named, key=lambda member: member.role != lead):
        if member.person is not None:
            words = str(member.get_role_display())
            roles.setdefault(member.person, []).append(words)
    return [Named(person, ", ".join(words)) for person, words in roles.items()]


def tabs_of(engagement: Engagement, rights: Rights, current: Panel) -> list[Tab]:
    """Return the tabs that the engagement has and the reader may open."""
    return [
        Tab(panel, tab_url(engagement, panel), panel is current)
        for panel in panels.shown_for(engagement)
        if rights.may(panel.needs)
    ]


def tab_url(engagement: Engagement, panel: Panel) -> str:
    """Return the address of a tab; the first one is the engagement's own."""
    url = engagement.get_absolute_url()
    return url if panel.key == "overview" else f"{url}{panel.key}/"
