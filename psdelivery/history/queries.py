from psdelivery.history.models import Event, EventQuerySet


def events_for(engagement_id: int, *, money: bool) -> EventQuerySet:
    """Return the history of an engagement, newest first.

    Without `money` the events that tell values, rates or margins are left out.
    """
    events = Event.objects.filter(engagement_id=engagement_id).with_people()
    return events if money else events.without_money()
