"""Decisions of training, by subject."""

from training.rules.times import (
    LocalTimes,
    SessionTimes,
    moved_times,
    reasons_against_local,
    reasons_against_overlap,
    reasons_against_times,
    shifted,
)

__all__ = [
    "LocalTimes",
    "SessionTimes",
    "moved_times",
    "reasons_against_local",
    "reasons_against_overlap",
    "reasons_against_times",
    "shifted",
]
