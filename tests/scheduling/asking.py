"""A small office that asks for people, and ways that are offered to it."""

from dataclasses import dataclass
from datetime import date

from psdelivery.people.choices import Role, TimeOffKind
from psdelivery.people.models import User
from psdelivery.people.rules.time_off import TimeOffDraft
from psdelivery.people.services.time_off import enter_time_off
from scheduling.choices import OfferKind
from scheduling.models import ResourceRequest
from scheduling.queries.matching import Wishes, candidates_for, matching_for
from scheduling.rules.alternatives import Part, Proposal
from scheduling.rules.alternatives.proposals import part_of
from scheduling.rules.demand import quarters
from scheduling.rules.matching import plan_of
from scheduling.services.offers import Way, offer_ways
from scheduling.services.requests import Wish, save_request, submit_request
from tests.factories.people import RegionFactory, UserFactory
from tests.factories.scheduling import MONDAY, NOW, booked, startable, workdays

FRIDAY = date(2027, 3, 19)


@dataclass
class Office:
    coordinator: User
    pm: User
    ann: User
    bob: User


def office() -> Office:
    """A coordinator, a project manager who asks, and two engineers who are free."""
    region = RegionFactory()
    return Office(
        coordinator=UserFactory(first_name="Carla", roles=[Role.COORDINATOR]),
        pm=UserFactory(first_name="Petra", roles=[Role.PM], region=region),
        ann=UserFactory(first_name="Ann", last_name="Graf", roles=[Role.PSE]),
        bob=UserFactory(first_name="Bob", last_name="Graf", roles=[Role.PSE]),
    )


def asked_for(
    cast, *, engagement=None, ranges=((MONDAY, FRIDAY),), skills=(), now=NOW, **fields
) -> ResourceRequest:
    """A request that was sent: an engineer for a week, eight hours a day."""
    usual = {"kind": "engagement", "role": "pse", "booking": "soft"}
    if not {"hours_total", "hours_per_day"} & set(fields):
        usual["hours_per_day"] = 8
    asked = ResourceRequest(
        engagement=engagement or startable(),
        requested_by=cast.pm,
        **{**usual, **fields},
    )
    wish = Wish(ranges=list(ranges), skills=list(skills))
    drafted = save_request(asked, wish, by=cast.pm, now=now)
    submit_request(drafted, by=cast.pm, now=now)
    return ResourceRequest.objects.get(pk=drafted.pk)


def away(person, first, last, *, now=NOW):
    """Time off of somebody, as they enter it."""
    draft = TimeOffDraft(kind=TimeOffKind.HOLIDAY, starts_on=first, ends_on=last)
    return enter_time_off(person, draft, by=None, now=now)


def way_of(asked, *shares, kind=OfferKind.AS_ASKED) -> Way:
    """A way out by hand: people, each for the usual week or for days of their own."""
    given = [one if isinstance(one, tuple) else (one, workdays()) for one in shares]
    parts = tuple(
        Part(
            person_id=person.pk,
            days=tuple((day, quarters(hours)) for day, hours in sorted(days.items())),
        )
        for person, days in given
    )
    proposal = Proposal(kind=kind, parts=parts, moved=0, ranks=(0,) * len(parts))
    title = ", ".join(person.display_name for person, _days in given)
    return Way(proposal=proposal, title=title, reason="They are free.")


def offered(asked, cast, *what, now=NOW):
    """Offer people as asked for, or proposals; Ann where nobody is named."""
    ways = [
        Way(proposal=one, title=one.kind.label, reason="It was found.", effect="None.")
        if isinstance(one, Proposal)
        else as_asked(asked, one)
        for one in what or [cast.ann]
    ]
    return offer_ways(asked, ways, by=cast.coordinator, now=now)


def as_asked(asked, person) -> Way:
    """The days as they were asked for, by somebody who has them."""
    found = candidates_for(asked, Wishes())
    plan = plan_of(found.demand, found.candidate(person.pk))
    part = part_of(person.pk, found.demand.days, plan)
    proposal = Proposal(kind=OfferKind.AS_ASKED, parts=(part,), moved=0, ranks=(0,))
    return Way(proposal=proposal, title=person.display_name, reason="Free.")


def asked_to_give_way(cast):
    """A hard request for Ann, who is softly held by somebody else's project.

    Return the request, the offer that asks for the hold, the hold, and whose it is.
    """
    other = UserFactory(roles=[Role.PM], first_name="Olga")
    hold = booked(cast.ann, days=workdays(count=6), by=other)
    asked = asked_for(cast, person=cast.ann, booking="hard")
    found = matching_for(asked, Wishes(), now=NOW)
    (proposal,) = [one for one in found.proposals if one.kind == OfferKind.DISPLACE]
    (offer,) = offered(asked, cast, proposal)
    return asked, offer, hold, other
