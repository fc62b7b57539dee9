"""People, where they work and what they are; customers and whom to write to."""

from psdelivery.people.models.customer import Contact, Customer
from psdelivery.people.models.notification import NotificationChoice
from psdelivery.people.models.person import (
    PersonManager,
    Pool,
    RoleGrant,
    User,
    UserQuerySet,
)
from psdelivery.people.models.places import (
    DEFAULT_ZONE,
    CalendarFields,
    Practice,
    Region,
    country_names,
)
from psdelivery.people.models.setting import SettingValue
from psdelivery.people.models.skills import PersonSkill, Skill
from psdelivery.people.models.working_time import TimeOff, TimeOffQuerySet, WorkingHours

__all__ = [
    "DEFAULT_ZONE",
    "CalendarFields",
    "Contact",
    "Customer",
    "NotificationChoice",
    "PersonManager",
    "PersonSkill",
    "Pool",
    "Practice",
    "Region",
    "RoleGrant",
    "SettingValue",
    "Skill",
    "TimeOff",
    "TimeOffQuerySet",
    "User",
    "UserQuerySet",
    "WorkingHours",
    "country_names",
]
