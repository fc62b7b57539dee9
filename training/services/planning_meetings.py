"""The planning meeting of classes: invitations, the trainer's answer, what hangs on it.

Colleagues are invited by the portal, people at the customer by the click that books the
meeting. Everybody's time is taken by the schedule (R-22).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.services.gate import lock_engagement
from engagements.services.handoff_call import guests, sequence_of
from psdelivery.history.services import Changes, record
from psdelivery.outbox.choices import InvitationState
from psdelivery.outbox.invitations import (
    Meeting,
    cancel_invitation,
    invite,
    update_invitation,
)
from psdelivery.outbox.models import Invitation
from psdelivery.people.models import Contact, User
from psdelivery.people.moments import local_day
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import Reason, refuse
from training.choices import MeetingAnswer
from training.models import Delivery, PlanningAnswer, PlanningMeeting
from training.rules.planning_meetings import (
    reasons_against_changing_meeting,
    reasons_against_classes,
    reasons_against_having_held,
    reasons_of_time,
)
from training.services.meeting_steps import (
    Moved,
    date_classes,
    drop_requests,
    reopen_accepted,
    undate_classes,
)

KIND = "planning-meeting"


@dataclass(frozen=True, kw_only=True)
class MeetingDraft:
    """When and where classes are planned, and who is invited; moments in UTC."""

    deliveries: Sequence[Delivery]
    starts_at: datetime
    ends_at: datetime
    zone: str
    location: str = ""
    description: str = ""
    people: Sequence[User] = ()
    contacts: Sequence[Contact] = ()


def as_meeting(engagement: Engagement, draft: MeetingDraft) -> Meeting:
    """Return the meeting as people are invited to it."""
    names = ", ".join(str(one) for one in draft.deliveries)
    return Meeting(
        kind=KIND,
        title=_("Planning meeting: %(classes)s") % {"classes": names},
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        zone=draft.zone,
        attendees=guests(draft.people, draft.contacts),
        description=draft.description,
        location=draft.location,
    )


def meetings_standing(deliveries: Collection[Delivery]) -> list[PlanningMeeting]:
    """Return the meetings to come, neither called off nor held, of these classes."""
    rows = PlanningMeeting.objects.filter(
        deliveries__in=deliveries, cancelled_at=None, held_on=None
    )
    return list(rows.distinct().order_by("pk"))


def book_meeting(
    engagement: Engagement, draft: MeetingDraft, *, by: User, now: datetime
) -> PlanningMeeting:
    """Invite to a planning meeting; the plans of its classes are dated by it.

    Raises RuleRefused for classes that are over or planned already, and where one of
    the colleagues is taken at that time (R-22).
    """
    with one_transaction():
        lock_engagement(engagement)
        draft = with_classes(draft, engagement)
        others = meetings_standing(draft.deliveries)
        refuse(reasons_against_classes(draft.deliveries, others))
        meeting = PlanningMeeting(engagement=engagement, created_at=now, created_by=by)
        put(meeting, draft)
        meeting.save()
        meeting.deliveries.set(draft.deliveries)
        meeting.invitation = invite(
            as_meeting(engagement, draft),
            organizer=by,
            engagement=engagement,
            subject=meeting,
            by=by,
            now=now,
        )
        meeting.save(update_fields=["invitation"])
        ask_trainers(meeting, draft)
        date_classes(meeting, draft.deliveries, Moved(), by=by, now=now)
        tell("planning-booked", meeting, {"start": [None, draft.starts_at]}, by, now)
        return meeting


def with_classes(draft: MeetingDraft, engagement: Engagement) -> MeetingDraft:
    """Return the draft with its classes as they are stored; others' are left out."""
    keys = [one.pk for one in draft.deliveries]
    rows = Delivery.objects.filter(engagement=engagement, pk__in=keys)
    found = rows.select_related("checklist", "trainer").order_by("pk")
    return replace(draft, deliveries=list(found))


def put(meeting: PlanningMeeting, draft: MeetingDraft) -> None:
    """Write when and where onto the meeting (not saved)."""
    meeting.starts_at, meeting.ends_at = draft.starts_at, draft.ends_at
    meeting.zone, meeting.location = draft.zone, draft.location


def ask_trainers(meeting: PlanningMeeting, draft: MeetingDraft) -> None:
    """Let the trainers among those invited answer; who is not invited is not asked."""
    trainers = {one.trainer_id for one in draft.deliveries}
    asked = {one.pk for one in draft.people} & trainers
    meeting.answers.exclude(person__in=asked).delete()
    known = set(meeting.answers.values_list("person", flat=True))
    PlanningAnswer.objects.bulk_create(
        PlanningAnswer(meeting=meeting, person_id=pk) for pk in sorted(asked - known)
    )


def change_meeting(
    meeting: PlanningMeeting,
    draft: MeetingDraft,
    moved: Moved,
    *,
    seen: int | None = None,
    by: User,
    now: datetime,
) -> PlanningMeeting:
    """Change a meeting under the same invitation; R-20: its steps move with it.

    With another time the trainers are asked anew. `seen` is the sequence of the
    invitation that the person saw. Raises RuleRefused as `book_meeting` does, for one
    that somebody changed meanwhile, and without a reason for another time.
    """
    with one_transaction():
        stored = lock_meeting(meeting)
        refuse(reasons_against_changing_meeting(stored))
        refuse(reasons_of_unseen(stored, seen))
        draft = with_classes(draft, stored.engagement)
        others = [one for one in meetings_standing(draft.deliveries) if one != stored]
        refuse(reasons_against_classes(draft.deliveries, others))
        before, has_moved = stored.starts_at, is_moved(stored, draft)
        refuse(reasons_of_time(has_moved, moved.reason))
        is_same = not has_moved and stored.location == draft.location
        put(stored, draft)
        stored.save()
        update(stored, draft, newcomers_only=is_same, by=by, now=now)
        left = [one for one in stored.deliveries.all() if one not in draft.deliveries]
        stored.deliveries.set(draft.deliveries)
        ask_trainers(stored, draft)
        if has_moved:
            ask_again(stored, by=by, reason=moved.reason, now=now)
        undate_classes(left, by=by, reason=moved.reason, now=now)
        date_classes(stored, draft.deliveries, moved, by=by, now=now)
        changes = {"start": [before, draft.starts_at]} if has_moved else {}
        tell("planning-changed", stored, changes, by, now, moved.reason)
        return stored


def lock_meeting(meeting: PlanningMeeting) -> PlanningMeeting:
    """Return the meeting as it is stored; whoever else changes it waits."""
    lock_engagement(meeting.engagement)
    rows = PlanningMeeting.objects.select_for_update(of=("self",)).select_related(
        "engagement__customer", "engagement__checklist", "invitation__organizer"
    )
    return rows.get(pk=meeting.pk)


def reasons_of_unseen(meeting: PlanningMeeting, seen: int | None) -> list[Reason]:
    """Return a reason where the person saw the meeting as it was before."""
    if seen is None or seen == sequence_of(standing_invitation(meeting)):
        return []
    sentence = _(
        "Somebody changed the meeting meanwhile. What you typed is still here: compare "
        "it with what stands now, then save once more."
    )
    return [Reason("changed", sentence)]


def standing_invitation(meeting: PlanningMeeting) -> Invitation | None:
    """Return the invitation that stands, None where none does."""
    found = meeting.invitation
    is_active = found is not None and found.state == InvitationState.ACTIVE
    return found if is_active else None


def is_moved(meeting: PlanningMeeting, draft: MeetingDraft) -> bool:
    """Tell whether the meeting would be at another time."""
    now = (meeting.starts_at, meeting.ends_at)
    return now != (draft.starts_at, draft.ends_at)


def update(
    meeting: PlanningMeeting,
    draft: MeetingDraft,
    *,
    newcomers_only: bool,
    by: User,
    now: datetime,
) -> None:
    """Change the invitation; invite anew where none stands."""
    about, invitation = meeting.engagement, standing_invitation(meeting)
    if invitation is not None:
        update_invitation(
            invitation,
            as_meeting(about, draft),
            engagement=about,
            by=by,
            now=now,
            newcomers_only=newcomers_only,
        )
        return
    meeting.invitation = invite(
        as_meeting(about, draft),
        organizer=by,
        engagement=about,
        subject=meeting,
        by=by,
        now=now,
    )
    meeting.save(update_fields=["invitation"])


def ask_again(
    meeting: PlanningMeeting, *, by: User, reason: str, now: datetime
) -> None:
    """Let nobody have answered yet: what they said was about another time."""
    meeting.answers.update(answer=MeetingAnswer.WAITING, words="", answered_at=None)
    drop_requests(meeting, now=now)
    reopen_accepted(meeting, by=by, reason=reason, now=now)


def call_off(
    meeting: PlanningMeeting, reason: str, *, by: User, now: datetime
) -> PlanningMeeting:
    """Cancel a meeting; its classes are to be planned again. Raises RuleRefused."""
    with one_transaction():
        stored = lock_meeting(meeting)
        refuse(reasons_against_changing_meeting(stored))
        refuse(reasons_of_time(True, reason))
        invitation = standing_invitation(stored)
        if invitation is not None:
            cancel_invitation(invitation, engagement=stored.engagement, by=by, now=now)
        stored.cancelled_at = now
        stored.save(update_fields=["cancelled_at"])
        drop_requests(stored, now=now)
        classes = list(stored.deliveries.select_related("checklist"))
        undate_classes(classes, by=by, reason=reason, now=now)
        tell("planning-cancelled", stored, {}, by, now, reason)
        return stored


def note_held(
    meeting: PlanningMeeting, held_on: date, *, by: User, now: datetime
) -> PlanningMeeting:
    """Keep the day on which the meeting was held; raises RuleRefused."""
    with one_transaction():
        stored = lock_meeting(meeting)
        if stored.cancelled_at is not None:
            refuse(reasons_against_changing_meeting(stored))
        today = local_day(now, stored.zone)
        refuse(reasons_against_having_held(held_on, today=today))
        changes = {"held_on": [stored.held_on, held_on]}
        stored.held_on = held_on
        stored.save(update_fields=["held_on"])
        drop_requests(stored, now=now)
        tell("planning-held", stored, changes, by, now)
        return stored


def tell(
    verb: str,
    meeting: PlanningMeeting,
    changes: Changes,
    by: User | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Write what happened to a meeting into the history of its engagement."""
    record(
        verb,
        by=by,
        subject=meeting,
        engagement=meeting.engagement,
        changes=changes,
        reason=reason,
        now=now,
    )
