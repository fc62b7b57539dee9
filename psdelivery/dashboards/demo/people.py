"""People, customers and contacts of the demo data."""

from dataclasses import dataclass, field
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password

from psdelivery.dashboards.demo import names
from psdelivery.people.choices import Role
from psdelivery.people.models import (
    Contact,
    Customer,
    Practice,
    Region,
    RoleGrant,
    User,
)

# log-in (in the order of settings.DEMO_LOGINS), role, first name, last name
LOGINS = (
    ("coordinator", Role.COORDINATOR, "Carla", "Mendes"),
    ("pse", Role.PSE, "Paul", "Serrano"),
    ("trainer", Role.TRAINER, "Tilda", "Rehn"),
    ("pm", Role.PM, "Petra", "Marsh"),
    ("em", Role.EM, "Emil", "Marchetti"),
    ("account", Role.ACCOUNT, "Alice", "Conti"),
    ("manager", Role.PRACTICE_MANAGER, "Mona", "Grahn"),
    ("leader", Role.LEADERSHIP, "Lars", "Eder"),
    ("finance", Role.FINANCE, "Fiona", "Nash"),
    ("admin", Role.ADMINISTRATOR, "Adam", "Minh"),
)
# More people of a role: at least, and for each thousand engagements.
STAFF = (
    (Role.COORDINATOR, 3, 15),
    (Role.PSE, 9, 40),
    (Role.TRAINER, 6, 15),
    (Role.PM, 6, 20),
    (Role.EM, 3, 6),
    (Role.ACCOUNT, 6, 12),
    (Role.FINANCE, 3, 3),
    (Role.PRACTICE_MANAGER, 2, 0),
)
HOME_REGION = "emea"


@dataclass(frozen=True)
class Post:
    """A person before they are made."""

    login: str
    role: Role
    first: str
    last: str
    region: str = HOME_REGION


@dataclass
class Cast:
    """Who and where the demo's engagements draw from.

    `homes` are the named customers, `sites` all of them: site n of a customer
    stands n times the number of homes further on.
    """

    regions: dict[str, Region]
    practices: list[Practice]
    by_role: dict[str, list[User]] = field(default_factory=dict)
    role_of: dict[int, str] = field(default_factory=dict)
    sites: list[Customer] = field(default_factory=list)
    contacts: dict[int, list[Contact]] = field(default_factory=dict)

    @property
    def people(self) -> list[User]:
        return [user for users in self.by_role.values() for user in users]

    @property
    def homes(self) -> list[Customer]:
        return self.sites[: len(names.CUSTOMERS)]

    def staff_of(self, role: str, region: Region) -> list[User]:
        """Return who does this work in the region, the demo log-in left out."""
        staff = self.by_role[role][1:]
        return [user for user in staff if user.region_id == region.pk] or staff

    def region_of(self, customer: Customer) -> Region:
        """Return the delivery region that serves the customer."""
        place = self.sites.index(customer) % len(names.CUSTOMERS)
        return self.regions[names.CUSTOMERS[place][4]]


def make_cast(random: Random, engagements: int, *, sites: int = 1) -> Cast:
    """Make regions, practices, people and customers for so many engagements.

    Every customer has so many sites.
    """
    cast = Cast(regions=make_regions(), practices=make_practices())
    make_people(cast, random, engagements)
    make_customers(cast, random, sites)
    return cast


def make_regions() -> dict[str, Region]:
    """Make the delivery regions."""
    return {
        code: Region.objects.create(
            name=name, code=code, zone=zone, country=country, subdivision=subdivision
        )
        for name, code, zone, country, subdivision in names.REGIONS
    }


def make_practices() -> list[Practice]:
    """Make the practices; their managers are set when there are people."""
    return [Practice.objects.create(name=name) for name in names.PRACTICES]


def make_people(cast: Cast, random: Random, engagements: int) -> None:
    """Make the demo log-ins and the staff around them, with who reports to whom."""
    posts = [Post(*login) for login in LOGINS] + staff_posts(random, engagements)
    password = login_password()
    people = [person(post, cast, random, password) for post in posts]
    User.objects.bulk_create(people)
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=post.role)
        for user, post in zip(people, posts, strict=True)
    )
    for user, post in zip(people, posts, strict=True):
        cast.by_role.setdefault(post.role, []).append(user)
        cast.role_of[user.pk] = post.role
    set_managers(cast, people)


def login_password() -> str:
    """Return the hashed password of demo people: none that works without DEMO=1."""
    return make_password(settings.DEMO_PASSWORD if settings.DEMO else None)


def staff_posts(random: Random, engagements: int) -> list[Post]:
    """Return the staff beside the log-ins: unique names, spread over the regions."""
    regions = [region[1] for region in names.REGIONS]
    posts: list[Post] = []
    for role, least, per_thousand in STAFF:
        for number in range(max(least, per_thousand * engagements // 1000)):
            first = random.choice(names.FIRST_NAMES)
            last = random.choice(names.LAST_NAMES)
            login = f"{first}.{last}.{len(posts) + 1}".lower()
            region = regions[number % len(regions)]
            posts.append(Post(login, role, first, last, region))
    return posts


def person(post: Post, cast: Cast, random: Random, password: str) -> User:
    """Return a person who lives by the calendar of their region (not saved).

    The log-ins work in the first practice, which the demo's manager leads.
    """
    region = cast.regions[post.region]
    is_login = post.login in settings.DEMO_LOGINS
    practice = random.choice(cast.practices)
    return User(
        username=post.login,
        first_name=post.first,
        last_name=post.last,
        email=f"{post.login}@psdelivery.example",
        password=password,
        zone=region.zone,
        country=region.country,
        subdivision=region.subdivision,
        region=region,
        practice=cast.practices[0] if is_login else practice,
        is_staff=post.login == "admin",
    )


def set_managers(cast: Cast, people: list[User]) -> None:
    """Let everybody report to their practice's manager, and those to leadership."""
    managers = cast.by_role[Role.PRACTICE_MANAGER]
    leader = cast.by_role[Role.LEADERSHIP][0]
    for practice, manager in zip(cast.practices, managers, strict=True):
        practice.manager, manager.practice = manager, practice
    Practice.objects.bulk_update(cast.practices, ["manager"])
    for user in people:
        practice = user.practice or cast.practices[0]
        user.manager = leader if user in managers else practice.manager
    leader.manager = None
    User.objects.bulk_update(people, ["manager", "practice"], batch_size=200)


def make_customers(cast: Cast, random: Random, sites: int) -> None:
    """Make the sites of the customers, with two contacts each."""
    cast.sites = [customer(number) for number in range(sites * len(names.CUSTOMERS))]
    Customer.objects.bulk_create(cast.sites)
    contacts = [contact(site, random, n) for site in cast.sites for n in range(2)]
    Contact.objects.bulk_create(contacts)
    for one in contacts:
        cast.contacts.setdefault(one.customer_id, []).append(one)


def customer(number: int) -> Customer:
    """Return a customer, or a further site of one, on the same calendar (not saved)."""
    site, place = divmod(number, len(names.CUSTOMERS))
    name, zone, country, subdivision, _region = names.CUSTOMERS[place]
    return Customer(
        name=f"{name}, site {site + 1}" if site else name,
        zone=zone,
        country=country,
        subdivision=subdivision,
    )


def contact(customer: Customer, random: Random, number: int) -> Contact:
    """Return a person at the customer (not saved)."""
    first, last = random.choice(names.FIRST_NAMES), random.choice(names.LAST_NAMES)
    domain = customer.name.lower().replace(",", "").replace(" ", "-")
    return Contact(
        customer=customer,
        name=f"{first} {last}",
        email=f"{first}.{last}.{number}@{domain}.example".lower(),
        job_title=random.choice(names.JOB_TITLES),
    )
