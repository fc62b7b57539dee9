from datetime import UTC, datetime

from psdelivery.access import Action
from psdelivery.playbooks.services.editing import start_draft
from psdelivery.playbooks.services.moves import apply_moves
from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.people import UserFactory
from tests.factories.playbooks import (
    NOW,
    ChecklistFactory,
    PlaybookFactory,
    PlaybookStepFactory,
    StepFactory,
)


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


def _draft(cast):
    return Sample.same(key=a_draft().key)


def _draft_step(cast):
    draft = a_draft()
    return Sample.same(key=draft.key, pk=draft.steps.first().pk)


def a_draft():
    step = PlaybookStepFactory()
    return start_draft(step.playbook.key, by=UserFactory(), now=NOW)


def _version(cast):
    playbook = PlaybookFactory()
    return Sample.same(key=playbook.key, version=playbook.version)


def _checklist(cast):
    near = near_and_far(cast, lambda one: ChecklistFactory(engagement=one))
    return Sample(**{name: {"pk": one.pk} for name, one in near.items()})


LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)


def _move(cast):
    def make(engagement):
        checklist = ChecklistFactory(engagement=engagement)
        return apply_moves([], checklist=checklist, by=None, now=LONG_AGO)

    near = near_and_far(cast, make)
    return Sample(**{name: {"pk": one.pk} for name, one in near.items()})


SAMPLES = {
    "playbooks:move-detail": _move,
    "playbooks:move-undo": _move,
    "playbooks:playbook-versions": _playbook,
    "playbooks:playbook-running": _playbook,
    "playbooks:playbook-version": _version,
    "playbooks:draft-start": _playbook,
    "playbooks:draft-detail": _draft,
    "playbooks:draft-note": _draft,
    "playbooks:draft-publish": _draft,
    "playbooks:draft-discard": _draft,
    "playbooks:draft-step-add": _draft,
    "playbooks:draft-step-edit": _draft_step,
    "playbooks:draft-step-remove": _draft_step,
    "playbooks:draft-step-shift": _draft_step,
    "playbooks:checklist-adopt": _checklist,
    "playbooks:step-detail": _step_to_see,
    "playbooks:step-complete": _step,
    "playbooks:step-reopen": _done_step,
    "playbooks:step-set-aside": _step,
    "playbooks:step-hand": _step,
    "playbooks:step-snooze": _step,
    "playbooks:step-wake": _step,
    "playbooks:step-delegate": _step,
    "playbooks:step-take-back": _step,
    "playbooks:step-pass": _step,
    "playbooks:step-unpin": _step,
    "playbooks:step-mail": _step,
    "playbooks:step-elsewhere": _step,
    "playbooks:playbook-detail": _playbook,
}
