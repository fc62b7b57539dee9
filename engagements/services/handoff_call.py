"""The handoff call: who is invited, and the invitation with its changes."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from engagements.models import Handoff
from engagements.services.handoff import tell, tick
from psdelivery.outbox.choices import InvitationState
from psdelivery.outbox.invitations import (
    Attendee,
    Meeting,
    attendees_of,
    cancel_invitation,
    invite,
    update_invitation,
)
from psdelivery.outbox.models import Invitation
from psdelivery.people.choices import ACCOUNT_ROLES, DELIVERY_ROLES, EngagementRole
from psdelivery.people.models import User
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.registry import Reason, RuleRefused

# Account team, the EM who scoped it, and who delivers (domain.md, section 2).
INVITED = ACCOUNT_ROLES | DELIVERY_ROLES | {EngagementRole.EM}


def drawn_up(handoff: Handoff) -> QuerySet[User]:
    """Return whom the call is for: account team, EM and delivery team."""
    team = handoff.engagement.team.filter(role__in=INVITED, person__isnull=False)
    return User.objects.active().filter(pk__in=team.values("person"))


def standing_call(handoff: Handoff) -> Invitation | None:
    """Return the invitation that stands, None where none does."""
    found = handoff.invitation
    is_active = found is not None and found.state == InvitationState.ACTIVE
    return found if is_active else None


def not_invited(handoff: Handoff) -> list[User]:
    """Return who joined after the invitation went out, to be added by a click."""
    call = standing_call(handoff)
    if call is None:
        return []
    invited = {one.person for one in attendees_of(call)}
    return [person for person in drawn_up(handoff) if person.pk not in invited]


def guests(people: list[User]) -> list[Attendee]:
    """Return colleagues as attendees."""
    return [Attendee(one.display_name, one.email, one.pk) for one in people]


@transaction.atomic
def schedule_call(
    handoff: Handoff, meeting: Meeting, *, by: User, now: datetime
) -> Handoff:
    """Invite to the handoff call, or change the invitation that stands.

    Raises RuleRefused. The step of scheduling it is ticked.
    """
    call, engagement = standing_call(handoff), handoff.engagement
    if call is not None:
        update_invitation(call, meeting, engagement=engagement, by=by, now=now)
        verb = "handoff-call-moved"
    else:
        handoff.invitation = invite(
            meeting,
            organizer=by,
            engagement=engagement,
            subject=handoff,
            by=by,
            now=now,
        )
        handoff.save(update_fields=["invitation"])
        verb = "handoff-call-scheduled"
    tell(verb, handoff, by=by, now=now)
    tick(handoff, "handoff-scheduled", Completion(), by=by, now=now)
    return handoff


@transaction.atomic
def call_off(handoff: Handoff, *, by: User, now: datetime) -> Handoff:
    """Cancel the handoff call; raises RuleRefused where none stands."""
    call = standing_call(handoff)
    if call is None:
        raise RuleRefused([Reason("no-call", _("No call is scheduled."))])
    cancel_invitation(call, engagement=handoff.engagement, by=by, now=now)
    tell("handoff-call-cancelled", handoff, by=by, now=now)
    return handoff
