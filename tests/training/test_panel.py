import pytest
from django.urls import reverse

from engagements.choices import Kind, Status
from engagements.registry import panels
from tests.factories.engagements import open_gate
from tests.factories.people import UserFactory
from tests.factories.training import NOW, make_engagement, plan_class
from training.services.deliveries import cancel_delivery, enter_registration_link

pytestmark = pytest.mark.django_db

SECRET = "https://zoom.example/register/s3cret"


def tab(engagement):
    return reverse("engagements:engagement-tab", args=[engagement.pk, "training"])


def add(engagement):
    return reverse("training:delivery-add", args=[engagement.pk])


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (Kind.TRAINING, True),
        (Kind.BLENDED, True),
        (Kind.CONSULTING, False),
        (Kind.DEDICATED, False),
        (Kind.INTERNAL, False),
    ],
)
def test_the_tab_is_shown_where_there_is_training(shipped, kind, shown):
    engagement = make_engagement(kind=kind)

    found = {panel.key for panel in panels.shown_for(engagement)}

    assert ("training" in found) is shown


def test_the_tab_shows_classes_with_their_countdown(as_coordinator, delivery):
    later = plan_class(delivery.engagement, first=NOW.date().replace(month=6))

    response = as_coordinator.get(tab(delivery.engagement))

    text = response.content.decode()
    assert text.index(delivery.title) < text.index(later.title)
    assert "Registration link" in text
    assert "Tue 23 Mar" in text
    assert delivery.get_absolute_url() in text
    assert add(delivery.engagement) in text


def test_an_empty_tab_leads_to_the_first_class(as_coordinator, engagement):
    text = as_coordinator.get(tab(engagement)).content.decode()

    assert "No class yet" in text
    assert add(engagement) in text


def test_r2_the_tab_says_that_no_date_may_be_promised_yet(
    as_coordinator, engagement, coordinator
):
    closed = as_coordinator.get(tab(engagement)).content.decode()
    open_gate(engagement, by=coordinator)
    opened = as_coordinator.get(tab(engagement)).content.decode()

    assert "promise no date" in closed
    assert "promise no date" not in opened


def test_a_class_called_off_stands_there_without_countdown(
    as_coordinator, delivery, coordinator
):
    cancel_delivery(delivery, by=coordinator, reason="too few", now=NOW)

    text = as_coordinator.get(tab(delivery.engagement)).content.decode()

    assert delivery.title in text
    assert "Countdown of the class" not in text


def test_a_closed_engagement_takes_no_class(as_coordinator, engagement):
    engagement.status = Status.CLOSED
    engagement.save()

    assert add(engagement) not in as_coordinator.get(tab(engagement)).content.decode()


@pytest.mark.parametrize("role", ["finance", "account"])
def test_other_offices_see_the_dates_and_no_work_page(client, delivery, role, at_now):
    person = UserFactory(roles=[role])
    delivery.engagement.team.create(role="sal", person=person)
    client.force_login(person)

    text = client.get(tab(delivery.engagement)).content.decode()

    assert delivery.title in text
    assert delivery.get_absolute_url() not in text
    assert add(delivery.engagement) not in text


def test_the_registration_link_does_not_stand_on_the_tab(
    as_coordinator, delivery, coordinator
):
    enter_registration_link(delivery, SECRET, by=coordinator, now=NOW)

    assert SECRET not in as_coordinator.get(tab(delivery.engagement)).content.decode()


def test_the_tab_takes_the_same_queries_for_one_and_ten_classes(
    as_coordinator, delivery, queries_of
):
    few = queries_of(as_coordinator, tab(delivery.engagement))
    for _number in range(9):
        plan_class(delivery.engagement, days=3)

    assert queries_of(as_coordinator, tab(delivery.engagement)) == few
    assert few <= 25
