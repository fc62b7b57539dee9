from engagements.execution.models import QuestionSet
from tests.access.sample import Sample


def _set(cast):
    return Sample.same(pk=QuestionSet.objects.create(key="a-set", title="A set").pk)


SAMPLES = {
    "execution:question-set-edit": _set,
}
