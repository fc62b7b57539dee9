"""A soft hold that is asked to give way: its requester decides (R-7)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.owners import owners_of
from engagements.services.approvals import close_question
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from psdelivery.people.services.changes import one_transaction
from psdelivery.playbooks.owners import Assignment, assignment_for, still_here
from psdelivery.playbooks.rules.adhoc import AdHocStep
from psdelivery.playbooks.services.adhoc import add_step, standing_checklist
from psdelivery.registry import RuleRefused, refuse
from scheduling.choices import Hold, OfferState, RequestState
from scheduling.events import BookedDays
from scheduling.models import (
    Allocation,
    AllocationDay,
    CapacityDay,
    Offer,
    ResourceRequest,
)
from scheduling.rules.offers import (
    days_to_give_up,
    offer_ends,
    question_ends,
    reasons_against_giving_way,
    reasons_without_words,
)
from scheduling.services.bookings import Change, change, release
from scheduling.services.offers.holding import (
    free,
    lock_offers,
    lock_what_is_held,
    tell_history,
)
from scheduling.services.offers.news import (
    tell_of_agreement,
    tell_of_keeping,
    tell_of_question,
)
from scheduling.services.placements import booked_now, placement_of
from scheduling.services.requests import Next, lock_request, move_request
from scheduling.services.requests.turns import (
    REMINDERS,
    calendar_of,
    phase_of,
    pool_of,
)
from scheduling.settings import ANSWER_DAYS, OFFER_DAYS


def asked_person(hold: Allocation) -> User | None:
    """Return who asked for a soft hold, without a request who placed it.

    Nobody where they have left: then it is the engagement's coordination (R-23).
    """
    asked = hold.request.requested_by if hold.request else hold.placed_by
    return still_here(asked)


def question_until(offer: Offer, hold: Allocation, now: datetime) -> datetime:
    """Return by when the hold's requester decides: within the same answer clock."""
    days = portal_settings()[ANSWER_DAYS]
    calendar = calendar_of(owner_of(offer, hold))
    return question_ends(now, offer.request.answer_due_at, days, calendar)


def ask_to_give_way(offer: Offer, hold: Allocation, *, by: User, now: datetime) -> None:
    """Open the step of the hold's requester, and tell them."""
    owner = owner_of(offer, hold)
    checklist = hold.engagement.checklist if hold.engagement else None
    asked = AdHocStep(
        title=_("Can your soft hold give way? %(what)s") % {"what": hold},
        phase=phase_of(offer.request),
        assignee=owner.person,
        pool=owner.pool,
        due_at=offer.expires_at,
        instructions="\n\n".join([offer.title, offer.effect]),
        subject_url=offer.get_absolute_url(),
        reminder_days=REMINDERS,
    )
    where = checklist or standing_checklist(pool_of(offer.request), now=now)
    offer.step = add_step(where, asked, by=by, now=now)
    offer.save(update_fields=["step"])
    tell_of_question(offer, hold, owner, by=by, now=now)


def owner_of(offer: Offer, hold: Allocation) -> Assignment:
    """Return who answers: the hold's requester, else its engagement's coordination."""
    person = asked_person(hold)
    if person is not None:
        return Assignment(person=person)
    if hold.engagement is not None:
        return assignment_for(EngagementRole.PC, owners_of(hold.engagement))
    return Assignment(pool=pool_of(offer.request))


def agree_to_give_way(offer: Offer, *, by: User, now: datetime) -> Offer:
    """Agree: the way becomes offered; the hold goes only when it is taken."""
    with one_transaction():
        stored = lock_request(offer.request)
        found = locked_offer(offer, lock_offers(stored))
        refuse(reasons_against_giving_way(found, now=now))
        lock_what_is_held(stored, [])
        open_offer(found, now=now)
        close_question(found.step, _("It may give way."), by=by, now=now)
        tell_history(found, "offer-agreed", by=by, now=now)
        give_to_requester(stored, found, by=by, now=now)
        tell_of_agreement(stored, found, by=by, now=now)
        return found


def open_offer(offer: Offer, *, now: datetime) -> None:
    """Offer what nobody's hold stands against any more; all of it is locked."""
    days = portal_settings()[OFFER_DAYS]
    offer.state = OfferState.OPEN
    offer.expires_at = offer_ends(now, days, offer.request.requested_by.calendar)
    offer.save()
    # Only until when it is held: no day and no hour of it changes.
    held = Allocation.objects.active().filter(offer=offer)
    held.update(expires_at=offer.expires_at)


def give_to_requester(
    stored: ResourceRequest, offer: Offer, *, by: User | None, now: datetime
) -> None:
    """Let who asked have the ball, if they do not choose among other offers already."""
    if stored.state != RequestState.OFFERED:
        to = Next(state=RequestState.OFFERED, due_at=offer.expires_at)
        move_request(stored, to, by=by, now=now)


def keep_hold(offer: Offer, reason: str, *, by: User, now: datetime) -> Offer:
    """Refuse to give way, with a reason: the way is gone."""
    refuse(reasons_without_words(reason))
    with one_transaction():
        stored = lock_request(offer.request)
        found = locked_offer(offer, lock_offers(stored))
        refuse(reasons_against_giving_way(found, now=now))
        lock_what_is_held(stored, [])
        free(found, OfferState.DECLINED, reason, by=by, now=now)
        tell_of_keeping(stored, found, by=by, now=now)
        return found


def locked_offer(offer: Offer, locked: list[Offer]) -> Offer:
    """Return the offer among the locked ones; one that has ended as it is stored."""
    found = next((one for one in locked if one.pk == offer.pk), None)
    return found or Offer.objects.select_related("request").get(pk=offer.pk)


def give_way(offer: Offer, *, by: User, now: datetime) -> None:
    """Take from the soft hold what the offer needs; its days are locked.

    What is left of it stays. Where it could not be placed today as it is (the stage
    of its engagement fell), all of it goes.
    """
    hold = offer.displaces
    if hold is None or not hold.is_active or hold.hold != Hold.SOFT:
        return
    booked = booked_now(hold)
    left = days_to_give_up(booked.days, hours_over(offer, hold))
    if left == booked.days:
        return
    why = Change(reason=_("Gave way to %(what)s") % {"what": offer.request})
    if not (left and shortened(hold, replace(booked, days=left), why, by=by, now=now)):
        release(hold, why, by=by, now=now)


def shortened(
    hold: Allocation, left: BookedDays, why: Change, *, by: User, now: datetime
) -> bool:
    """Keep what is left of a hold; False where that is refused today."""
    try:
        with transaction.atomic():
            change(hold, placement_of(hold, left), why, by=by, now=now)
    except RuleRefused:
        return False
    return True


def hours_over(offer: Offer, hold: Allocation) -> Mapping[date, Decimal]:
    """Return by how much the offer fills the days of the hold's person too far."""
    needed = dict(
        AllocationDay.objects.filter(
            allocation__offer=offer, person=hold.person_id
        ).values_list("day", "hours")
    )
    rows = CapacityDay.objects.filter(person=hold.person_id, day__in=list(needed))
    return {
        row.day: min(row.hard + row.soft - row.capacity, needed[row.day])
        for row in rows
    }
