from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from psdelivery.people.choices import Role
from psdelivery.people.models import (
    Contact,
    Customer,
    PersonSkill,
    Pool,
    Practice,
    Region,
    RoleGrant,
    Skill,
    TimeOff,
    User,
    WorkingHours,
)


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = Region

    name = factory.Sequence("Region {}".format)
    code = factory.Sequence("region-{}".format)


class PracticeFactory(DjangoModelFactory):
    class Meta:
        model = Practice

    name = factory.Sequence("Practice {}".format)


class UserFactory(DjangoModelFactory):
    """`UserFactory(roles=[Role.PM])`; without a password unless one is given."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence("person{}".format)
    first_name = factory.Sequence("First{}".format)
    last_name = factory.Sequence("Last{}".format)
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        if create and extracted:
            self.set_password(extracted)
            self.save(update_fields=["password"])

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        if not create or not extracted:
            return
        RoleGrant.objects.bulk_create(
            RoleGrant(user=self, role=role) for role in extracted
        )
        if Role.ADMINISTRATOR in extracted:
            self.is_staff = self.is_superuser = True
            self.save(update_fields=["is_staff", "is_superuser"])


class PoolFactory(DjangoModelFactory):
    class Meta:
        model = Pool

    name = factory.Sequence("Pool {}".format)
    role = Role.COORDINATOR
    region = factory.SubFactory(RegionFactory)


class CustomerFactory(DjangoModelFactory):
    class Meta:
        model = Customer

    name = factory.Sequence("Customer {}".format)
    zone = "Europe/Berlin"
    country = "DE"


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    customer = factory.SubFactory(CustomerFactory)
    name = factory.Sequence("Contact {}".format)
    email = factory.Sequence("contact{}@customer.example".format)


class SkillFactory(DjangoModelFactory):
    class Meta:
        model = Skill

    name = factory.Sequence("Skill {}".format)
    group = "Platform"


class PersonSkillFactory(DjangoModelFactory):
    class Meta:
        model = PersonSkill

    person = factory.SubFactory(UserFactory)
    skill = factory.SubFactory(SkillFactory)
    level = 2


class WorkingHoursFactory(DjangoModelFactory):
    """Full time, from long after the tests on."""

    class Meta:
        model = WorkingHours

    person = factory.SubFactory(UserFactory)
    valid_from = date(2098, 1, 1)


class TimeOffFactory(DjangoModelFactory):
    """The week in which most tests of people stand still."""

    class Meta:
        model = TimeOff

    person = factory.SubFactory(UserFactory)
    starts_on = date(2027, 3, 8)
    ends_on = date(2027, 3, 12)
    requested_at = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
