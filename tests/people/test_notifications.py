import pytest

from psdelivery.people.choices import NotificationDelivery
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
