from collections.abc import Collection, Mapping
from datetime import datetime

from allauth.account.models import EmailAddress

from psdelivery.people.choices import Role
from psdelivery.people.events import LogInLinkWanted, PersonLeft
from psdelivery.people.models import RoleGrant, User
from psdelivery.people.queries import administrators, report_ids
from psdelivery.people.rules import (
    reasons_against_changing,
    reasons_against_leaving,
    reasons_against_link,
    reasons_against_manager,
    reasons_against_roles,
)
from psdelivery.people.services.changes import (
    add_record,
    edit_record,
    one_transaction,
    publish_change,
)
from psdelivery.registry import reactions, refuse


def add_person(
    values: Mapping[str, object],
    *,
    send_link: bool = False,
    by: User | None,
    now: datetime,
) -> User:
    """Add a person, who cannot log in before choosing a password by the link."""
    with one_transaction():
        person = User(**values)
        person.set_unusable_password()
        add_record(person, "person-added", by=by, now=now)
        if send_link:
            send_log_in_link(person, by=by, now=now)
        return person


def edit_person(
    person: User, values: Mapping[str, object], *, by: User | None, now: datetime
) -> User:
    """Change a person. A circle of managers is refused."""
    with one_transaction():
        refuse(reasons_against_changing(person))
        manager = values.get("manager")
        if isinstance(manager, User):
            reports = report_ids(person)
            refuse(reasons_against_manager(person, manager, reports=reports))
        saved = edit_record(person, values, "person-edited", by=by, now=now)
        # A reset link must never go to an address that the person gave up.
        EmailAddress.objects.filter(user=person).exclude(email=saved.email).delete()
        return saved


def set_roles(
    person: User, roles: Collection[str], *, by: User | None, now: datetime
) -> User:
    """Give a person exactly these roles; administrators reach Django's admin too."""
    with one_transaction():
        refuse(reasons_against_changing(person))
        others = _other_administrators(person)
        refuse(reasons_against_roles(person, roles, other_administrators=others))
        held = set(person.role_grants.values_list("role", flat=True))
        wanted = set(map(str, roles))
        person.role_grants.exclude(role__in=wanted).delete()
        RoleGrant.objects.bulk_create(
            RoleGrant(user=person, role=role) for role in sorted(wanted - held)
        )
        person.is_staff = person.is_superuser = Role.ADMINISTRATOR in wanted
        person.save(update_fields=["is_staff", "is_superuser"])
        person.__dict__.pop("role_set", None)
        if held != wanted:
            changes = {"roles": (sorted(held), sorted(wanted))}
            publish_change(person, "roles-changed", changes, by=by, now=now)
        return person


def mark_left(person: User, *, reason: str, by: User | None, now: datetime) -> User:
    """End a person's access at once; open work goes back to the pools."""
    with one_transaction():
        others = _other_administrators(person)
        refuse(reasons_against_leaving(person, by, other_administrators=others))
        _set_active(person, False, "person-left", reason=reason, by=by, now=now)
        reactions.publish(PersonLeft(person=person, by=by, at=now, reason=reason))
        return person


def bring_back(person: User, *, by: User | None, now: datetime) -> None:
    """Let a person who had left log in again, with the roles held before."""
    with one_transaction():
        refuse(reasons_against_changing(person))
        _set_active(person, True, "person-returned", reason="", by=by, now=now)


def send_log_in_link(person: User, *, by: User | None, now: datetime) -> None:
    """Ask for the mail with which a person chooses a password."""
    with one_transaction():
        refuse(reasons_against_link(person))
        reactions.publish(LogInLinkWanted(person=person, by=by, at=now))
        publish_change(person, "log-in-link-sent", {}, by=by, now=now)


def _set_active(
    person: User,
    is_active: bool,
    verb: str,
    *,
    reason: str,
    by: User | None,
    now: datetime,
) -> None:
    if person.is_active == is_active:
        return
    person.is_active = is_active
    person.save(update_fields=["is_active"])
    changes = {"is_active": (not is_active, is_active)}
    publish_change(person, verb, changes, by=by, now=now, reason=reason)


def _other_administrators(person: User) -> int:
    # Locked, so that two administrators cannot remove each other at once.
    locked = administrators().select_for_update().order_by("pk")
    return sum(1 for pk in locked.values_list("pk", flat=True) if pk != person.pk)
