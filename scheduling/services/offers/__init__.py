"""R-7: offer ways out, take one, decline, ask a soft hold to give way, let them end.

Locks in this order: the request, its offers, the engagement, the bookings, the days.
"""

from scheduling.services.offers.choosing import (
    Taken,
    accept_offer,
    decline_all,
    decline_offer,
)
from scheduling.services.offers.ending import (
    expire_offers,
    take_offers_back,
)
from scheduling.services.offers.giving_way import agree_to_give_way, keep_hold
from scheduling.services.offers.making import Way, offer_ways
from scheduling.services.offers.settling import settle_questions

__all__ = [
    "Taken",
    "Way",
    "accept_offer",
    "agree_to_give_way",
    "decline_all",
    "decline_offer",
    "expire_offers",
    "keep_hold",
    "offer_ways",
    "settle_questions",
    "take_offers_back",
]
