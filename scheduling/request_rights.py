"""What the reader may do with a request now: by role, and by where it is."""

from dataclasses import dataclass

from psdelivery.access import Action
from psdelivery.people.models import User
from scheduling.access import may_with_request
from scheduling.choices import RequestKind, RequestState
from scheduling.models import ResourceRequest
from scheduling.rules.requests import (
    is_about_booking,
    may_handle,
    may_move,
    reasons_against_editing,
)


@dataclass(frozen=True)
class RequestRights:
    """`asks`: the reader is who asked, or may act for them; `books`: a coordinator."""

    asked: ResourceRequest
    asks: bool
    books: bool

    @property
    def may_edit(self) -> bool:
        """Whether what is asked for may be written anew."""
        return (self.asks or self.books) and not reasons_against_editing(self.asked)

    @property
    def may_submit(self) -> bool:
        """Whether the draft may be sent."""
        return self.asks and may_move(self.asked, RequestState.SUBMITTED)

    @property
    def may_withdraw(self) -> bool:
        """Whether it may be taken back."""
        return self.asks and may_move(self.asked, RequestState.WITHDRAWN)

    @property
    def may_review(self) -> bool:
        """Whether a coordinator may take it up."""
        was_sent = self.asked.state == RequestState.SUBMITTED
        return self.books and was_sent

    @property
    def may_book(self) -> bool:
        """Whether it may be booked now."""
        return self.books and may_handle(self.asked, RequestState.BOOKED)

    @property
    def may_apply(self) -> bool:
        """Whether what it asks about a booking may be carried out now."""
        return self.may_book and is_about_booking(self.asked.kind)

    @property
    def may_refuse(self) -> bool:
        """Whether a coordinator may refuse it."""
        return self.books and may_handle(self.asked, RequestState.REFUSED)

    @property
    def may_answer(self) -> bool:
        """Whether a coordinator may answer it in words."""
        is_inquiry = self.asked.kind == RequestKind.PLANNING
        return (
            self.books and is_inquiry and may_handle(self.asked, RequestState.ANSWERED)
        )

    @property
    def may_choose(self) -> bool:
        """Whether the reader may take or decline what was offered."""
        return self.asks and self.asked.state == RequestState.OFFERED


def rights_on(user: User, asked: ResourceRequest) -> RequestRights:
    """Return what the person may do with the request."""
    return RequestRights(
        asked,
        asks=may_with_request(user, asked, Action.RESOURCE_REQUEST),
        books=may_with_request(user, asked, Action.BOOK),
    )
