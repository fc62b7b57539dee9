from psdelivery.access import Action
from tests.access.sample import Sample
from tests.factories.people import UserFactory
from tests.factories.training import CertificationFactory, CourseFactory


def _course(cast):
    return Sample.same(pk=CourseFactory().pk)


def _own_certification(cast):
    """The own; those of others for who staffs work."""
    own = CertificationFactory(person=cast.actor)
    foreign = CertificationFactory()
    return Sample(
        own={"pk": own.pk}, foreign={"pk": foreign.pk}, beyond=Action.SKILLS_SEE
    )


def _certification_of_a_report(cast):
    own = CertificationFactory(person__manager=cast.actor)
    return Sample(own={"pk": own.pk}, foreign={"pk": CertificationFactory().pk})


def _own_page(cast):
    return Sample(
        own={"pk": cast.actor.pk},
        foreign={"pk": UserFactory().pk},
        beyond=Action.SKILLS_SEE,
    )


def _own_account(cast):
    return Sample(own={"pk": cast.actor.pk}, foreign={"pk": UserFactory().pk})


SAMPLES = {
    "training:course-detail": _course,
    "training:certification-detail": _own_certification,
    "training:certification-edit": _certification_of_a_report,
    "training:certification-withdraw": _certification_of_a_report,
    "training:certification-again": _certification_of_a_report,
    "training:trainer-profile": _own_page,
    "training:demo-account": _own_account,
}
