"""The handoff call: who is invited, and the invitation with its changes.

Colleagues are drawn up by themselves. People at the customer are invited where somebody
chooses them: the click on the form is the click by which customer mail leaves.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from engagements.models import Engagement, Handoff
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
from psdelivery.people.models import Contact, User
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.registry import Reason, RuleRefused

# Account team, the EM who scoped it, and who delivers (domain.md, section 2).
INVITED = ACCOUNT_ROLES | DELIVERY_ROLES | {EngagementRole.EM}


def drawn_up(handoff: Handoff) -> QuerySet[User]:
    """Return whom the call is for: account team, EM and delivery team."""
    team = handoff.engagement.team.filter(role__in=INVITED, person__isnull=False)
    return User.objects.active().filter(pk__in=team.values("person"))


def contacts_to_invite(handoff: Handoff) -> QuerySet[Contact]:
    """Return whom at the customer one can invite: who works there and has an address.

    Who was invited and has left since can still be taken off.
    """
    call = standing_call(handoff)
    invited = attendees_of(call) if call else []
    return contacts_of(handoff.engagement, invited=invited)


def contacts_of(
    engagement: Engagement, *, invited: Iterable[Attendee]
) -> QuerySet[Contact]:
    """Return the contacts of the customer with an address, and those invited before."""
    before = [one.contact for one in invited if one.contact]
    here = Q(is_active=True) & ~Q(email="")
    contacts = Contact.objects.filter(customer=engagement.customer_id)
    return contacts.filter(here | Q(pk__in=before))


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


def invited_guests(handoff: Handoff) -> list[str]:
    """Return the names of those of the customer who are invited."""
    call = standing_call(handoff)
    return [one.name for one in attendees_of(call) if not one.is_staff] if call else []


def guests(people: Iterable[User], contacts: Iterable[Contact] = ()) -> list[Attendee]:
    """Return colleagues and people at the customer as attendees."""
    return [
        *[Attendee(one.display_name, one.email, person=one.pk) for one in people],
        *[Attendee(one.name, one.email, contact=one.pk) for one in contacts],
    ]


def sequence_of(call: Invitation | None) -> int:
    """Return how often an invitation was changed; -1 where none stands."""
    return call.sequence if call is not None else -1


@transaction.atomic
def schedule_call(
    handoff: Handoff,
    meeting: Meeting,
    *,
    seen: int | None = None,
    by: User,
    now: datetime,
) -> Handoff:
    """Invite to the handoff call, or change the invitation that stands.

    `seen` is the sequence of the invitation that the person saw. Raises RuleRefused
    where it is another one by now. The step of scheduling it is ticked.
    """
    # Two who invite at once wait for each other here.
    locked = Handoff.objects.select_for_update(of=("self",)).get(pk=handoff.pk)
    handoff.invitation = locked.invitation
    call, engagement = standing_call(handoff), handoff.engagement
    if seen is not None and seen != sequence_of(call):
        sentence = _(
            "Somebody changed the call meanwhile. What you typed is still here: "
            "compare it with what stands now, then save once more."
        )
        raise RuleRefused([Reason("changed", sentence)])
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
