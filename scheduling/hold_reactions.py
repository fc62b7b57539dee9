"""What soft holds do when their booking or their step changes (R-8)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from psdelivery.playbooks.events import StepCompleted, StepSetAside
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason, reactions, refuse
from scheduling.events import AllocationChanged
from scheduling.models import Allocation
from scheduling.services.soft_holds import settle_step


@reactions.on(AllocationChanged)
def close_step_of_hold(event: AllocationChanged) -> None:
    """Nobody is asked any more about a hold that became hard or ended."""
    settle_step(event.allocation, by=event.by, now=event.now)


@reactions.on(StepCompleted)
def keep_hold_undecided(event: StepCompleted) -> None:
    """The step of a hold is done by deciding on the hold, not by a tick."""
    refuse(reasons_against_ticking(event.step))


@reactions.on(StepSetAside)
def keep_hold_wanted(event: StepSetAside) -> None:
    """Nor does it become unnecessary while the hold stands."""
    refuse(reasons_against_ticking(event.step))


def reasons_against_ticking(step: Step) -> list[Reason]:
    """Return the hold that waits behind a step, with the way to it."""
    hold = Allocation.objects.filter(expiry_step=step).first()
    if hold is None:
        return []
    sentence = _("Extend the hold, make it hard or release it: that ticks the step.")
    url = reverse("scheduling:allocation-extend", args=[hold.pk])
    return [Reason("hold-waits", sentence, url, str(hold))]
