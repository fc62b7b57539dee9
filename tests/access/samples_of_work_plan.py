"""Kickoff, plan and deliverables of an engagement."""

from engagements.execution.services.kickoff import begin_kickoff
from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.engagements import NOW, OfferingFactory
from tests.factories.plan import (
    DeliverableFactory,
    KitItemFactory,
    LessonFactory,
    LinkFactory,
    RiskFactory,
)


def _engagement(cast):
    return Sample(**near_and_far(cast, lambda engagement: {"pk": engagement.pk}))


def _made_by(factory):
    def sample(cast):
        return Sample(
            **near_and_far(cast, lambda one: {"pk": factory(engagement=one).pk})
        )

    return sample


def _kickoff(cast):
    def make(engagement):
        begin_kickoff(engagement, by=None, now=NOW)
        return {"pk": engagement.pk}

    return Sample(**near_and_far(cast, make))


_risk = _made_by(RiskFactory)
_deliverable = _made_by(DeliverableFactory)


def _register(make):
    return lambda cast: Sample.same(pk=make().pk)


_link = _made_by(LinkFactory)

SAMPLES = {
    "execution:kit-detail": _register(OfferingFactory),
    "execution:kit-item-add": _register(OfferingFactory),
    "execution:kit-item-edit": _register(KitItemFactory),
    "execution:lesson-answer": _register(LessonFactory),
    "execution:kit-take": _engagement,
    "execution:link-add": _engagement,
    "execution:link-remove": _link,
    "execution:lesson-add": _engagement,
    "execution:kickoff-detail": _kickoff,
    "execution:kickoff-begin": _engagement,
    "execution:kickoff-call": _kickoff,
    "execution:kickoff-call-cancel": _kickoff,
    "execution:kickoff-links": _kickoff,
    "execution:kickoff-held": _kickoff,
    "execution:risk-add": _engagement,
    "execution:risk-edit": _risk,
    "execution:raci-edit": _engagement,
    "execution:raci-agree": _engagement,
    "execution:template-take": _engagement,
    "execution:plan-agree": _engagement,
    "execution:deliverable-add": _engagement,
    "execution:deliverable-detail": _deliverable,
    "execution:deliverable-edit": _deliverable,
    "execution:deliverable-remove": _deliverable,
    "execution:version-add": _deliverable,
    "execution:deliverable-move": _deliverable,
    "execution:deliverable-review": _deliverable,
}
