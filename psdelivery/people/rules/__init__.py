"""Decisions about people, by subject: no writes, no clock, no request."""

from psdelivery.people.rules.people import (
    reasons_against_changing,
    reasons_against_erasing,
    reasons_against_leaving,
    reasons_against_link,
    reasons_against_manager,
    reasons_against_roles,
)

__all__ = [
    "reasons_against_changing",
    "reasons_against_erasing",
    "reasons_against_leaving",
    "reasons_against_link",
    "reasons_against_manager",
    "reasons_against_roles",
]
