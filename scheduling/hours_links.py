"""From the steps about hours to the pages where they are told and approved."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.step_links import StepLink, step_links
from scheduling.choices import HoursState
from scheduling.models import HoursPart

# The step of the engagement's own playbook: every week of everybody is approved.
ALL_APPROVED = "hours-approved"


def links_of(step: Step, reader: User) -> Sequence[StepLink]:
    """Return the way to the hours of the engagement, with how many still wait."""
    if step.key != ALL_APPROVED or step.engagement_id is None:
        return []
    if scope_for(reader.role_set, Action.ACTUALS_SEE) is Scope.NONE:
        return []
    parts = HoursPart.objects.filter(engagement=step.engagement_id)
    waiting = parts.filter(state=HoursState.SUBMITTED).count()
    words = _("Hours by week and person (%(n)d wait for approval)") % {"n": waiting}
    url = reverse("scheduling:engagement-hours", args=[step.engagement_id])
    return [StepLink(words, url)]


def register_hours_links() -> None:
    """Let the step lead to its hours."""
    step_links.register("hours", links_of)
