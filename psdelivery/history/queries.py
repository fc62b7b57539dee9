from django.contrib.contenttypes.models import ContentType
from django.db import models

from psdelivery.history.models import Event, EventQuerySet


def events_for(engagement_id: int, *, money: bool) -> EventQuerySet:
    """Return the history of an engagement, newest first.

    Without `money` the events that tell values, rates or margins are left out.
    """
    events = Event.objects.filter(engagement_id=engagement_id).with_people()
    return events if money else events.without_money()


def events_for_subject(subject: models.Model) -> EventQuerySet:
    """Return the history of one record, newest first, without money."""
    events = Event.objects.filter(
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=str(subject.pk),
    )
    return events.with_people().without_money()
