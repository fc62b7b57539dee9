"""Erasing who has left, and telling somebody what the portal holds on them.

The history keeps the numbers of people and not their names, so it stays whole: from
then on it tells of "Erased person 12".
"""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _

from psdelivery.people.choices import Theme, TimeOffKind
from psdelivery.people.events import PersonalDataErased
from psdelivery.people.models import Contact, User
from psdelivery.people.personal_data import personal_data_of
from psdelivery.people.prose import replacement_of
from psdelivery.people.rules import reasons_against_erasing
from psdelivery.people.services.changes import (
    one_transaction,
    publish_change,
)
from psdelivery.registry import reactions, refuse

# The apps of allauth in which something of a log-in is kept.
LOG_IN_APPS = {"account", "mfa", "socialaccount", "usersessions"}
# No mail can go there: the domain is reserved for names that do not exist.
NOWHERE = "erased.invalid"


def erase_person(person: User, *, by: User | None, reason: str, now: datetime) -> User:
    """Replace everything that says who somebody was, for good.

    Zone, country, practice and region stay: dates and figures of the past were
    counted by them. Raises `RuleRefused` for who has not left.
    """
    with one_transaction():
        stored = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        refuse(reasons_against_erasing(stored))
        event = _erasure(stored, stored.username, f"person-{stored.pk}", by, now)
        stored.username = f"erased-{stored.pk}"
        stored.first_name, stored.last_name = _("Erased person"), str(stored.pk)
        stored.email = event.address
        stored.manager, stored.theme, stored.last_login = None, Theme.AUTO, None
        stored.is_staff = stored.is_superuser = False
        stored.set_unusable_password()
        stored.erased_at = now
        stored.save()
        _erase_around(stored)
        reactions.publish(event)
        told = replacement_of(event).in_text(reason)
        publish_change(stored, "person-erased", {}, by=by, now=now, reason=told)
        return stored


def erase_contact(
    contact: Contact, *, by: User | None, reason: str, now: datetime
) -> Contact:
    """Replace everything that says who somebody at a customer was, for good."""
    with one_transaction():
        stored = Contact.objects.select_for_update().get(pk=contact.pk)
        refuse(reasons_against_erasing(stored))
        event = _erasure(stored, "", f"contact-{stored.pk}", by, now)
        stored.name = _("Erased contact %s") % stored.pk
        stored.email = stored.phone = stored.job_title = ""
        stored.erased_at = now
        stored.save()
        reactions.publish(event)
        told = replacement_of(event).in_text(reason)
        publish_change(stored, "contact-erased", {}, by=by, now=now, reason=told)
        return stored


def export_personal_data(
    subject: User | Contact, *, by: User | None, now: datetime
) -> dict[str, Any]:
    """Return what the portal holds on somebody; that it was read is in the history."""
    with one_transaction():
        publish_change(subject, "personal-data-exported", {}, by=by, now=now)
        return personal_data_of(subject)


def _erasure(
    subject: User | Contact, username: str, local: str, by: User | None, now: datetime
) -> PersonalDataErased:
    return PersonalDataErased(
        subject=subject,
        old_username=username,
        old_address=subject.email.lower(),
        old_name=str(subject),
        address=f"{local}@{NOWHERE}",
        by=by,
        at=now,
    )


def _erase_around(person: User) -> None:
    """Delete what only the person had, and what others wrote about them."""
    for rows in ("role_grants", "skills", "notification_choices"):
        getattr(person, rows).all().delete()
    # Why somebody was away is nobody's business any more, when is.
    person.time_off.update(note="", decision_reason="", kind=TimeOffKind.OTHER)
    _erase_log_ins(person)
    named = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk)
    )
    named.update(object_repr=str(person))


def _erase_log_ins(person: User) -> None:
    for model in apps.get_models():
        if model._meta.app_label in LOG_IN_APPS:
            for field in model._meta.fields:
                if field.related_model is User:
                    model._default_manager.filter(**{field.name: person}).delete()
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()
