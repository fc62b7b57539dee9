"""A small named cast: one person per role, and a stranger without any."""

from dataclasses import dataclass

from psdelivery.people.choices import Role
from psdelivery.people.models import User
from tests.factories.people import PracticeFactory, RegionFactory, UserFactory

STRANGER = "stranger"


@dataclass
class Cast:
    """The people by role, and the one whose turn it is in a walk (`actor`)."""

    people: dict[str, User]
    actor: User

    def __getitem__(self, role):
        return self.people[role]

    @property
    def stranger(self):
        return self.people[STRANGER]


def make_cast():
    region, practice = RegionFactory(), PracticeFactory()
    people = {
        str(role): UserFactory(
            username=f"cast-{role.value.replace('_', '-')}",
            first_name=str(role.label),
            last_name="Cast",
            roles=[role],
            region=region,
            practice=practice,
        )
        for role in Role
    }
    people[STRANGER] = UserFactory(username="cast-stranger")
    return Cast(people=people, actor=people[STRANGER])
