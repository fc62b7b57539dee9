"""Which classes and submissions a person reaches, and the loaders that check it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from engagements.access import engagement_condition, may, nearness, remember_near
from engagements.models import Engagement
from psdelivery.access import Action, Door, Scope, scope_for
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.queries import owned_by
from training.certification_queries import waiting_submissions
from training.choices import StepKey
from training.models import (
    DateProposal,
    Delivery,
    FormImport,
    LabCode,
    LabExtension,
    PlanningMeeting,
    Session,
    Submission,
)

ENGAGEMENT_NEEDS = (
    "engagement__customer",
    "engagement__main_contact",
    "engagement__region",
    "engagement__practice__manager",
    "engagement__checklist",
)
DELIVERY_NEEDS = (
    "course",
    "trainer",
    "alternative_host",
    "host",
    "checklist",
    *ENGAGEMENT_NEEDS,
)


def visible_deliveries(
    user: User, action: Action = Action.ENGAGEMENT_SEE
) -> QuerySet[Delivery]:
    """Return the classes of the engagements that the person's roles reach."""
    scope = scope_for(user.role_set, action)
    return Delivery.objects.filter(engagement_condition(user, scope, "engagement"))


def visible_proposals(
    user: User, action: Action = Action.ENGAGEMENT_SEE
) -> QuerySet[DateProposal]:
    """Return the date proposals of the engagements that the person's roles reach."""
    scope = scope_for(user.role_set, action)
    return DateProposal.objects.filter(engagement_condition(user, scope, "engagement"))


def visible_meetings(
    user: User, action: Action = Action.ENGAGEMENT_SEE
) -> QuerySet[PlanningMeeting]:
    """Return the planning meetings of the engagements that the person reaches."""
    scope = scope_for(user.role_set, action)
    return PlanningMeeting.objects.filter(
        engagement_condition(user, scope, "engagement")
    )


def visible_submissions(user: User, action: Action) -> QuerySet[Submission]:
    """Return the submissions that the person's roles reach, and those assigned."""
    scope = scope_for(user.role_set, action)
    if scope >= Scope.ALL:
        return Submission.objects.all()
    mine = own_reviews(user) if scope >= Scope.OWN_STEPS else Q(pk__in=[])
    if scope <= Scope.OWN_STEPS:
        return Submission.objects.filter(mine)
    near = engagement_condition(user, scope, "delivery__engagement")
    return Submission.objects.filter(mine | near)


def own_reviews(user: User) -> Q:
    """Return the condition for the reviews that are the person's.

    Those given to them, and those whose step they own: somebody delegated it, or they
    stand in for who is away (R-23).
    """
    steps = Step.objects.filter(owned_by(user), key=StepKey.CERTIFICATION_REVIEW)
    return Q(reviewer=user) | Q(checklist__in=steps.order_by().values("checklist"))


def get_delivery(
    request: SignedInRequest,
    pk: int,
    *,
    reads: Callable[[QuerySet[Delivery]], QuerySet[Delivery]] = lambda rows: rows,
) -> Delivery:
    """Load a class for the view at hand, with what the view reads beside it.

    Raises Http404 for one of an engagement that the person may not see,
    PermissionDenied for one that they may not treat in this way.
    """
    rows: QuerySet[Any] = reads(visible_deliveries(request.user))
    is_far = request.access.scope < Scope.ALL
    if is_far:
        rows = rows.annotate(near=nearness(request.user, "engagement"))
    delivery = rows.select_related(*DELIVERY_NEEDS).filter(pk=pk).first()
    if delivery is None:
        raise Http404(_("There is no such class."))
    if is_far:
        remember_near(request.user, delivery.engagement, delivery.near)
    check_action(request, delivery.engagement)
    return cast(Delivery, delivery)


def get_proposal(request: SignedInRequest, pk: int) -> DateProposal:
    """Load a date proposal for the view at hand; answers as `get_delivery` does."""
    needs = ("course", "created_by", "delivery", "checklist", *ENGAGEMENT_NEEDS)
    rows = visible_proposals(request.user).select_related(*needs)
    proposal = rows.filter(pk=pk).first()
    if proposal is None:
        raise Http404(_("There is no such proposal."))
    check_action(request, proposal.engagement)
    return proposal


def get_meeting(request: SignedInRequest, pk: int) -> PlanningMeeting:
    """Load a planning meeting for the view at hand; answers as `get_delivery` does."""
    needs = ("invitation", "created_by", *ENGAGEMENT_NEEDS)
    rows = visible_meetings(request.user).select_related(*needs)
    meeting = rows.filter(pk=pk).first()
    if meeting is None:
        raise Http404(_("There is no such meeting."))
    check_action(request, meeting.engagement)
    return meeting


def check_action(request: SignedInRequest, engagement: Engagement) -> None:
    """Raise PermissionDenied where the person's role does not include the view."""
    action = request.access.action
    if isinstance(action, Door) or not may(request.user, action, engagement):
        raise PermissionDenied(_("Your role does not include this."))


def get_session(request: SignedInRequest, pk: int) -> Session:
    """Load a session; answers as its class does."""
    session = Session.objects.select_related("checklist").filter(pk=pk).first()
    if session is None:
        raise Http404(_("There is no such session."))
    session.delivery = get_delivery(request, session.delivery_id)
    return session


def get_lab_code(request: SignedInRequest, pk: int) -> LabCode:
    """Load the code of a class; answers as its class does."""
    code = LabCode.objects.filter(pk=pk).first()
    if code is None:
        raise Http404(_("There is no such code."))
    code.delivery = get_delivery(request, code.delivery_id)
    return code


def get_lab_extension(request: SignedInRequest, pk: int) -> LabExtension:
    """Load a request for a longer life of a code; answers as its class does."""
    extension = LabExtension.objects.filter(pk=pk).first()
    if extension is None:
        raise Http404(_("There is no such request."))
    extension.delivery = get_delivery(request, extension.delivery_id)
    return extension


def get_submission(request: SignedInRequest, pk: int) -> Submission:
    """Load a submission for the view at hand; whose review it is may see it.

    Raises Http404 and PermissionDenied as `get_delivery` does.
    """
    near = visible_deliveries(request.user).values("pk")
    needs = [f"delivery__{name}" for name in DELIVERY_NEEDS]
    submission = (
        Submission.objects.filter(Q(delivery__in=near) | own_reviews(request.user))
        .select_related("reviewer", "checklist", *needs)
        .filter(pk=pk)
        .first()
    )
    if submission is None:
        raise Http404(_("There is no such submission."))
    if not may_with_submission(request.user, submission, request.access.action):
        raise PermissionDenied(_("Your role does not include this."))
    return submission


def get_form_import(request: SignedInRequest, pk: int) -> FormImport:
    """Load uploaded form results; answers as their class does."""
    found = FormImport.objects.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There are no such results."))
    found.delivery = get_delivery(request, found.delivery_id)
    return found


def may_with_submission(
    user: User, submission: Submission, action: Action | Door
) -> bool:
    """Tell whether the person may do this with the submission.

    "assigned" in the access table: a reviewer reaches the own submissions.
    """
    if isinstance(action, Door):
        return False
    return visible_submissions(user, action).filter(pk=submission.pk).exists()


def next_review(user: User, now: datetime) -> Submission | None:
    """R-13: return which review comes first for the person: the own ones, then others.

    Only what the person may release; None where nothing waits.
    """
    reachable = visible_submissions(user, Action.CERTIFICATION_REVIEW)
    waiting = waiting_submissions(reachable, now)
    return waiting.filter(own_reviews(user)).first() or waiting.first()
