from psdelivery.people.choices import NotificationDelivery
from psdelivery.people.models import User
from psdelivery.people.notifications import registered_reasons


def choices_of(person: User) -> dict[str, NotificationDelivery]:
    """Return how a person wants to hear of each reason, the usual way included."""
    stored = dict(person.notification_choices.values_list("reason", "delivery"))
    return {
        reason.key: NotificationDelivery(stored.get(reason.key, reason.default))
        for reason in registered_reasons()
    }
