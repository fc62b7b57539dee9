"""Decisions of the schedule: no writes, no clock, no request."""
