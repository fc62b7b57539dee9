"""Requests, offers, the board, bookings and feeds."""

from psdelivery.access.doors import PUBLIC, Door
from psdelivery.access.table import Action

SCHEDULING: dict[str, Action | Door] = {
    # `scheduling.access` adds what I asked for and what is booked of me.
    "scheduling:request-list": Action.ENGAGEMENT_SEE,
    "scheduling:request-detail": Action.ENGAGEMENT_SEE,
    "scheduling:request-candidates": Action.BOOK,
    "scheduling:request-offer": Action.BOOK,
    "scheduling:request-decline": Action.RESOURCE_REQUEST,
    "scheduling:request-take-back": Action.BOOK,
    # Whoever is asked about a soft hold reads the offer too: `offer_access`.
    "scheduling:offer-detail": Action.ENGAGEMENT_SEE,
    "scheduling:offer-accept": Action.RESOURCE_REQUEST,
    "scheduling:offer-decline": Action.RESOURCE_REQUEST,
    "scheduling:offer-displace-agree": Action.RESOURCE_REQUEST,
    "scheduling:offer-displace-refuse": Action.RESOURCE_REQUEST,
    "scheduling:board": Action.BOARD_SEE,
    "scheduling:board-rows": Action.BOARD_SEE,
    "scheduling:board-changes": Action.BOARD_SEE,
    "scheduling:board-move": Action.BOOK,
    "scheduling:demand-list": Action.BOARD_SEE,
    # Each sees the own views and those for everybody; only who kept one removes it.
    "scheduling:board-view-list": Action.BOARD_SEE,
    "scheduling:board-view-save": Action.BOARD_SEE,
    "scheduling:board-view-delete": Action.BOARD_SEE,
    "scheduling:conflict-list": Action.ENGAGEMENT_SEE,
    "scheduling:conflict-detail": Action.ENGAGEMENT_SEE,
    "scheduling:conflict-stand-in": Action.BOOK,
    "scheduling:conflict-shift": Action.BOOK,
    "scheduling:conflict-release": Action.BOOK,
    "scheduling:illness-add": Action.BOOK,
    "scheduling:host-list": Action.REGISTER_SEE,
    "scheduling:host-add": Action.REGISTER_EDIT,
    "scheduling:host-edit": Action.REGISTER_EDIT,
    # Feeds are the own; their content is what the owner may see.
    "scheduling:feed-list": Action.MY_DAY,
    "scheduling:feed-add": Action.MY_DAY,
    "scheduling:feed-revoke": Action.MY_DAY,
    # Calendar programs cannot log in: the secret in the address opens it.
    "scheduling:feed": PUBLIC,
    # Manager, person and asker: `scheduling.views.extra_days` looks who it is.
    "scheduling:extra-day-add": Action.RESOURCE_REQUEST,
    "scheduling:extra-day-detail": Action.MY_DAY,
    "scheduling:extra-day-grant": Action.MY_DAY,
    "scheduling:extra-day-consent": Action.MY_DAY,
    "scheduling:extra-day-decline": Action.MY_DAY,
    "scheduling:request-add": Action.RESOURCE_REQUEST,
    # Whose comment it is, and whether the work is in reach: `scheduling.access`.
    "scheduling:comment-request": Action.RESOURCE_REQUEST,
    "scheduling:request-edit": Action.RESOURCE_REQUEST,
    "scheduling:request-submit": Action.RESOURCE_REQUEST,
    "scheduling:request-withdraw": Action.RESOURCE_REQUEST,
    "scheduling:request-review": Action.BOOK,
    "scheduling:request-refuse": Action.BOOK,
    "scheduling:request-answer": Action.BOOK,
    "scheduling:request-book": Action.BOOK,
    "scheduling:allocation-detail": Action.ENGAGEMENT_SEE,
    "scheduling:allocation-add": Action.BOOK,
    "scheduling:allocation-edit": Action.BOOK,
    "scheduling:allocation-release": Action.BOOK,
    # `scheduling.hold_access` adds what I asked for.
    "scheduling:soft-hold-list": Action.RESOURCE_REQUEST,
    "scheduling:allocation-extend": Action.RESOURCE_REQUEST,
    "scheduling:allocation-convert": Action.BOOK,
}
