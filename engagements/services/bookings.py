"""Keep, soften or release bookings when work is set aside or ends."""

from collections.abc import Mapping
from datetime import datetime

from engagements.choices import Booking, BookingChoice
from engagements.events import TeamChanged
from engagements.models import Engagement, TeamMember
from engagements.services.team import record_member
from psdelivery.people.models import User
from psdelivery.registry import reactions

# What a booking is afterwards; what is kept stays as it is.
BOOKED_AFTER = {
    BookingChoice.SOFT.value: Booking.SOFT.value,
    BookingChoice.RELEASE.value: "",
}


def settle_bookings(
    engagement: Engagement,
    choices: Mapping[int, str],
    *,
    by: User | None,
    reason: str,
    now: datetime,
) -> int:
    """Do with each booking what was chosen; return how many changed.

    domain.md, section 0; inside the caller's transaction. `choices` are by key of the
    team member; who is not named keeps the booking.
    """
    members = TeamMember.objects.select_for_update(of=("self",)).filter(
        engagement=engagement, pk__in=choices
    )
    changed = 0
    for member in members.exclude(booking="").order_by("pk"):
        booking = BOOKED_AFTER.get(choices[member.pk], member.booking)
        if booking != member.booking:
            put_booking(member, booking, by=by, reason=reason, now=now)
            changed += 1
    if changed:
        reactions.publish(TeamChanged(engagement=engagement, by=by, now=now))
    return changed


def put_booking(
    member: TeamMember,
    booking: str,
    *,
    by: User | None,
    reason: str,
    now: datetime,
) -> None:
    """Save another booking of a member, with the reason in the history."""
    before = TeamMember.objects.get(pk=member.pk)
    member.booking = booking
    member.save(update_fields=["booking"])
    record_member(
        member,
        "team-member-changed",
        before=before,
        after=member,
        by=by,
        reason=reason,
        now=now,
    )
