"""Decisions about people: no writes, no clock, no request."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from psdelivery.people.choices import Role
from psdelivery.people.models import Contact, User
from psdelivery.registry import Reason


def reasons_against_roles(
    person: User, roles: Collection[str], *, other_administrators: int
) -> list[Reason]:
    """Somebody must stay who can give roles: the last administrator keeps it."""
    if Role.ADMINISTRATOR not in person.role_set or Role.ADMINISTRATOR in roles:
        return []
    return _last_administrator(other_administrators)


def reasons_against_leaving(
    person: User, by: User | None, *, other_administrators: int
) -> list[Reason]:
    """Nobody locks themselves out, and the last administrator stays."""
    if person == by:
        sentence = _("You cannot mark yourself as left; ask another administrator.")
        return [Reason("self", sentence)]
    if Role.ADMINISTRATOR not in person.role_set:
        return []
    return _last_administrator(other_administrators)


def reasons_against_erasing(subject: User | Contact) -> list[Reason]:
    """Only who has left is erased, and once: there is no way back."""
    if subject.erased_at is not None:
        return [Reason("erased", _("This was erased already."))]
    if not subject.is_active:
        return []
    sentence = _("%(name)s has not left. Only who has left can be erased.")
    return [Reason("active", sentence % {"name": subject})]


def reasons_against_changing(subject: User | Contact) -> list[Reason]:
    """Who was erased stays so: nobody is put in their place."""
    if subject.erased_at is None:
        return []
    sentence = _("%(name)s stands for somebody who was erased, and stays as it is.")
    return [Reason("erased", sentence % {"name": subject})]


def reasons_against_link(person: User) -> list[Reason]:
    """Who has left gets no link to log in with."""
    if person.is_active:
        return []
    sentence = _("%(person)s has left and cannot log in.")
    return [Reason("left", sentence % {"person": person.display_name})]


def _last_administrator(other_administrators: int) -> list[Reason]:
    if other_administrators:
        return []
    sentence = _(
        "This is the last administrator. Make somebody else administrator first."
    )
    return [Reason("last_administrator", sentence)]


def reasons_against_manager(
    person: User, manager: User | None, *, reports: Collection[int]
) -> list[Reason]:
    """Nobody reports to themselves, nor to somebody who reports to them."""
    if manager is None or person.pk is None:
        return []
    if manager == person:
        return [Reason("self", _("Nobody is their own manager."))]
    if manager.pk in reports:
        sentence = _("%(manager)s reports to %(person)s already.")
        names = {"manager": manager.display_name, "person": person.display_name}
        return [Reason("circle", sentence % names)]
    return []
