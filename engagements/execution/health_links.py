"""From the steps of the weekly rhythm to where they are done."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.execution.rules.health import KINDS_WITH_REPORTS
from engagements.execution.services.health import STATUS_STEP
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.step_links import StepLink, step_links


def links_of(step: Step, reader: User) -> Sequence[StepLink]:
    """Return the way to the report of the week, for who may write it."""
    engagement = step.engagement
    if step.key != STATUS_STEP or engagement is None:
        return []
    if engagement.kind not in KINDS_WITH_REPORTS:
        return []
    if scope_for(reader.role_set, Action.WORK_EDIT) is Scope.NONE:
        return []
    url = reverse("execution:health-add", args=[engagement.pk])
    return [StepLink(_("Draft this week's report"), url)]


def register_health_links() -> None:
    """Let the step of the week lead to its report."""
    step_links.register("health", links_of)
