"""Texts belong to a record, here to a handoff: who may write it may write them."""

from psdelivery.access import Action
from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.handoff import begun


def _of_sheet(needs, **arguments):
    def make(cast):
        near = near_and_far(
            cast, lambda engagement: {"pk": begun(engagement).sheet_id, **arguments}
        )
        return Sample(needs=needs, **near)

    return make


SEE, EDIT = Action.ENGAGEMENT_SEE, Action.HANDOFF_EDIT
CARD = {"group": "outcomes", "number": 1}
SAMPLES = {
    "livetext:sheet-changes": _of_sheet(SEE),
    "livetext:text-detail": _of_sheet(SEE, key="goals"),
    "livetext:text-save": _of_sheet(EDIT, key="goals"),
    "livetext:text-writing": _of_sheet(EDIT, key="goals"),
    "livetext:card-add": _of_sheet(EDIT, group="outcomes"),
    "livetext:card-remove": _of_sheet(EDIT, **CARD),
    "livetext:card-restore": _of_sheet(EDIT, **CARD),
}
