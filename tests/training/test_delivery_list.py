from datetime import date, timedelta

import pytest
from django.urls import reverse

from engagements.choices import Status
from psdelivery.playbooks.models import Step
from tests.factories.people import CustomerFactory, UserFactory
from tests.factories.training import (
    FIRST_DAY,
    NOW,
    CourseFactory,
    make_engagement,
    plan_class,
)
from training.services.deliveries import cancel_delivery

pytestmark = pytest.mark.django_db

LIST = "training:delivery-list"


def shown(client, **query):
    response = client.get(reverse(LIST), query)
    assert response.status_code == 200
    return [row.delivery for row in response.context["classes"]]


@pytest.fixture
def others(engagement, delivery, coordinator):
    """One long over, one called off, one in May."""
    past = plan_class(engagement, first=date(2027, 1, 5), title="Past")
    off = plan_class(engagement, first=date(2027, 4, 20), title="Off")
    may = plan_class(engagement, first=date(2027, 5, 4), title="May")
    cancel_delivery(off, by=coordinator, reason="too few", now=NOW)
    return past, off, may


def test_the_list_shows_what_is_to_come_by_its_first_session(
    as_coordinator, delivery, others
):
    _past, _off, may = others

    assert shown(as_coordinator) == [delivery, may]
    assert shown(as_coordinator, sort="-first") == [may, delivery]
    assert shown(as_coordinator, sort="nonsense") == [delivery, may]


def test_a_class_of_a_cancelled_engagement_is_not_to_come(as_coordinator, delivery):
    engagement = delivery.engagement
    engagement.status = Status.CANCELLED
    engagement.save()

    assert shown(as_coordinator) == []
    assert shown(as_coordinator, when="all") == [delivery]


def test_the_filters_stand_in_the_address(as_coordinator, delivery, others, trainer):
    past, off, may = others

    assert shown(as_coordinator, when="past") == [past]
    assert shown(as_coordinator, when="all") == [past, delivery, off, may]
    assert shown(as_coordinator, state="cancelled") == [off]
    assert shown(as_coordinator, since="2027-04-07") == [may]
    assert shown(as_coordinator, until="2027-04-06") == [delivery]
    assert shown(as_coordinator, course=may.course_id) == [may]
    assert shown(as_coordinator, trainer=trainer.pk) == [delivery]
    assert shown(as_coordinator, q="may") == [may]
    assert shown(as_coordinator, q=str(delivery.engagement.customer)) == [delivery, may]


def test_days_of_the_filter_are_those_of_the_reader(as_coordinator, delivery):
    # 09:00 in Sydney is 01:00 of the same day in Berlin.
    assert shown(as_coordinator, since="2027-04-06", until="2027-04-06") == [delivery]
    assert shown(as_coordinator, until="2027-04-05") == []


def test_mine_are_the_classes_that_i_teach(as_trainer, delivery, others):
    assert shown(as_trainer, trainer="me") == [delivery]


@pytest.mark.parametrize(
    "query",
    [
        {"when": "x"},
        {"state": "x"},
        {"course": "999999"},
        {"trainer": "x"},
        {"since": "tomorrow"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"q": "x" * 101},
    ],
)
def test_a_filter_that_does_not_fit_says_so(as_coordinator, delivery, query):
    response = as_coordinator.get(reverse(LIST), query)

    assert response.status_code == 422
    assert response.context["classes"] == []


def test_a_row_shows_next_step_and_registration_link(as_coordinator, delivery):
    row = as_coordinator.get(reverse(LIST)).context["classes"][0]

    assert row.next_step.key in {"times-confirmed", "trainer-certified"}
    assert row.link.words == "not there yet"
    assert len(row.sessions) == 2


def test_the_next_step_may_be_one_of_a_session(as_coordinator, delivery):
    Step.objects.exclude(key="held").update(due_at=None, due_day=None)

    row = as_coordinator.get(reverse(LIST)).context["classes"][0]

    assert row.next_step.checklist_id == delivery.sessions.first().checklist_id


def test_a_trainer_sees_only_the_own_classes(client, shipped, trainer, at_now):
    mine = plan_class(make_engagement(), trainer=trainer)
    plan_class(make_engagement())
    client.force_login(trainer)

    assert shown(client) == [mine]


def test_an_empty_list_says_where_classes_come_from(as_coordinator):
    assert "No classes here" in as_coordinator.get(reverse(LIST)).content.decode()


def test_the_list_takes_the_same_queries_for_3_and_30_rows(
    as_coordinator, shipped, queries_of
):
    def fill(first, last):
        for number in range(first, last):
            engagement = make_engagement(customer=CustomerFactory())
            trainer = UserFactory(roles=["trainer"])
            plan_class(
                engagement,
                course=CourseFactory(),
                first=FIRST_DAY + timedelta(days=number),
                trainer=trainer,
                days=1 + number % 3,
            )

    fill(0, 3)
    few = queries_of(as_coordinator, reverse(LIST))
    fill(3, 30)

    assert queries_of(as_coordinator, reverse(LIST)) == few
    assert few <= 12
