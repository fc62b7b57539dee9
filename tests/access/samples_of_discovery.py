from engagements.execution.models import Assumption, QuestionSet
from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.discovery import plain_session


def _set(cast):
    return Sample.same(pk=QuestionSet.objects.create(key="a-set", title="A set").pk)


def _engagement(cast):
    return Sample(**near_and_far(cast, lambda engagement: {"pk": engagement.pk}))


def _session(**more):
    def make(cast):
        near = near_and_far(
            cast, lambda engagement: {"pk": plain_session(engagement).pk, **more}
        )
        return Sample(**near)

    return make


def _assumption(cast):
    def make(engagement):
        found = Assumption.objects.create(engagement=engagement, text="One site")
        return {"pk": found.pk}

    return Sample(**near_and_far(cast, make))


SAMPLES = {
    "execution:question-set-edit": _set,
    "execution:discovery-add": _engagement,
    "execution:discovery-detail": _session(),
    "execution:discovery-edit": _session(),
    "execution:discovery-remove": _session(),
    "execution:discovery-print": _session(),
    "execution:discovery-mail": _session(kind="discovery-questions"),
    "execution:discovery-questions": _session(),
    "execution:discovery-question-add": _session(),
    "execution:discovery-notes-file": _session(),
    "execution:recap-draft": _session(),
    "execution:recap-read-back": _session(),
    "execution:recap-confirm": _session(),
    "execution:assumptions-take": _engagement,
    "execution:assumption-add": _engagement,
    "execution:assumption-decide": _assumption,
    "execution:assumption-drop": _assumption,
}
