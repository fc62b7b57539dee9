import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.choices import Kind, Status
from engagements.comments import subject_of
from psdelivery.comments.services import add_comment
from psdelivery.people.choices import EngagementRole, Role
from scheduling.choices import RequestKind, RequestState
from scheduling.models import ResourceRequest
from scheduling.services.requests import withdraw_request
from tests.factories.engagements import EngagementFactory, TeamMemberFactory
from tests.factories.people import UserFactory
from tests.factories.scheduling import NOW, startable
from tests.scheduling.typed_requests import typed

pytestmark = pytest.mark.django_db

WHOLE = "@carla 8 hours mentoring on 15 Mar, please"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def carla():
    return UserFactory(username="carla", roles=[Role.COORDINATOR])


@pytest.fixture
def pse():
    return UserFactory(roles=[Role.PSE])


@pytest.fixture
def engagement(pse):
    engagement = startable()
    TeamMemberFactory(engagement=engagement, role=EngagementRole.PSE, person=pse)
    return engagement


@pytest.fixture
def standing():
    return EngagementFactory(
        kind=Kind.INTERNAL, status=Status.ACTIVE, title="Creditable time"
    )


def said(engagement, text, by):
    return add_comment(subject_of(engagement), text, by=by, now=NOW)


def url_of(comment):
    return reverse("scheduling:comment-request", args=[comment.pk])


def tab(engagement):
    return reverse("engagements:engagement-tab", args=[engagement.pk, "comments"])


def test_a_comment_that_says_all_becomes_a_request_by_one_click(
    client, carla, pse, engagement, standing
):
    comment = said(engagement, WHOLE, pse)
    client.force_login(pse)
    assert "Make it a request" in client.get(tab(engagement)).content.decode()

    answer = client.post(url_of(comment))

    asked = ResourceRequest.objects.get()
    assert answer.url == asked.get_absolute_url()
    assert asked.state == RequestState.SUBMITTED
    assert (asked.kind, asked.task) == (RequestKind.CREDITABLE, "mentoring")
    assert (asked.person, asked.requested_by) == (pse, pse)
    assert asked.engagement == standing
    assert asked.step.assignee == carla
    assert "Became a request" in client.get(tab(engagement)).content.decode()


def test_the_coordinator_makes_it_for_the_author(
    client, carla, pse, engagement, standing
):
    comment = said(engagement, WHOLE, pse)
    client.force_login(carla)

    client.post(url_of(comment))

    asked = ResourceRequest.objects.get()
    assert (asked.person, asked.requested_by) == (pse, pse)


def test_a_second_click_leads_to_the_same_request(
    client, carla, pse, engagement, standing
):
    comment = said(engagement, WHOLE, pse)
    client.force_login(pse)

    first = client.post(url_of(comment))
    second = client.post(url_of(comment))

    assert first.url == second.url
    assert ResourceRequest.objects.count() == 1
    withdraw_request(ResourceRequest.objects.get(), by=pse, now=NOW)
    assert client.post(url_of(comment)).url != first.url


def test_what_is_missing_is_asked_in_the_form(client, carla, pse, engagement, standing):
    comment = said(engagement, "@carla some mentoring for 8 hours?", pse)
    client.force_login(pse)

    answer = client.post(url_of(comment), follow=True)

    form = answer.context["form"]
    assert not ResourceRequest.objects.exists()
    assert form.instance.task == "mentoring"
    assert form.instance.hours_total == 8
    assert form.instance.coordinator == carla
    data = typed(
        task="mentoring", person=pse.pk, engagement=standing.pk, coordinator=carla.pk
    )
    client.post(answer.redirect_chain[-1][0], data)
    assert ResourceRequest.objects.get().comment == comment


def test_about_the_work_it_begins_a_request_for_people(client, carla, engagement):
    pm = UserFactory(roles=[Role.PM])
    TeamMemberFactory(engagement=engagement, role=EngagementRole.PM, person=pm)
    comment = said(engagement, "@carla a second PSE from 15 Mar to 19 Mar, hard?", pm)
    client.force_login(pm)

    answer = client.post(url_of(comment), follow=True)

    asked = answer.context["asked"]
    assert asked.engagement == engagement
    assert asked.is_hard
    assert 'value="2027-03-19"' in answer.content.decode()


def test_what_a_rule_refuses_is_told_in_the_form(
    client, carla, pse, engagement, standing
):
    comment = said(engagement, "@carla 8 hours mentoring on 2027-03-20", pse)
    client.force_login(pse)

    answer = client.post(url_of(comment), follow=True)

    assert "weekends or public holidays" in answer.content.decode()
    assert not ResourceRequest.objects.exists()


def test_nothing_is_offered_without_a_coordinator(client, pse, engagement):
    UserFactory(username="bob")
    said(engagement, "8 hours mentoring on 15 Mar", pse)
    client.force_login(pse)

    assert "Make it a request" not in client.get(tab(engagement)).content.decode()


def test_others_do_not_ask_with_what_was_not_theirs(client, carla, pse, engagement):
    comment = said(engagement, WHOLE, pse)
    other = UserFactory(roles=[Role.PSE])
    client.force_login(other)
    assert client.post(url_of(comment)).status_code == 404
    TeamMemberFactory(engagement=engagement, role=EngagementRole.PSE, person=other)

    assert client.post(url_of(comment)).status_code == 403


def test_the_tab_asks_the_same_for_3_and_for_30_comments(
    client, carla, pse, engagement
):
    client.force_login(carla)

    def asked():
        with CaptureQueriesContext(connection) as found:
            client.get(tab(engagement))
        return len(found)

    for _number in range(3):
        said(engagement, WHOLE, pse)
    few = asked()
    for _number in range(27):
        said(engagement, WHOLE, pse)
    assert asked() == few
