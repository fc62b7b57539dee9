from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.execution.work import make_item, make_question


def _engagement(cast):
    return Sample(**near_and_far(cast, lambda engagement: {"pk": engagement.pk}))


def _item(cast):
    return Sample(**near_and_far(cast, lambda one: {"pk": make_item(one).pk}))


def _question(cast):
    def make(engagement):
        return {"pk": make_question(make_item(engagement)).pk}

    return Sample(**near_and_far(cast, make))


SAMPLES = {
    "execution:work-draft": _engagement,
    "execution:work-markdown": _engagement,
    "execution:work-project": _engagement,
    "execution:work-push": _engagement,
    "execution:work-item-there": _item,
    "execution:work-item-take": _item,
    "execution:work-item-overwrite": _item,
    "execution:work-item-add": _engagement,
    "execution:work-item-detail": _item,
    "execution:work-item-edit": _item,
    "execution:work-item-move": _item,
    "execution:work-item-remove": _item,
    "execution:open-question-add": _item,
    "execution:open-question-answer": _question,
    "execution:open-question-risk": _question,
    "execution:open-question-drop": _question,
}
