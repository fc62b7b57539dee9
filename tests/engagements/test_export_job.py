"""The export of a long list is made in the background."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse

from engagements.choices import Status
from psdelivery.jobs.models import Job
from psdelivery.jobs.services import run_one
from psdelivery.people.choices import Role
from tests.factories.engagements import EngagementFactory, TeamMemberFactory, with_value
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
URL = reverse("engagements:engagement-export")
START = reverse("engagements:export-start")


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "store"


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr("engagements.views.lists.MOST_AT_ONCE", 3)


def rows_of(job):
    job.refresh_from_db()
    text = job.result_file.file.read().decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def export(client, query=""):
    client.post(f"{START}{query}")
    job = Job.objects.latest("pk")
    run_one()
    return job


def test_a_short_list_comes_at_once(client, coordinator):
    EngagementFactory.create_batch(3)
    client.force_login(coordinator)

    assert client.get(URL)["Content-Type"] == "text/csv; charset=utf-8"


def test_a_long_list_is_offered_as_a_job_and_a_look_writes_nothing(client, coordinator):
    EngagementFactory.create_batch(4)
    client.force_login(coordinator)

    answer = client.get(f"{URL}?sort=kind")
    html = client.get(answer.url).content.decode()

    assert answer.url == f"{START}?sort=kind"
    assert "Export 4 engagements" in html
    assert f"{START}?sort=kind" in html
    assert not Job.objects.exists()


def test_the_file_is_the_list_as_it_was_filtered_and_sorted(client, coordinator):
    for number in range(5):
        EngagementFactory(title=f"No. {number}", status=Status.ACTIVE)
    EngagementFactory(title="Closed", status=Status.CLOSED)
    client.force_login(coordinator)

    answer = client.post(f"{START}?status=active&sort=new")
    run_one()

    job = Job.objects.get()
    assert answer.url == job.get_absolute_url()
    assert [row["Engagement"] for row in rows_of(job)] == [
        f"No. {number}" for number in range(5)
    ]
    assert job.result["text"] == "5 engagements."
    page = client.get(job.get_absolute_url()).content.decode()
    assert job.result_file.get_absolute_url() in page


def test_columns_of_money_are_as_for_the_reader(client, coordinator, em):
    with_value(EngagementFactory(title="Foreign"), 120_000)
    own = with_value(EngagementFactory(title="Own"), 77_000)
    TeamMemberFactory(engagement=own, role="em", person=em)

    client.force_login(em)
    values = {row["Engagement"]: row["Value"] for row in rows_of(export(client))}
    client.force_login(coordinator)
    columns = rows_of(export(client))[0].keys()

    assert values == {"Own": "77000.00", "Foreign": ""}
    assert "Value" not in columns


def test_what_somebody_may_see_is_asked_again_when_the_file_is_made(client, pse):
    own = EngagementFactory(title="Own")
    member = TeamMemberFactory(engagement=own, role="pse", person=pse)
    client.force_login(pse)
    client.post(START)
    member.delete()

    run_one()

    assert rows_of(Job.objects.get()) == []


def test_who_may_see_no_engagements_starts_no_export(client):
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))

    assert client.post(START).status_code == 403
    assert not Job.objects.exists()


@pytest.mark.parametrize("ask", ["get", "post"])
def test_filters_that_do_not_fit_lead_back_to_the_list(client, coordinator, ask):
    client.force_login(coordinator)
    path = URL if ask == "get" else START

    answer = getattr(client, ask)(f"{path}?status=no-such")

    assert answer.url == f"{reverse('engagements:engagement-list')}?status=no-such"
    assert not Job.objects.exists()


def test_progress_is_shown(client, coordinator, monkeypatch):
    monkeypatch.setattr("psdelivery.jobs.services.work.OFTEN_ENOUGH", timedelta(0))
    EngagementFactory.create_batch(4)
    client.force_login(coordinator)

    job = export(client)

    job.refresh_from_db()
    assert (job.progress_done, job.progress_total) == (4, 4)
