"""Reads of the schedule that need more than a queryset method."""
