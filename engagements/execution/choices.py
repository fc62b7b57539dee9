"""The states and kinds of what is done between the kickoff and the close-out."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliverableState(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    DELIVERED = "delivered", _("delivered")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")


# What still has to be done before the customer has said yes.
OPEN_DELIVERABLES = frozenset(
    {
        DeliverableState.DRAFT,
        DeliverableState.IN_REVIEW,
        DeliverableState.DELIVERED,
        DeliverableState.REJECTED,
    }
)


class ReviewOutcome(models.TextChoices):
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")


class Priority(models.TextChoices):
    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")


class RiskImpact(models.TextChoices):
    TIMELINE = "timeline", _("timeline")
    SCOPE = "scope", _("scope")
    QUALITY = "quality", _("quality")
    BUDGET = "budget", _("budget")


class RiskStatus(models.TextChoices):
    OPEN = "open", _("open")
    MITIGATED = "mitigated", _("being mitigated")
    OCCURRED = "occurred", _("has occurred")
    CLOSED = "closed", _("closed")


class AssumptionState(models.TextChoices):
    OPEN = "open", _("open")
    VALIDATED = "validated", _("validated")
    INVALIDATED = "invalidated", _("invalidated")


class WorkItemState(models.TextChoices):
    DRAFT = "draft", _("draft")
    READY = "ready", _("ready to build")
    IN_BUILD = "in_build", _("in build")
    IN_VALIDATION = "in_validation", _("in validation")
    DONE = "done", _("done")


# How each state looks beside its word.
TONES = {
    WorkItemState.DRAFT.value: "neutral",
    WorkItemState.READY.value: "info",
    WorkItemState.IN_BUILD.value: "warn",
    WorkItemState.IN_VALIDATION.value: "warn",
    WorkItemState.DONE.value: "done",
}


class PushState(models.TextChoices):
    NEVER = "never", _("not pushed")
    PUSHED = "pushed", _("pushed")
    DIFFERS = "differs", _("changed there")
    FAILED = "failed", _("failed")


class KitItemKind(models.TextChoices):
    DISCOVERY = "discovery", _("discovery document")
    AUTOMATION = "automation", _("automation")
    DELIVERABLE = "deliverable", _("deliverable template")
    RUNBOOK = "runbook", _("runbook")
    GUIDE = "guide", _("guide")
    TOOL = "tool", _("tool")


class LessonState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    TAKEN = "taken", _("taken into the offering")
    DISMISSED = "dismissed", _("dismissed")


class Health(models.TextChoices):
    """Each colour has its word."""

    GREEN = "green", _("green: on track")
    YELLOW = "yellow", _("yellow: at risk")
    RED = "red", _("red: off track")


class GoalState(models.TextChoices):
    OPEN = "open", _("open")
    REACHED = "reached", _("reached")
    PARTLY = "partly", _("partly reached")
    MISSED = "missed", _("not reached")


class Renewal(models.TextChoices):
    RENEW = "renew", _("renew")
    CHANGE = "change", _("renew with changes")
    END = "end", _("let it end")
