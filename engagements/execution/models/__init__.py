"""Kickoff, plan, discovery, work, kits, health and the dedicated engineer's rhythm."""

from engagements.execution.models.dedicated import (
    HoursReview,
    MonthlyGoal,
    RenewalDecision,
    WeeklySummary,
)
from engagements.execution.models.discovery import (
    Assumption,
    DiscoveryQuestion,
    DiscoverySession,
    QuestionSet,
    SetQuestion,
)
from engagements.execution.models.health import HealthReport
from engagements.execution.models.kickoff import Kickoff
from engagements.execution.models.kits import EngagementLink, KitItem, Lesson
from engagements.execution.models.plan import (
    Deliverable,
    DeliverableReview,
    DeliverableVersion,
    ProjectRisk,
    RaciRow,
)
from engagements.execution.models.work import (
    CollaborationProject,
    OpenQuestion,
    WorkItem,
    WorkItemComment,
)

__all__ = [
    "Assumption",
    "CollaborationProject",
    "Deliverable",
    "DeliverableReview",
    "DeliverableVersion",
    "DiscoveryQuestion",
    "DiscoverySession",
    "EngagementLink",
    "HealthReport",
    "HoursReview",
    "Kickoff",
    "KitItem",
    "Lesson",
    "MonthlyGoal",
    "OpenQuestion",
    "ProjectRisk",
    "QuestionSet",
    "RaciRow",
    "RenewalDecision",
    "SetQuestion",
    "WeeklySummary",
    "WorkItem",
    "WorkItemComment",
]
