"""Who clicks in the bench, with a session each and the pages that they look at."""

from itertools import cycle, islice
from random import Random

from django.test import Client
from django.urls import reverse

from engagements.access import visible_engagements
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.choices import Role
from psdelivery.people.models import User

# How the users of a portal are made up: of ten, so many of each role.
ROLES = (
    Role.COORDINATOR, Role.COORDINATOR, Role.COORDINATOR, Role.PM, Role.PM,
    Role.PSE, Role.PSE, Role.TRAINER, Role.EM, Role.PRACTICE_MANAGER,
)  # fmt: skip
ENGAGEMENTS_EACH = 12


def clicking_users(count: int) -> list[dict[str, object]]:
    """Return so many people with their cookie and their pages, by kind of click."""
    people = {
        role: list(User.objects.filter(is_active=True, role_grants__role=role)[:count])
        for role in set(ROLES)
    }
    chosen = [
        people[role][number // len(ROLES) % len(people[role])]
        for number, role in enumerate(islice(cycle(ROLES), count))
    ]
    return [user_of(person, Random(number)) for number, person in enumerate(chosen)]


def user_of(person: User, random: Random) -> dict[str, object]:
    """Return the session of a person, and the addresses that they may open."""
    client = Client()
    client.force_login(person)
    client.get("/", HTTP_HOST="localhost")
    cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
    return {"cookie": cookies, "pages": pages_of(person, random)}


def pages_of(person: User, random: Random) -> dict[str, list[str]]:
    """Return what the person looks at, by the kinds of `clicks.MIX`."""
    listed = reverse("engagements:engagement-list")
    seen = list(visible_engagements(person).order_by("-pk")[:200])
    own = random.sample(seen, min(ENGAGEMENTS_EACH, len(seen)))
    steps = reverse("dashboards:step-list")
    pages = {
        "day": [reverse("dashboards:my-day")],
        "engagements": [listed, f"{listed}?late=true", f"{listed}?sort=due"],
        "search": [f"{listed}?q={one.title.split()[0]}" for one in own],
        "engagement": [one.get_absolute_url() for one in own],
        "checklist": [f"{one.get_absolute_url()}checklist/" for one in own],
        "steps": [steps, f"{steps}?when=late"],
    }
    for kind, action, view in (
        ("portfolio", Action.PORTFOLIO_SEE, "dashboards:portfolio"),
        ("outbox", Action.OUTBOX_READ, "outbox:message-list"),
    ):
        if scope_for(person.role_set, action) > Scope.NONE:
            pages[kind] = [reverse(view)]
    return pages
