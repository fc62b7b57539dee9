from collections.abc import Mapping
from datetime import datetime

from psdelivery.people.models import NotificationChoice, User
from psdelivery.people.notifications import registered_reasons
from psdelivery.people.queries.notifications import choices_of
from psdelivery.people.services.changes import one_transaction, publish_change


def choose_notifications(
    person: User, chosen: Mapping[str, str], *, by: User | None, now: datetime
) -> int:
    """Write how a person wants to hear of each reason; return how many changed.

    A default is not stored.
    """
    with one_transaction():
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        before = choices_of(person)
        told = {}
        for reason in registered_reasons():
            new = chosen.get(reason.key, before[reason.key])
            if new == before[reason.key]:
                continue
            _write(person, reason.key, new, is_default=new == reason.default)
            told[str(reason.title)] = (before[reason.key], new)
        if told:
            publish_change(person, "notifications-chosen", told, by=by, now=now)
        return len(told)


def _write(person: User, reason: str, delivery: str, *, is_default: bool) -> None:
    rows = NotificationChoice.objects.filter(person=person, reason=reason)
    if is_default:
        rows.delete()
    else:
        NotificationChoice.objects.update_or_create(
            person=person, reason=reason, defaults={"delivery": delivery}
        )
