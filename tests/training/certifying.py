"""Addresses and bodies of the pages of certifications."""

from datetime import date

from django.urls import reverse

from scheduling.capacity_facts import Span
from scheduling.services.capacity import extend_horizon


def page(name, pk):
    return reverse(f"training:submission-{name}", args=[pk])


def know_days_of(people):
    """As the portal does at night: the days of people are known ahead."""
    extend_horizon(people, Span(date(2027, 1, 1), date(2027, 6, 1)))


def typed(submission, *points, **more):
    """The marks of a form: points for the lines in their order."""
    lines = submission.delivery.course.criteria.filter(is_active=True)
    given = zip(lines, points or (50, 35), strict=True)
    return {f"points-{line.pk}": str(one) for line, one in given} | more
