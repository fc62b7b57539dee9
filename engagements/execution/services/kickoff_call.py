"""The kickoff as a meeting: who is invited, and the invitation with its changes.

Both teams are drawn up by themselves. People at the customer are invited where somebody
chooses them: the click on the form is the click by which customer mail leaves.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from engagements.execution.kickoff import standing_call
from engagements.execution.models import Kickoff
from engagements.execution.services.kickoff import tell
from engagements.models import Engagement
from engagements.queries import gate_for
from engagements.rules.gate import reasons_against_hard_booking
from engagements.services.handoff_call import INVITED, contacts_of, sequence_of
from psdelivery.outbox.invitations import (
    Attendee,
    Meeting,
    attendees_of,
    cancel_invitation,
    invite,
    update_invitation,
)
from psdelivery.outbox.services.addresses import reasons_of_bad_addresses
from psdelivery.people.models import Contact, User
from psdelivery.registry import Reason, refuse

KIND = "kickoff"


def drawn_up(engagement: Engagement) -> QuerySet[User]:
    """Return whom of us the kickoff is for: account team, EM and delivery team."""
    team = engagement.team.filter(role__in=INVITED, person__isnull=False)
    return User.objects.active().filter(pk__in=team.values("person"))


def contacts_to_invite(kickoff: Kickoff) -> QuerySet[Contact]:
    """Return whom at the customer one can invite: who works there and has an address.

    Who was invited and has left since can still be taken off.
    """
    call = standing_call(kickoff)
    invited = attendees_of(call) if call else []
    return contacts_of(kickoff.engagement, invited=invited)


def reasons_against_inviting(
    engagement: Engagement, guests: list[Attendee], now: datetime
) -> list[Reason]:
    """R-2: the customer hears of no day before the gate is open.

    Nor is anything sent to an address that is marked bad.
    """
    if not guests:
        return []
    return [
        *reasons_against_hard_booking(gate_for(engagement, now)),
        *reasons_of_bad_addresses([one.email for one in guests]),
    ]


@transaction.atomic
def schedule_kickoff(
    kickoff: Kickoff,
    meeting: Meeting,
    *,
    seen: int | None = None,
    by: User,
    now: datetime,
) -> Kickoff:
    """Invite to the kickoff, or change the invitation that stands.

    `seen` is the sequence of the invitation that the person saw. Raises RuleRefused
    where it is another one by now, and for people at the customer as R-2 says.
    """
    engagement = kickoff.engagement
    # Two who invite at once wait for each other here.
    locked = Kickoff.objects.select_for_update(of=("self",)).get(pk=kickoff.pk)
    kickoff.invitation = locked.invitation
    call = standing_call(kickoff)
    refuse(reasons_of_unseen(seen, sequence_of(call)))
    guests = [one for one in meeting.attendees if one.contact]
    refuse(reasons_against_inviting(engagement, guests, now))
    if call is not None:
        update_invitation(call, meeting, engagement=engagement, by=by, now=now)
        tell("kickoff-moved", kickoff, by=by, now=now)
        return kickoff
    kickoff.invitation = invite(
        meeting,
        organizer=by,
        engagement=engagement,
        subject=kickoff,
        by=by,
        now=now,
    )
    kickoff.save(update_fields=["invitation"])
    tell("kickoff-scheduled", kickoff, by=by, now=now)
    return kickoff


def reasons_of_unseen(seen: int | None, current: int) -> list[Reason]:
    """Return a reason where the person saw the invitation as it was before."""
    if seen is None or seen == current:
        return []
    sentence = _(
        "Somebody changed the invitation meanwhile. What you typed is still here: "
        "compare it with what stands now, then save once more."
    )
    return [Reason("changed", sentence)]


@transaction.atomic
def call_off_kickoff(kickoff: Kickoff, *, by: User, now: datetime) -> Kickoff:
    """Cancel the invitation to the kickoff; raises RuleRefused where none stands."""
    call = standing_call(kickoff)
    if call is None:
        refuse([Reason("no-call", _("Nobody is invited to a kickoff."))])
        return kickoff
    cancel_invitation(call, engagement=kickoff.engagement, by=by, now=now)
    tell("kickoff-cancelled", kickoff, by=by, now=now)
    return kickoff
