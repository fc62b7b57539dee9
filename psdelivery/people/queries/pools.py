"""The pools with who is in them, and who stands behind an empty one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from psdelivery.people.models import Pool, RoleGrant, User
from psdelivery.people.queries.people import administrators


@dataclass(frozen=True)
class PoolRow:
    """A pool, its members, and who is asked when it has none."""

    pool: Pool
    members: list[User]
    behind: list[User]


def pool_rows() -> list[PoolRow]:
    """Return all pools; three queries, four when one has nobody at all behind it.

    As for mail: a pool without members stands for everybody with its role, and
    without those for the administrators.
    """
    pools = list(Pool.objects.select_related("region").order_by("name", "pk"))
    holders = _holders({pool.role for pool in pools})
    rows = [_row(pool, holders) for pool in pools]
    if all(row.members or row.behind for row in rows):
        return rows
    last = list(administrators().order_by("last_name", "first_name", "pk"))
    return [
        row if row.members or row.behind else PoolRow(row.pool, [], last)
        for row in rows
    ]


def _holders(roles: Iterable[str]) -> dict[str, list[User]]:
    grants = RoleGrant.objects.filter(role__in=roles, user__is_active=True)
    found: dict[str, list[User]] = defaultdict(list)
    ordered = grants.select_related("user").order_by(
        "user__last_name", "user__first_name", "user_id"
    )
    for grant in ordered:
        found[grant.role].append(grant.user)
    return found


def _row(pool: Pool, holders: Mapping[str, list[User]]) -> PoolRow:
    everybody = holders.get(pool.role, [])
    if pool.region_id is None:
        return PoolRow(pool, everybody, [])
    members = [user for user in everybody if user.region_id == pool.region_id]
    return PoolRow(pool, members, [] if members else everybody)
