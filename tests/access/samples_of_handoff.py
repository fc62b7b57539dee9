from engagements.models import HandoffQuestion
from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.engagements import NOW
from tests.factories.handoff import begun
from tests.factories.people import UserFactory


def _handoff(cast):
    def make(engagement):
        begun(engagement)
        return {"pk": engagement.pk}

    return Sample(**near_and_far(cast, make))


def _question(cast):
    def make(engagement):
        question = HandoffQuestion.objects.create(
            handoff=begun(engagement), text="Which?", asker=UserFactory(), asked_at=NOW
        )
        return {"pk": engagement.pk, "question": question.pk}

    return Sample(**near_and_far(cast, make))


SAMPLES = {
    "engagements:handoff-begin": _handoff,
    "engagements:handoff-call": _handoff,
    "engagements:handoff-call-cancel": _handoff,
    "engagements:handoff-held": _handoff,
    "engagements:handoff-written": _handoff,
    "engagements:handoff-acknowledge": _handoff,
    "engagements:handoff-kickoff-first": _handoff,
    "engagements:handoff-summary": _handoff,
    "engagements:handoff-question-add": _handoff,
    "engagements:handoff-question-answer": _question,
    "engagements:handoff-question-step": _question,
}
