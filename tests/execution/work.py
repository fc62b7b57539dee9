"""Short ways to work items, and to what they rest on."""

from engagements.execution.models import (
    Assumption,
    DiscoveryQuestion,
    DiscoverySession,
    OpenQuestion,
    WorkItem,
)
from psdelivery.livetext.models import LiveText
from psdelivery.livetext.services import open_sheet
from tests.factories.engagements import NOW, EngagementFactory, TeamMemberFactory

FULL = {
    "overview": "The customer has 40 projects on another server.",
    "tasks": "- [ ] export the projects\n- [ ] import them",
    "acceptance_criteria": "- [ ] each project builds",
}


def make_item(engagement=None, **fields):
    """A work item; with nothing else said, a draft that lacks nothing."""
    values = {"title": "Move the projects", **FULL, "created_at": NOW, **fields}
    return WorkItem.objects.create(
        engagement=engagement or EngagementFactory(), **values
    )


def make_assumption(engagement, text="They have one server", **fields):
    if fields.get("state", "open") != "open":
        fields = {"evidence": "Said so", "decided_at": NOW, **fields}
    return Assumption.objects.create(engagement=engagement, text=text, **fields)


def make_question(item, text="Which version?", **fields):
    return OpenQuestion.objects.create(work_item=item, text=text, **fields)


def on_team(engagement, person, role="pse"):
    """Put somebody on the team, so that the engagement is theirs."""
    return TeamMemberFactory(engagement=engagement, role=role, person=person)


def make_session(engagement, title="First session"):
    sheet = open_sheet("discovery", {}, now=NOW)
    return DiscoverySession.objects.create(
        engagement=engagement, title=title, sheet=sheet, created_at=NOW
    )


def make_answered(session, text="Which CI system?", answer="Jenkins, 300 jobs"):
    """A question of a session, answered if there are words."""
    count = session.questions.count() + 1
    key = f"questions-{count}-answer"
    row = LiveText.objects.create(sheet=session.sheet, key=key, text=answer)
    return DiscoveryQuestion.objects.create(
        session=session, text=text, order=count, answer=row
    )
