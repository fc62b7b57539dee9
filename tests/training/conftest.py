import pytest

from psdelivery.people.choices import Role
from psdelivery.playbooks.services.shipped import load_shipped_data
from tests.factories.people import PracticeFactory, RegionFactory, UserFactory
from tests.factories.training import NOW, make_engagement, plan_class, team_of


@pytest.fixture
def shipped(db):
    load_shipped_data()


@pytest.fixture
def place(db):
    return {"region": RegionFactory(), "practice": PracticeFactory()}


@pytest.fixture
def coordinator(place):
    return UserFactory(roles=[Role.COORDINATOR], **place)


@pytest.fixture
def trainer(place):
    return UserFactory(roles=[Role.TRAINER], **place)


@pytest.fixture
def stranger(db):
    """A trainer of another region and practice, on no engagement."""
    return UserFactory(
        roles=[Role.TRAINER], region=RegionFactory(), practice=PracticeFactory()
    )


@pytest.fixture
def manager(place):
    return UserFactory(roles=[Role.PRACTICE_MANAGER], **place)


@pytest.fixture
def engagement(shipped, place, coordinator):
    return make_engagement(team=team_of(tc=coordinator), by=coordinator, **place)


@pytest.fixture
def delivery(engagement, trainer, coordinator):
    """A class on Tue 6 and Wed 7 April 2027, 09:00 Sydney, of the named trainer."""
    return plan_class(engagement, trainer=trainer, by=coordinator)


@pytest.fixture
def at_now(time_machine_at):
    return time_machine_at(NOW)


@pytest.fixture
def time_machine_at():
    import time_machine

    travels = []

    def travel(moment):
        traveller = time_machine.travel(moment, tick=False)
        traveller.start()
        travels.append(traveller)
        return moment

    yield travel
    for traveller in reversed(travels):
        traveller.stop()
