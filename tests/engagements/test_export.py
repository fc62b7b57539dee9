import csv
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.urls import reverse

from engagements.choices import Status
from psdelivery.people.choices import Role
from psdelivery.people.exports import safe_cell
from psdelivery.playbooks.models import Step
from tests.factories.engagements import EngagementFactory, TeamMemberFactory, with_value
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
URL = reverse("engagements:engagement-export")
LIST = reverse("engagements:engagement-list")


def lines(client, query=""):
    response = client.get(f"{URL}{query}")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def test_the_file_is_the_list_as_it_is_filtered_and_sorted(client, coordinator):
    for number in range(60):
        EngagementFactory(title=f"No. {number:02}", status=Status.ACTIVE)
    EngagementFactory(title="Closed", status=Status.CLOSED)
    client.force_login(coordinator)
    query = "?status=active&sort=-customer"

    titles = [line["Engagement"] for line in lines(client, query)]
    pages = [client.get(f"{LIST}{query}&page={page}") for page in (1, 2)]
    listed = [row.engagement.title for page in pages for row in page.context["rows"]]
    assert len(titles) == 60
    assert titles == listed


def test_a_line_tells_what_the_row_tells(client, coordinator, consulting, at_now):
    client.force_login(coordinator)

    (line,) = lines(client)
    step = Step.objects.filter(due_at__gt=at_now).order_by("due_at").first()
    assert line == {
        "Customer": "Acme",
        "Engagement": "Rollout",
        "Kind": "Consulting",
        "Status": "Estimate",
        "Phase": "Pre-project",
        "Next deadline": step.due_day.isoformat(),
        "Late steps": "0",
        "Lead": consulting.team.get(role="pm").person.display_name,
        "Ball with": "us",
        "Since": "2027-02-01",
    }


def test_a_moment_stands_on_the_readers_clock(client, coordinator, consulting, at_now):
    Step.objects.all().delete()
    client.force_login(coordinator)
    assert lines(client)[0]["Next deadline"] == ""

    step = with_moment(consulting, datetime(2027, 2, 3, 23, 30, tzinfo=UTC))
    coordinator.zone = "Australia/Sydney"
    coordinator.save()
    assert lines(client)[0]["Next deadline"] == "2027-02-04 10:30"
    assert step.due_is_day is False


def with_moment(engagement, moment):
    checklist = engagement.checklists.get()
    return Step.objects.create(
        checklist=checklist,
        engagement=engagement,
        anchor=checklist.anchors.first(),
        pool=checklist.pool,
        key="one",
        title="One",
        phase=1,
        owner_role="pc",
        due_at=moment,
        due_is_day=False,
        due_zone="Europe/Berlin",
    )


def test_a_coordinators_file_holds_no_money(client, coordinator, consulting):
    with_value(consulting)
    client.force_login(coordinator)

    assert not {"Value", "Currency"} & lines(client)[0].keys()


def test_the_value_stands_only_beside_own_engagements(client, em, consulting):
    with_value(consulting, 120_000)
    own = with_value(EngagementFactory(title="Own"), 77_000)
    TeamMemberFactory(engagement=own, role="em", person=em)
    client.force_login(em)

    values = {line["Engagement"]: line["Value"] for line in lines(client)}
    assert values == {"Own": "77000.00", "Rollout": ""}


def test_cells_are_no_formulas_to_a_spreadsheet(client, coordinator):
    EngagementFactory(title='=HYPERLINK("http://evil","x")', customer__name="@SUM(1)")
    client.force_login(coordinator)

    (line,) = lines(client)
    assert line["Engagement"] == '\'=HYPERLINK("http://evil","x")'
    assert line["Customer"] == "'@SUM(1)"


@pytest.mark.unit
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_begins_like_a_formula_gets_a_sign_before_it(start):
    assert safe_cell(f"{start}1") == f"'{start}1"


@pytest.mark.unit
def test_other_cells_stay_as_they_are():
    assert [safe_cell(value) for value in ("a=b", 3, None, "")] == ["a=b", "3", "", ""]


def test_the_file_is_streamed_and_kept_by_nobody(client, coordinator):
    client.force_login(coordinator)

    response = client.get(URL)
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"


def test_an_administrator_gets_no_file(client):
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))

    assert client.get(URL).status_code == 403
