"""What is asked for and booked in the world of the fuzzed forms."""

from datetime import date, timedelta
from decimal import Decimal

from engagements.comments import subject_of
from engagements.models import Engagement
from psdelivery.comments.services import add_comment
from psdelivery.people.choices import EngagementRole, Role, TimeOffKind
from psdelivery.people.rules.time_off import TimeOffDraft
from psdelivery.people.services import enter_time_off
from scheduling.choices import (
    FeedKind,
    Hold,
    OfferKind,
    OfferState,
    RequestKind,
    RequestState,
)
from scheduling.models import ConflictCase, HostAccount, Offer
from scheduling.rules.extra_days import ExtraDayDraft
from scheduling.services.extra_days import ask_for_extra_day
from scheduling.services.feeds import make_feed
from scheduling.services.offers import offer_ways
from tests.factories.engagements import NOW, registered
from tests.factories.people import UserFactory
from tests.factories.scheduling import asked_for, booked
from tests.scheduling.asking import way_of

# A Monday some weeks after the world's now.
MONDAY = date(2027, 3, 15)
WEEK = [(MONDAY, MONDAY + timedelta(days=4))]
LATER = [(MONDAY + timedelta(days=28), MONDAY + timedelta(days=32))]


def make_planning(engagements, people):
    """Requests in each state in which something is done with them, and a booking."""
    me, training = people["me"], engagements["training"]
    sure = {"opportunity_stage": 5, "forecast_category": "commit"}
    Engagement.objects.filter(pk=training.pk).update(**sure)
    training.refresh_from_db()

    def ask(state, kind=RequestKind.ENGAGEMENT, days=WEEK, **fields):
        return asked_for(
            training, requested_by=me, days=days, state=state, kind=kind, **fields
        )

    coordinator = UserFactory(roles=[Role.COORDINATOR])
    colleague = people["colleague"]
    # With a second one there is something to choose.
    UserFactory(first_name="Cleo", roles=[Role.PSE])
    offered = ask(RequestState.UNDER_REVIEW)
    (offer,) = offer_ways(offered, [way_of(offered, colleague)], by=me, now=NOW)
    standing = registered(
        title="Creditable time", kind="internal", customer=training.customer, by=me
    )
    booking = booked(colleague, training, hold=Hold.SOFT, by=me, now=NOW)
    return {
        **make_facts(standing, people, coordinator),
        "standing": standing,
        "asking": add_comment(
            subject_of(training),
            f"@{coordinator.username} 8 hours mentoring on 15 March",
            by=me,
            now=NOW,
        ),
        "matched": ask(RequestState.UNDER_REVIEW, days=LATER),
        "offered": offered,
        "offer": offer,
        "hold_question": question_about(booking, ask(RequestState.UNDER_REVIEW)),
        "unsent": ask(RequestState.DRAFT),
        "sent": ask(RequestState.SUBMITTED),
        "reviewed": ask(RequestState.UNDER_REVIEW),
        "inquiry": ask(RequestState.SUBMITTED, RequestKind.PLANNING),
        "booking": booking,
    }


def make_facts(standing, people, coordinator):
    """The trainer falls ill on a booked Monday; extra days are asked for."""
    trainer, me = people["trainer"], people["me"]
    booked(trainer, standing, hold=Hold.HARD, role=EngagementRole.TRAINER, now=NOW)
    sickness = TimeOffDraft(kind=TimeOffKind.SICKNESS, starts_on=MONDAY, ends_on=MONDAY)
    enter_time_off(trainer, sickness, by=None, now=NOW)

    def extra(person):
        draft = ExtraDayDraft(
            person=person,
            day=MONDAY + timedelta(days=5),
            hours=Decimal(4),
            kind="weekend",
            reason="Go-live",
        )
        return ask_for_extra_day(draft, engagement=standing, by=coordinator, now=NOW)

    return {
        "conflict": ConflictCase.objects.get(person=trainer),
        "extra": extra(people["colleague"]),
        "my_extra": extra(me),
        "host": HostAccount.objects.create(name="PS webinar 1"),
        "feed": make_feed(me, FeedKind.PERSONAL, now=NOW).feed,
    }


def question_about(hold, asked):
    """Whether a soft hold gives way, as its requester is asked."""
    return Offer.objects.create(
        request=asked,
        kind=OfferKind.DISPLACE,
        state=OfferState.ASKING,
        displaces=hold,
        rank=1,
        title="Carl, as asked for",
        reason="Only the soft hold stands in the way.",
        fingerprint="1",
        offered_by=asked.requested_by,
        offered_at=NOW,
        expires_at=NOW + timedelta(days=2),
    )
