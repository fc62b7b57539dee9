"""The tabs about what is sold: the assessment before it, the changes after it."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engagements.access import rights_of
from engagements.models import Engagement
from engagements.registry import Panel
from engagements.rules.assessment import qualifying_questions
from engagements.services.assessment import assessment_of
from engagements.services.units import units_of
from psdelivery.access import Action
from psdelivery.people.models import User


def assessment(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """What was found out before the paper."""
    found = assessment_of(engagement)
    answers = found.answers if found else {}
    return {
        "assessment": found,
        "questions": [
            (one.text, answers.get(one.key, "")) for one in qualifying_questions()
        ],
        "skills": found.skills.select_related("skill") if found else [],
    }


def changes(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """Change orders and exceptions with their state, and the sold units."""
    rights = rights_of(cast(User, request.user), engagement)
    rows = engagement.changes.select_related("requested_by", "decided_by", "evidence")
    return {
        "changes": rows,
        "units": units_of(engagement),
        "use_by": engagement.paper.use_by,
        "sees_value": rights.may(Action.VALUE_SEE),
        "may_ask": rights.may(Action.GATE_WAIVE_REQUEST),
        "may_edit": rights.may(Action.ENGAGEMENT_EDIT),
    }


def is_sold(engagement: Engagement) -> bool:
    """Tell whether somebody buys it; internal work has no paper."""
    return engagement.has_gate


def paper_panels() -> list[Panel]:
    """Return the tabs in their order."""
    folder = "engagements/panels"
    return [
        Panel(
            key="assessment",
            title=_("Assessment"),
            template=f"{folder}/assessment.html",
            order=12,
            context=assessment,
            is_shown=is_sold,
        ),
        Panel(
            key="changes",
            title=_("Changes"),
            template=f"{folder}/changes.html",
            order=65,
            context=changes,
            is_shown=is_sold,
        ),
    ]
