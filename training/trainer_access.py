"""Who sees and decides what about trainers, and the loaders that check it.

As with skills: everybody the own, whoever staffs work all; certified is who a manager
of theirs says so (R-14).
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from psdelivery.access import Action
from psdelivery.people.access import get_person, may_see_skills, reaches_person
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from training.models import TrainerCertification
from training.queries import trainers
from training.trainer_queries import certifications


def may_see_trainer(reader: User, person: User) -> bool:
    """Whether somebody sees what a person teaches: the own, and who staffs work."""
    return may_see_skills(reader, person)


def may_decide(reader: User, person: User) -> bool:
    """R-14: whether somebody decides about the certifications of a person."""
    return reaches_person(reader, person, Action.SKILLS_CONFIRM)


def is_shown_of(reader: User, person: User) -> bool:
    """Whether the page of a person leads to what they teach: of who may teach."""
    if not may_see_trainer(reader, person):
        return False
    return person.trainer_certifications.exists() or is_trainer(person)


def is_trainer(person: User) -> bool:
    """Whether somebody may teach by their role."""
    return trainers().filter(pk=person.pk).exists()


def get_trainer(request: SignedInRequest, pk: int) -> User:
    """Return whose page it is; 403 for who may not see it."""
    person = get_person(pk)
    if may_see_trainer(request.user, person):
        return person
    raise PermissionDenied(_("You may not see what others teach."))


def get_own_trainer(request: SignedInRequest, pk: int) -> User:
    """Return the person at hand; 403 for another: an account is the own affair.

    404 for nobody.
    """
    if get_person(pk) != request.user:
        raise PermissionDenied(_("Everybody notes the own account."))
    return request.user


def get_certification(request: SignedInRequest, pk: int) -> TrainerCertification:
    """Return an entry; 404 for who may not see it."""
    entry: TrainerCertification = get_object_or_404(certifications(), pk=pk)
    if not may_see_trainer(request.user, entry.person):
        raise Http404(_("There is no such certification."))
    return entry


def get_certification_to_decide(
    request: SignedInRequest, pk: int
) -> TrainerCertification:
    """Return an entry; 404 for who may not see it, 403 for who does not decide it."""
    entry = get_certification(request, pk)
    if not may_decide(request.user, entry.person):
        raise PermissionDenied(_("Their manager decides about this certification."))
    return entry
