"""Reads about people that need more than a queryset method, by subject."""

from psdelivery.people.queries.people import (
    PeopleFilter,
    addresses_of_pools,
    administrators,
    contacts_named,
    coordinator_pool,
    customers_matching,
    people_matching,
    people_named,
    pool_members,
    pools_of,
    remembered,
    report_ids,
)

__all__ = [
    "PeopleFilter",
    "addresses_of_pools",
    "administrators",
    "contacts_named",
    "coordinator_pool",
    "customers_matching",
    "people_matching",
    "people_named",
    "pool_members",
    "pools_of",
    "remembered",
    "report_ids",
]
