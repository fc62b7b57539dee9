"""Meetings that people were invited to take their time (R-22)."""

from django.db.models import Model

from psdelivery.outbox.choices import InvitationState
from psdelivery.outbox.events import InvitationChanged
from psdelivery.outbox.invitations import attendees_of
from psdelivery.outbox.models import Invitation
from psdelivery.people.models import User
from psdelivery.registry import reactions
from scheduling.rules.times import Slot
from scheduling.services.times import Source, Takers, free, occupy

MEETING = "meeting"
# Records that take their time themselves: who is invited to them is there already.
_own_times: set[str] = set()


def register_own_times(model: type[Model]) -> None:
    """Let invitations to such records take no time beside that of the record."""
    _own_times.add(model._meta.label_lower)


def has_own_times(invitation: Invitation) -> bool:
    """Whether people are invited to something that takes its time itself."""
    subject = invitation.subject_type
    return subject is not None and f"{subject.app_label}.{subject.model}" in _own_times


@reactions.on(InvitationChanged)
def take_time(event: InvitationChanged) -> None:
    """R-22: take the time of the colleagues, or free it once it is called off.

    Raises RuleRefused where one of them is in a session or another meeting: nobody is
    invited then.
    """
    invitation, source = event.invitation, source_of(event.invitation)
    if has_own_times(invitation):
        return
    if invitation.state == InvitationState.CANCELLED:
        free(source, now=event.now)
        return
    slot = Slot(invitation.starts_at, invitation.ends_at)
    occupy(source, [slot], Takers(people_in(invitation)), now=event.now)


def source_of(invitation: Invitation) -> Source:
    """Return the meeting as what takes the time."""
    engagement = invitation.engagement
    return Source(
        kind=MEETING,
        key=str(invitation.uid),
        title=invitation.title,
        zone=invitation.zone,
        url=engagement.get_absolute_url() if engagement else "",
        engagement=engagement,
    )


def people_in(invitation: Invitation) -> list[User]:
    """Return the colleagues who are invited, and who invites them."""
    keys = {one.person for one in attendees_of(invitation) if one.person is not None}
    keys.add(invitation.organizer.pk)
    return list(User.objects.filter(pk__in=keys))
