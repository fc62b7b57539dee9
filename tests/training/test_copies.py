import pytest

from engagements.copies import sales_text
from psdelivery.people.choices import EngagementRole
from tests.factories.engagements import EngagementFactory, TeamMemberFactory
from tests.factories.people import UserFactory
from tests.factories.playbooks import StepFactory
from tests.factories.training import DeliveryFactory, SessionFactory
from training.copies import chat_text, zoom_text

pytestmark = pytest.mark.django_db
LINE = "Tue 6 Apr 2027, 09:00–13:00 (Sydney time, AEST)"


@pytest.fixture
def delivery():
    trainer = UserFactory(first_name="Tara", last_name="Trainer")
    found = DeliveryFactory(
        title="CI/CD", trainer=trainer, registration_url="https://zoom.example/secret"
    )
    SessionFactory(delivery=found)
    return found


def test_the_text_for_zoom_has_the_zone_and_the_alternative_host(delivery):
    text = zoom_text(delivery, list(delivery.sessions.all()))

    assert LINE in text
    assert "Alternative host: Tara Trainer" in text


def test_no_secret_stands_in_what_is_copied(delivery):
    sessions = list(delivery.sessions.all())

    assert LINE in chat_text(delivery, sessions)
    assert "secret" not in chat_text(delivery, sessions) + zoom_text(delivery, sessions)


def test_a_class_without_trainer_names_none(delivery):
    delivery.trainer = None

    assert "host" not in zoom_text(delivery, [])
    assert "Trainer" not in chat_text(delivery, [])


def test_sales_read_where_it_stands_and_who_to_ask():
    engagement = EngagementFactory(title="Rollout")
    coordinator = UserFactory(first_name="Carla", last_name="Mendes")
    TeamMemberFactory(engagement=engagement, role=EngagementRole.PC, person=coordinator)
    step = StepFactory(title="Hold the kickoff", due_day=engagement.created_at.date())

    text = sales_text(engagement, [step])

    assert "Estimate since Mon 1 Feb 2027" in text
    assert "Coordinator: Carla Mendes" in text
    assert "Next: Hold the kickoff, by Mon 1 Feb 2027" in text
    assert "Next" not in sales_text(engagement, [])
