from psdelivery.access import Action
from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.playbooks import ChecklistFactory, PlaybookFactory, StepFactory


def _step(cast, beyond=None, **fields):
    def make(engagement):
        checklist = ChecklistFactory(engagement=engagement)
        return StepFactory(checklist=checklist, **fields)

    near = near_and_far(cast, make)
    # Own steps are those that a person does, whatever else they may do.
    near["own"].assignee, near["own"].pool = cast.actor, None
    near["own"].save()
    return Sample(beyond=beyond, **{name: {"pk": near[name].pk} for name in near})


def _step_to_see(cast):
    return _step(cast, beyond=Action.ENGAGEMENT_SEE)


def _done_step(cast):
    return _step(cast, done=True)


def _playbook(cast):
    return Sample.same(key=PlaybookFactory().key)


SAMPLES = {
    "playbooks:step-detail": _step_to_see,
    "playbooks:step-complete": _step,
    "playbooks:step-reopen": _done_step,
    "playbooks:step-set-aside": _step,
    "playbooks:playbook-detail": _playbook,
}
