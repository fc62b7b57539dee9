"""The engagement with its paper, gate conditions, team and handoff."""

from engagements.models.assessment import Assessment, NeededSkill
from engagements.models.ball import BallPeriod
from engagements.models.catalogue import Offering
from engagements.models.changes import Change, SoldUnits
from engagements.models.engagement import Engagement
from engagements.models.handoff import (
    Acknowledgement,
    Attendance,
    Handoff,
    HandoffQuestion,
)
from engagements.models.paper import GateCondition, Paper
from engagements.models.risk import WorkAtRisk
from engagements.models.team import TeamMember

__all__ = [
    "Acknowledgement",
    "Assessment",
    "Attendance",
    "BallPeriod",
    "Change",
    "Engagement",
    "GateCondition",
    "Handoff",
    "HandoffQuestion",
    "NeededSkill",
    "Offering",
    "Paper",
    "SoldUnits",
    "TeamMember",
    "WorkAtRisk",
]
