"""Write resource requests, and move them through their states.

The request is locked before anything else that a booking locks (the engagement, the
booking, the days); whoever decides on it finds out here what others did meanwhile.
"""

from scheduling.services.requests.drafting import (
    Wish,
    reasons_against_wish,
    save_request,
    send_request,
)
from scheduling.services.requests.handling import (
    Order,
    PartnerTerms,
    apply_change,
    apply_release,
    book_directly,
    book_request,
    change_directly,
    mark_booked,
)
from scheduling.services.requests.moving import (
    Next,
    answer_inquiry,
    lock_request,
    move_request,
    refuse_request,
    submit_request,
    take_under_review,
    withdraw_request,
)

__all__ = [
    "Next",
    "Order",
    "PartnerTerms",
    "Wish",
    "answer_inquiry",
    "apply_change",
    "apply_release",
    "book_directly",
    "book_request",
    "change_directly",
    "lock_request",
    "mark_booked",
    "move_request",
    "reasons_against_wish",
    "refuse_request",
    "save_request",
    "send_request",
    "submit_request",
    "take_under_review",
    "withdraw_request",
]
