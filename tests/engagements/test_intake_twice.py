from datetime import timedelta

import pytest
from django.urls import reverse

from engagements.models import Engagement
from engagements.rules.intake import reasons_against_double
from engagements.services.intake import Intake, register_engagement
from psdelivery.registry import RuleRefused
from tests.factories.engagements import NOW, EngagementFactory, registered

pytestmark = pytest.mark.django_db
URL = reverse("engagements:engagement-add")


@pytest.fixture
def typed(shipped, customer, region, practice):
    return {
        "customer": customer.pk,
        "title": "Rollout",
        "kind": "consulting",
        "region": region.pk,
        "practice": practice.pk,
        "paper-kind": "sow",
    }


def test_a_second_click_is_caught_and_leads_to_the_first(
    client, coordinator, typed, at_now
):
    client.force_login(coordinator)
    client.post(URL, typed)
    first = Engagement.objects.get()

    response = client.post(URL, typed | {"title": "  ROLLOUT "})
    text = response.content.decode()
    assert response.status_code == 409
    assert f'href="{first.get_absolute_url()}"' in text
    assert "Register it anyway" in text
    assert Engagement.objects.count() == 1


def test_it_is_registered_anyway_when_somebody_says_so(
    client, coordinator, typed, at_now
):
    client.force_login(coordinator)
    client.post(URL, typed)

    response = client.post(URL, typed | {"anyway": "1"})
    assert response.status_code == 302
    assert Engagement.objects.count() == 2


@pytest.mark.parametrize(
    "other", [{"title": "Rollout, second phase"}, {"kind": "training"}]
)
def test_another_title_is_another_work_another_kind_is_not(
    client, coordinator, typed, at_now, other
):
    client.force_login(coordinator)
    client.post(URL, typed)

    answer = client.post(URL, typed | other).status_code
    assert answer == (302 if "title" in other else 409)


def test_after_a_day_the_same_title_may_come_again(customer, region, practice, shipped):
    place = {"customer": customer, "region": region, "practice": practice}
    registered(title="Rollout", now=NOW, **place)

    def again(now):
        engagement = EngagementFactory.build(title="Rollout", **place)
        paper = Engagement._meta.get_field("paper").related_model()
        intake = Intake(engagement, paper, refuses_double=True)
        return register_engagement(intake, by=None, now=now)

    with pytest.raises(RuleRefused):
        again(NOW + timedelta(hours=23))
    assert again(NOW + timedelta(hours=25)).pk


@pytest.mark.unit
def test_nothing_registered_lately_is_no_double():
    assert reasons_against_double("Rollout", []) == []
