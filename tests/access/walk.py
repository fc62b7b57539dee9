"""Walking every address of the portal as every person, and what must come back."""

from copy import deepcopy
from dataclasses import dataclass

from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse

from psdelivery.access import PUBLIC, SIGNED_IN, URLS, Action, Scope, scope_for
from psdelivery.people.choices import Role
from psdelivery.people.models import RoleGrant, User
from tests.access.sample import Sample
from tests.access.samples import SAMPLES
from tests.cast import STRANGER

METHODS = ("get", "post")
NOT_THIS_WAY = 405
DENIALS = {403, 404}


@dataclass(frozen=True)
class Address:
    """One pattern of the URLconf: its name, and the names of its arguments."""

    name: str
    namespace: str
    arguments: tuple[str, ...]


def addresses(patterns=None, namespaces=()):
    """Yield every pattern of the project, those of included URLconfs too."""
    if patterns is None:
        patterns = get_resolver().url_patterns
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            name = ":".join([*namespaces, pattern.name or "?"])
            arguments = tuple(pattern.pattern.regex.groupindex)
            yield Address(name, ":".join(namespaces), arguments)
        else:
            inside = [pattern.namespace] if pattern.namespace else []
            yield from addresses(pattern.url_patterns, [*namespaces, *inside])


def own_addresses():
    """Yield the patterns of the portal itself, without Django's admin."""
    return [address for address in addresses() if address.namespace != "admin"]


def sample_for(address, cast):
    """The objects to ask for; a view without arguments has none."""
    return SAMPLES[address.name](cast) if address.name in SAMPLES else Sample()


def actors(cast):
    """Everybody who tries: no one logged in, no role, and each role."""
    yield None, None
    yield from cast.people.items()


def expected(needed, role, *, which, beyond=None):
    """Whether the table lets this role reach an own, team or foreign object."""
    if needed is PUBLIC:
        return "open"
    if role is None:
        return "log in"
    if beyond is not None and which != "own":
        needed = beyond
    if needed is SIGNED_IN:
        return "open"
    scope = Scope.NONE if role == STRANGER else scope_for([role], needed)
    enough = {"own": Scope.SELF, "team": Scope.TEAM, "foreign": Scope.ALL}[which]
    return "open" if scope >= enough else "closed"


def answer_of(client, path):
    """What came back by GET and by POST, where the view takes them; undone after.

    A POST is empty: allowed is any answer but a denial, also a refused form.
    """
    found, cookies = set(), deepcopy(client.cookies)
    for method in METHODS:
        with transaction.atomic():
            response = getattr(client, method)(path)
            transaction.set_rollback(True)
        # A log-out is undone too: its session came back, so must the cookie.
        client.cookies = deepcopy(cookies)
        if response.status_code != NOT_THIS_WAY:
            found.add(_meaning(response))
    return found


def _meaning(response):
    if response.status_code in DENIALS:
        return "closed"
    doors = (reverse("account_login"), reverse("admin:login"))
    if response.status_code == 302 and response.url.startswith(doors):
        return "log in"
    return "open"


def take(role, person):
    """Let the person have this role and no other; the stranger has none."""
    RoleGrant.objects.filter(user=person).delete()
    if role != STRANGER:
        RoleGrant.objects.create(user=person, role=role)
    is_admin = role == Role.ADMINISTRATOR
    User.objects.filter(pk=person.pk).update(is_staff=is_admin, is_superuser=is_admin)


def objects_of(sample):
    """The objects to ask for, each once: nearest first."""
    if sample.own == sample.foreign:
        # An address without an object is as near to everybody as an own one.
        return {"own": sample.own}
    near = {which: getattr(sample, which) for which in ("own", "team", "foreign")}
    return {which: kwargs for which, kwargs in near.items() if kwargs is not None}


def wrong_answers(address, cast, client, *, each_open):
    """Every role and object whose answer differs from the table, in words.

    One person takes the roles one after the other, so that own objects stay own.
    A page that is open is written for each role if `each_open`, else once for all
    roles that reach equally far; a closed one answers every role.
    """
    sample = sample_for(address, cast)
    client.force_login(cast.actor)
    wrong, opened = [], None if each_open else set()
    for role in (STRANGER, *Role, None):
        if role is None:
            client.logout()
        else:
            take(role, cast.actor)
        wrong += wrong_answers_to(role, address, sample, client, opened)
    return wrong


def wrong_answers_to(role, address, sample, client, opened):
    needed = URLS[address.name]
    for which, kwargs in objects_of(sample).items():
        asked = sample.needs or needed
        wanted = expected(asked, role, which=which, beyond=sample.beyond)
        if wanted == "open" and opened is not None:
            reach = which, reach_of(role, asked)
            if reach in opened:
                continue
            opened.add(reach)
        found = answer_of(client, reverse(address.name, kwargs=kwargs))
        if not fits(found, wanted, needed):
            who = role or "anonymous"
            yield f"{who}, {which}: {sorted(found)}, not {wanted}"


def reach_of(role, needed):
    """How far a role reaches with an action; everybody equally through a door."""
    if role in (None, STRANGER) or not isinstance(needed, Action):
        return role is None
    return scope_for([role], needed)


def fits(found, wanted, needed):
    # A public page may lead to the log-in, as the log-out does.
    return found == {wanted} or (needed is PUBLIC and "closed" not in found)


def is_known(needed):
    return needed in (PUBLIC, SIGNED_IN) or isinstance(needed, Action)
