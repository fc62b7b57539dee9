from django.urls import reverse

from engagements.execution.models import QuestionSet, SetQuestion
from tests.fuzz.bodies import Body, at

SET = {"questions": "# Size\nHow many\nusers?", "is_active": "on"}


def set_of(world, client=None):
    """The page of a set that asks one question."""
    made = QuestionSet.objects.create(key="backups", title="Backups")
    SetQuestion.objects.create(question_set=made, text="Where to?")
    return reverse("execution:question-set-edit", args=[made.pk])


def typed(**values):
    return lambda world: SET | values | {"offerings": [str(world.offering.pk)]}


DISCOVERY = {
    "execution:question-set-add": Body(
        at("execution:question-set-add"), typed(title="Registries")
    ),
    "execution:question-set-edit": Body(set_of, typed(title="Restores")),
}
