"""From the steps of the weekly rhythm to where they are done."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.choices import Kind
from engagements.execution.rules.health import KINDS_WITH_REPORTS
from engagements.execution.services.dedicated import (
    GOALS_STEP,
    RENEWAL_STEP,
    REVIEW_STEP,
    SUMMARY_STEP,
)
from engagements.execution.services.health import STATUS_STEP
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.step_links import StepLink, step_links

# Step -> words, and the tab where it is done.
TABS = {
    GOALS_STEP: gettext_lazy("Goals of the month"),
    SUMMARY_STEP: gettext_lazy("Summaries of the weeks"),
    REVIEW_STEP: gettext_lazy("Hours of the months"),
    RENEWAL_STEP: gettext_lazy("Renewal"),
}


def links_of(step: Step, reader: User) -> Sequence[StepLink]:
    """Return the way to where the step is done, for who may do it there."""
    engagement = step.engagement
    if engagement is None or engagement.kind not in KINDS_WITH_REPORTS:
        return []
    if scope_for(reader.role_set, Action.WORK_EDIT) is Scope.NONE:
        return []
    if step.key == STATUS_STEP:
        url = reverse("execution:health-add", args=[engagement.pk])
        return [StepLink(_("Draft this week's report"), url)]
    if step.key in TABS and engagement.kind == Kind.DEDICATED:
        url = f"{engagement.get_absolute_url()}dedicated/#{step.key}"
        return [StepLink(str(TABS[step.key]), url)]
    return []


def register_health_links() -> None:
    """Let the step of the week lead to its report."""
    step_links.register("health", links_of)
