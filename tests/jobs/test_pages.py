import pytest
from django.urls import reverse

from psdelivery.jobs.choices import JobState
from psdelivery.jobs.models import Job
from psdelivery.people.choices import Role
from tests.factories.jobs import JobFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

LIST = reverse("jobs:job-list")


@pytest.fixture
def pm(client):
    pm = UserFactory(roles=[Role.PM])
    client.force_login(pm)
    return pm


def path_of(name, job):
    return reverse(f"jobs:job-{name}", args=[job.pk])


def test_the_list_shows_my_jobs_and_nobody_elses(client, pm):
    mine, foreign = JobFactory(by=pm), JobFactory()

    html = client.get(LIST).content.decode()

    assert mine.title in html
    assert foreign.title not in html


def test_the_list_says_what_it_is_for(client, pm):
    assert "No job yet" in client.get(LIST).content.decode()


def test_a_running_job_asks_for_news_by_itself(client, pm):
    job = JobFactory(by=pm, running=True)

    html = client.get(path_of("detail", job)).content.decode()

    assert 'hx-trigger="every 2s"' in html
    assert "20 of 80" in html
    assert 'value="25"' in html
    assert path_of("cancel", job) in html


def test_the_news_are_the_part_of_the_page(client, pm):
    job = JobFactory(by=pm, running=True)

    html = client.get(path_of("detail", job), headers={"HX-Request": "true"}).content

    assert html.decode().strip().startswith(f'<div id="job-{job.pk}"')
    assert b"<html" not in html


@pytest.mark.parametrize("state", ["done", "failed"])
def test_a_job_at_its_end_asks_no_more(client, pm, state):
    job = JobFactory(by=pm, **{state: True})

    html = client.get(path_of("detail", job)).content.decode()

    assert "hx-trigger" not in html
    assert (job.error or job.result["text"]) in html
    assert path_of("cancel", job) not in html


@pytest.mark.parametrize("name", ["detail", "cancel", "undo"])
def test_a_job_of_another_is_not_found(client, pm, name):
    job = JobFactory()
    ask = client.get if name == "detail" else client.post

    assert ask(path_of(name, job)).status_code == 404


def test_a_job_is_stopped_by_a_click(client, pm):
    job = JobFactory(by=pm)

    answer = client.post(path_of("cancel", job))

    assert answer.url == job.get_absolute_url()
    assert Job.objects.get().state == JobState.CANCELLED


def test_what_cannot_be_stopped_or_undone_is_told(client, pm):
    job = JobFactory(by=pm, done=True)

    for name in ("cancel", "undo"):
        assert client.post(path_of(name, job)).status_code == 409


def test_a_job_is_undone_by_a_click(client, pm, kind):
    undone = []
    kind(undo=lambda handle, by, now: undone.append((handle, by)))
    job = JobFactory(by=pm, done=True, undo_handle={"rows": [1]})

    assert path_of("undo", job) in client.get(path_of("detail", job)).content.decode()
    client.post(path_of("undo", job))

    assert undone == [({"rows": [1]}, pm)]


def test_the_list_costs_the_same_with_3_and_with_30(
    client, pm, django_assert_max_num_queries
):
    counts = []
    for number in (3, 27):
        JobFactory.create_batch(number, by=pm, done=True)
        with django_assert_max_num_queries(12) as captured:
            client.get(LIST)
        counts.append(len(captured))

    assert counts[0] == counts[1]
