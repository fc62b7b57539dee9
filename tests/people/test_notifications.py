import pytest
from django.urls import reverse

from psdelivery.people.choices import NotificationDelivery, Role
from psdelivery.people.models import NotificationChoice
from psdelivery.people.notifications import (
    APPROVAL,
    STEP_DUE,
    delivery_for,
    registered_reasons,
)
from tests.factories.people import UserFactory

AT_ONCE, DAILY = NotificationDelivery.IMMEDIATE, NotificationDelivery.DIGEST


def test_due_steps_come_together_and_approvals_at_once_by_default():
    defaults = {reason.key: reason.default for reason in registered_reasons()}

    assert defaults[STEP_DUE] == DAILY
    assert defaults[APPROVAL] == AT_ONCE
    assert {"step-late", "mention", "handoff", "change"} <= set(defaults)


@pytest.mark.django_db
def test_who_chose_gets_it_that_way_and_everybody_else_the_usual_way(
    django_assert_num_queries,
):
    chose, other = UserFactory(), UserFactory()
    NotificationChoice.objects.create(person=chose, reason=STEP_DUE, delivery=AT_ONCE)
    NotificationChoice.objects.create(person=other, reason=APPROVAL, delivery=DAILY)

    with django_assert_num_queries(1):
        found = delivery_for([chose.pk, other.pk], STEP_DUE)

    assert found == {chose.pk: AT_ONCE, other.pk: DAILY}


@pytest.mark.django_db
def test_a_reason_that_nobody_entered_is_told_at_once():
    person = UserFactory()

    assert delivery_for([person.pk], "unheard-of") == {person.pk: AT_ONCE}


@pytest.mark.django_db
def test_the_page_stores_only_what_differs_from_the_usual(client):
    person = UserFactory(roles=[Role.PSE])
    client.force_login(person)
    path = reverse("people:notifications")
    usual = {reason.key: reason.default for reason in registered_reasons()}

    client.post(path, {**usual, STEP_DUE: AT_ONCE})
    row = NotificationChoice.objects.get()
    assert (row.person, row.reason, row.delivery) == (person, STEP_DUE, AT_ONCE)
    client.post(path, usual)

    assert not NotificationChoice.objects.exists()


@pytest.mark.django_db
def test_a_choice_that_is_not_offered_is_told_and_nothing_written(client):
    client.force_login(UserFactory(roles=[Role.PSE]))
    usual = {reason.key: reason.default for reason in registered_reasons()}

    answer = client.post(
        reverse("people:notifications"), {**usual, STEP_DUE: "by-pigeon"}
    )

    assert answer.status_code == 422
    assert "by-pigeon is not one of the available choices" in answer.content.decode()
    assert not NotificationChoice.objects.exists()
