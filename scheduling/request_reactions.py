"""What requests do when something happens to their step or their engagement."""

from django.utils.translation import gettext as _

from engagements.choices import ENDED_STATUSES
from engagements.events import StatusChanged
from psdelivery.playbooks.events import StepCompleted, StepSetAside
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason, reactions, refuse
from scheduling.choices import RequestState
from scheduling.models import ResourceRequest
from scheduling.services.requests import withdraw_request


@reactions.on(StepCompleted)
def keep_answer_open(event: StepCompleted) -> None:
    """The step of a request is done by deciding the request, not by a tick."""
    refuse(reasons_against_ticking(event.step))


@reactions.on(StepSetAside)
def keep_answer_wanted(event: StepSetAside) -> None:
    """Nor does it become unnecessary while the request waits."""
    refuse(reasons_against_ticking(event.step))


def reasons_against_ticking(step: Step) -> list[Reason]:
    """Return the request that waits behind a step, with the way to it."""
    if step.playbook_step_id is not None:
        # A request makes a step of its own: no playbook has one.
        return []
    asked = ResourceRequest.objects.filter(step=step).first()
    if asked is None:
        return []
    sentence = _("This step is done when the request is decided.")
    return [Reason("request-waits", sentence, asked.get_absolute_url(), str(asked))]


@reactions.on(StatusChanged)
def withdraw_requests(event: StatusChanged) -> None:
    """Nobody is asked for any more on work that has ended."""
    if event.new not in ENDED_STATUSES:
        return
    waiting = ResourceRequest.objects.filter(engagement=event.engagement)
    reason = _("The engagement is %(state)s.") % {
        "state": event.engagement.get_status_display().lower()
    }
    undecided = waiting.open() | waiting.filter(state=RequestState.DRAFT)
    for asked in undecided.order_by("pk"):
        withdraw_request(asked, reason, by=event.by, now=event.now)
