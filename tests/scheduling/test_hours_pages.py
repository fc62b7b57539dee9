from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from engagements.choices import Status
from engagements.models import Engagement
from psdelivery.people.choices import Role
from psdelivery.people.services.settings import change_setting
from scheduling.choices import HoursState
from scheduling.hours_settings import SOURCE
from scheduling.models import HoursPart, HoursWeek
from tests.factories.engagements import EngagementFactory, TeamMemberFactory
from tests.factories.hours import (
    FRIDAY,
    NOW,
    as_planned,
    day,
    part_of,
    planned,
    running,
    week_of,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
LIST = reverse("scheduling:hours-week-list")


@pytest.fixture(autouse=True)
def on_friday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def work():
    return running()


@pytest.fixture
def week(ann, work, client):
    planned(ann, work)
    client.force_login(ann)
    return week_of(ann)


def cell(engagement, number):
    return f"hours-{getattr(engagement, 'pk', engagement)}-{day(number):%Y%m%d}"


def filled(week, work, *hours, **more):
    """What a browser sends: every input of the grid, the buttons not."""
    names = [cell(work, n) for n in range(-2, 5)]
    names += [cell("extra", n) for n in range(-2, 5)]
    body = dict.fromkeys(names, "") | {"version": week.version, "extra": ""}
    told = {cell(work, n): one for n, one in enumerate(hours)}
    return body | told | {f"note-{work.pk}": "", "note-extra": ""} | more


def test_the_week_shows_what_was_planned_and_one_click_confirms_it(client, week, work):
    page = client.get(week.get_absolute_url())

    assert page.status_code == 200
    text = page.content.decode()
    assert "Was it as planned, 40 hours?" in text
    assert 'value="8"' in text

    url = reverse("scheduling:hours-confirm", args=[week.pk])
    answer = client.post(url, follow=True)

    assert "Confirmed: Week to Fri 19 Mar 2027." in answer.content.decode()
    assert part_of(week, work).hours == 40
    assert "Was it as planned" not in answer.content.decode()


def test_hours_are_corrected_with_a_comma_too_and_other_work_added(client, week, work):
    other = running()
    TeamMemberFactory(engagement=other, role="pse", person=week.person)
    body = filled(week, work, "7,75", "", "8", "8.25", "8", extra=other.pk)
    body[cell("extra", 1)] = "0.5"

    answer = client.post(week.get_absolute_url(), body, follow=True)

    assert answer.status_code == 200
    assert part_of(week, work).hours == 32
    assert part_of(week, other).hours == Decimal("0.5")


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        ("25", "A day has 24 hours."),
        ("-1", "Hours are not negative."),
        ("7.1", "Hours are counted in quarters"),
        ("a lot", "Enter a number."),
    ],
)
def test_bad_hours_are_told_at_their_field_and_nothing_is_lost(
    client, week, work, hours, sentence
):
    body = filled(week, work, hours, "6.5", **{f"note-{work.pk}": "On site"})

    answer = client.post(week.get_absolute_url(), body)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [cell(work, 0)]
    text = answer.content.decode()
    for kept in (sentence, f'value="{hours}"', 'value="6.5"', 'value="On site"'):
        assert kept in text
    assert not HoursPart.objects.exists()


def test_25_hours_over_two_engagements_are_told_at_the_day(client, week, work):
    other = running()
    TeamMemberFactory(engagement=other, role="pse", person=week.person)
    body = filled(week, work, "16", extra=other.pk, **{cell("extra", 0): "9"})

    answer = client.post(week.get_absolute_url(), body)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [cell("extra", 0)]
    assert "would have 25 hours" in answer.content.decode()
    assert not HoursPart.objects.exists()


def test_time_on_what_was_cancelled_is_told_at_the_day(client, week, work):
    monday = NOW - timedelta(days=4)
    Engagement.objects.filter(pk=work.pk).update(
        status=Status.CANCELLED, status_since=monday
    )

    answer = client.post(week.get_absolute_url(), filled(week, work, "8", "8"))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [cell(work, 1)]
    assert "is cancelled since Mon 15 Mar 2027" in answer.content.decode()


def test_hours_without_work_ask_for_it(client, week, work):
    answer = client.post(
        week.get_absolute_url(), filled(week, work, **{cell("extra", 0): "2"})
    )

    assert answer.status_code == 422
    assert "Say on what the hours were worked." in answer.content.decode()


def test_hours_on_a_day_off_are_a_warning(client, week, work):
    body = filled(week, work, "8", **{cell(work, -2): "2"})

    answer = client.post(week.get_absolute_url(), body, follow=True)

    assert "Hours stand on days off: Sat 13 (no working day)" in (
        answer.content.decode()
    )
    assert part_of(week, work).hours == 10


def test_what_is_kept_is_not_confirmed(client, week, work):
    body = filled(week, work, "4", keep="1")

    answer = client.post(week.get_absolute_url(), body, follow=True)

    assert "Nothing is confirmed yet" in answer.content.decode()
    assert part_of(week, work).state == HoursState.DRAFT


def test_a_week_that_changed_in_another_tab_is_shown_anew_with_what_was_typed(
    client, week, work
):
    body = filled(week, work, "3")
    as_planned(week.person)

    answer = client.post(week.get_absolute_url(), body)

    assert answer.status_code == 409
    assert "changed since you opened it" in answer.content.decode()
    assert answer.context["form"][cell(work, 0)].value() == "3"
    # Sent again it is meant.
    again = body | {"version": answer.context["form"]["version"].value()}
    assert client.post(week.get_absolute_url(), again).status_code == 302
    assert part_of(week, work).hours == 3


def test_other_work_is_what_somebody_is_on_and_internal_time(client, week, work, ann):
    mine = running()
    TeamMemberFactory(engagement=mine, role="pse", person=ann)
    internal = EngagementFactory(kind="internal", status="active")
    gone = EngagementFactory(status="cancelled")
    TeamMemberFactory(engagement=gone, role="pse", person=ann)
    running()

    page = client.get(week.get_absolute_url())

    offered = set(page.context["form"].fields["extra"].queryset)
    assert offered == {mine, internal}


def test_nobody_finds_the_week_of_somebody_else(client, week):
    client.force_login(UserFactory(roles=[Role.COORDINATOR, Role.LEADERSHIP]))

    assert client.get(week.get_absolute_url()).status_code == 404
    url = reverse("scheduling:hours-confirm", args=[week.pk])
    assert client.post(url).status_code == 404


def test_another_week_is_begun_by_any_of_its_days(client, ann):
    client.force_login(ann)

    add = reverse("scheduling:hours-week-add")
    answer = client.post(add, {"day": day(-4).isoformat()})

    earlier = HoursWeek.objects.get(person=ann)
    assert earlier.ends_on == FRIDAY - timedelta(days=7)
    assert answer.url == earlier.get_absolute_url()
    later = client.post(add, {"day": day(9).isoformat()})
    assert later.status_code == 422
    assert "This week has not begun." in later.content.decode()


def test_while_hours_are_imported_the_pages_say_so(client, week):
    change_setting(SOURCE, "imported", by=None, now=NOW)

    assert "imported from the PSA system" in client.get(LIST).content.decode()
    page = client.get(week.get_absolute_url())
    assert "Confirm" not in page.content.decode()


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_of_weeks_asks_as_often_for_3_and_for_30(
    client, ann, work, count, django_assert_num_queries
):
    for number in range(count):
        week = week_of(ann, FRIDAY - timedelta(weeks=number))
        HoursPart.objects.create(week=week, engagement=work, hours=8)
    client.force_login(ann)
    client.get(LIST)

    with django_assert_num_queries(7):
        client.get(LIST)
