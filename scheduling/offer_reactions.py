"""What offers do when their request moves on, or when somebody ticks a question."""

from django.utils.translation import gettext as _

from psdelivery.playbooks.events import StepCompleted, StepSetAside
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason, reactions, refuse
from scheduling.choices import OfferState
from scheduling.events import RequestMoved
from scheduling.models import Offer
from scheduling.services.offers.ending import follow_request


@reactions.on(RequestMoved)
def free_what_was_offered(event: RequestMoved) -> None:
    """R-7: days are held only while the request waits for its requester."""
    follow_request(event.asked, event.reason, by=event.by, now=event.now)


@reactions.on(StepCompleted)
def keep_question_open(event: StepCompleted) -> None:
    """Whether a soft hold gives way is answered, not ticked."""
    refuse(reasons_against_ticking(event.step))


@reactions.on(StepSetAside)
def keep_question_wanted(event: StepSetAside) -> None:
    """Nor does the question become unnecessary while it waits."""
    refuse(reasons_against_ticking(event.step))


def reasons_against_ticking(step: Step) -> list[Reason]:
    """Return the question that waits behind a step, with the way to it."""
    offer = Offer.objects.filter(step=step, state=OfferState.ASKING).first()
    if offer is None:
        return []
    sentence = _("This step is done when you say whether the hold gives way.")
    return [Reason("offer-waits", sentence, offer.get_absolute_url(), _("Answer it"))]
