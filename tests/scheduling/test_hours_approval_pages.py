import pytest
import time_machine
from django.urls import reverse

from psdelivery.people.choices import Role
from psdelivery.playbooks.step_links import step_links
from scheduling.choices import HoursState
from scheduling.services.hours.approving import approve
from tests.factories.engagements import registered
from tests.factories.hours import (
    NOW,
    as_planned,
    confirmed,
    day,
    deciding,
    part_of,
    planned,
    running,
    typed,
)
from tests.factories.people import UserFactory
from tests.factories.shipped import ship_playbooks

pytestmark = pytest.mark.django_db
LIST = reverse("scheduling:hours-approval-list")


@pytest.fixture(autouse=True)
def on_friday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def pm():
    return UserFactory(first_name="Paul", roles=[Role.PM])


@pytest.fixture
def work(pm):
    return running(pm)


@pytest.fixture
def part(ann, work):
    planned(ann, work)
    return part_of(as_planned(ann), work)


def url_of(part, action):
    return reverse(f"scheduling:hours-{action}", args=[part.pk])


def test_what_is_as_planned_is_ticked_and_approved_together(
    client, part, ben, work, pm
):
    other = part_of(confirmed(ben, typed(work, 8)), work)
    client.force_login(pm)

    page = client.get(LIST)

    assert page.context["chosen"] == {f"{part.pk}-{part.version}"}
    assert "Mon 15 +8" in page.content.decode()
    answer = client.post(LIST, {"part": list(page.context["chosen"])}, follow=True)
    assert "1 approved." in answer.content.decode()
    only = {"only": f"{other.pk}-{other.version}"}
    assert client.post(LIST, only).status_code == 302
    other.refresh_from_db()
    assert other.state == HoursState.APPROVED


def test_the_second_approver_gets_a_clear_409(client, part, pm):
    leader = UserFactory(roles=[Role.LEADERSHIP])
    approve(part, None, deciding(leader))
    client.force_login(pm)

    of_list = client.post(LIST, {"part": f"{part.pk}-{part.version}"})
    of_page = client.post(url_of(part, "approve"), {"version": part.version})

    for answer in (of_list, of_page):
        assert answer.status_code == 409
        assert "has approved these hours already" in answer.content.decode()


def test_nothing_chosen_is_said(client, part, pm):
    client.force_login(pm)

    answer = client.post(LIST, {"part": ["x", "1-", "9" * 40]})

    assert answer.status_code == 422
    assert "Choose the hours that you approve." in answer.content.decode()


def test_hours_go_back_with_words_at_the_field(client, part, pm):
    client.force_login(pm)

    empty = client.post(url_of(part, "return"), {"version": part.version})
    assert empty.status_code == 422
    assert "reason" in empty.context["return_form"].errors

    client.post(url_of(part, "return"), {"version": part.version, "reason": "Friday?"})
    client.force_login(part.week.person)
    week = client.get(part.week.get_absolute_url()).content.decode()
    assert "Friday?" in week


def test_the_own_hours_are_refused_with_who_decides(client, work, pm):
    own = part_of(confirmed(pm, typed(work, 2)), work)
    client.force_login(pm)

    answer = client.post(url_of(own, "approve"), {"version": own.version})

    assert answer.status_code == 409
    assert "Nobody approves the own hours." in answer.content.decode()


def test_a_correction_is_told_at_its_field(client, part, pm, ann):
    part = approve(part, None, deciding(pm))
    client.force_login(ann)
    body = {"day": day(4).isoformat(), "reason": "I left", "version": part.version}

    answer = client.post(url_of(part, "correct"), body | {"hours": "8"})
    assert answer.status_code == 422
    assert "has 8 hours already" in answer.content.decode()

    answer = client.post(url_of(part, "correct"), body | {"hours": "6,5"}, follow=True)
    assert "correction waits" in answer.content.decode()
    part.refresh_from_db()
    assert part.hours == 38.5


def test_the_step_of_the_close_out_leads_to_the_hours(pm):
    ship_playbooks()
    work = registered(team=[("pm", pm)])
    step = work.steps.get(key="hours-approved")

    (link,) = step_links.links_for(step, pm)

    assert link.url == reverse("scheduling:engagement-hours", args=[work.pk])
    assert "0 wait" in link.words
