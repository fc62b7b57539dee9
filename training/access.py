"""Which classes and submissions a person reaches, and the loaders that check it."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from engagements.access import engagement_condition, may
from psdelivery.access import Action, Door, Scope, scope_for
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from training.models import Delivery, Session, Submission

DELIVERY_NEEDS = (
    "course",
    "trainer",
    "host",
    "checklist",
    "engagement__customer",
    "engagement__region",
    "engagement__practice__manager",
    "engagement__checklist",
)


def visible_deliveries(
    user: User, action: Action = Action.ENGAGEMENT_SEE
) -> QuerySet[Delivery]:
    """Return the classes of the engagements that the person's roles reach."""
    scope = scope_for(user.role_set, action)
    return Delivery.objects.filter(engagement_condition(user, scope, "engagement"))


def visible_submissions(user: User, action: Action) -> QuerySet[Submission]:
    """Return the submissions that the person's roles reach, and those assigned."""
    scope = scope_for(user.role_set, action)
    mine = Q(reviewer=user) if scope >= Scope.OWN_STEPS else Q(pk__in=[])
    if scope <= Scope.OWN_STEPS:
        return Submission.objects.filter(mine)
    near = engagement_condition(user, scope, "delivery__engagement")
    return Submission.objects.filter(mine | near if near else Q())


def get_delivery(request: SignedInRequest, pk: int) -> Delivery:
    """Load a class for the view at hand.

    Raises Http404 for one of an engagement that the person may not see,
    PermissionDenied for one that they may not treat in this way.
    """
    visible = visible_deliveries(request.user).select_related(*DELIVERY_NEEDS)
    delivery = visible.filter(pk=pk).first()
    if delivery is None:
        raise Http404(_("There is no such class."))
    action = request.access.action
    if isinstance(action, Door) or not may(request.user, action, delivery.engagement):
        raise PermissionDenied(_("Your role does not include this."))
    return delivery


def get_session(request: SignedInRequest, pk: int) -> Session:
    """Load a session; answers as its class does."""
    session = Session.objects.select_related("checklist").filter(pk=pk).first()
    if session is None:
        raise Http404(_("There is no such session."))
    session.delivery = get_delivery(request, session.delivery_id)
    return session


def get_submission(request: SignedInRequest, pk: int) -> Submission:
    """Load a submission for the view at hand; whose review it is may see it.

    Raises Http404 and PermissionDenied as `get_delivery` does.
    """
    near = visible_deliveries(request.user).values("pk")
    needs = [f"delivery__{name}" for name in DELIVERY_NEEDS]
    submission = (
        Submission.objects.filter(Q(delivery__in=near) | Q(reviewer=request.user))
        .select_related("reviewer", "checklist", *needs)
        .filter(pk=pk)
        .first()
    )
    if submission is None:
        raise Http404(_("There is no such submission."))
    if not may_with_submission(request.user, submission, request.access.action):
        raise PermissionDenied(_("Your role does not include this."))
    return submission


def may_with_submission(
    user: User, submission: Submission, action: Action | Door
) -> bool:
    """Tell whether the person may do this with the submission.

    "assigned" in the access table: a reviewer reaches the own submissions.
    """
    if isinstance(action, Door):
        return False
    return visible_submissions(user, action).filter(pk=submission.pk).exists()
