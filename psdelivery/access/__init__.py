"""Who may do what: the table of the design as data (`gatekeeper.py` asks it).

`TABLE` says how far a role reaches with an action, `URLS` which action each view
is: a place has a module with its own, or one for each of its parts. What lies
inside a reach ("own", "team") is decided by the loaders in each app's `access.py`,
which read `request.access`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from psdelivery.access.accounts import ACCOUNTS
from psdelivery.access.comments import COMMENTS
from psdelivery.access.dashboards import DASHBOARDS
from psdelivery.access.discovery import DISCOVERY
from psdelivery.access.documents import DOCUMENTS
from psdelivery.access.doors import PUBLIC as PUBLIC
from psdelivery.access.doors import SIGNED_IN as SIGNED_IN
from psdelivery.access.doors import Door as Door
from psdelivery.access.engagements import ENGAGEMENTS
from psdelivery.access.health import HEALTH
from psdelivery.access.hours import HOURS
from psdelivery.access.jobs import JOBS
from psdelivery.access.livetext import LIVETEXT
from psdelivery.access.outbox import OUTBOX
from psdelivery.access.people import PEOPLE
from psdelivery.access.plan import PLAN
from psdelivery.access.playbooks import PLAYBOOKS
from psdelivery.access.scheduling import SCHEDULING
from psdelivery.access.table import ROWS as ROWS
from psdelivery.access.table import TABLE as TABLE
from psdelivery.access.table import Action as Action
from psdelivery.access.table import Scope as Scope
from psdelivery.access.training import TRAINING
from psdelivery.access.work import WORK
from psdelivery.people.choices import Role

URLS: dict[str, Action | Door] = {
    **ACCOUNTS,
    **PEOPLE,
    **DOCUMENTS,
    **LIVETEXT,
    **JOBS,
    **COMMENTS,
    **OUTBOX,
    **PLAYBOOKS,
    **ENGAGEMENTS,
    **PLAN,
    **DISCOVERY,
    **HEALTH,
    **SCHEDULING,
    **HOURS,
    **TRAINING,
    **DASHBOARDS,
    **WORK,
}
# Django's own admin pages come and go with the registered models.
NAMESPACES: dict[str, Action] = {"admin": Action.USERS_EDIT}


@dataclass(frozen=True)
class Access:
    """What the person at hand may do in this view, and how far it reaches."""

    action: Action | Door
    scope: Scope


def scope_for(roles: Iterable[str], action: Action) -> Scope:
    """Return how far the roles reach together: the widest of them."""
    row = TABLE[action]
    return max((row[Role(role)] for role in roles), default=Scope.NONE)


def needed_for(view_name: str) -> Action | Door | None:
    """Return what a view asks for; None for one that nobody entered in the table."""
    namespace = view_name.partition(":")[0]
    return URLS.get(view_name) or NAMESPACES.get(namespace)
