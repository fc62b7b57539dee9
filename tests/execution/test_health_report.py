"""The report of the week: drafted from data, saved, its step ticked."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from engagements.choices import Status
from engagements.execution.health_page import strip_of
from engagements.execution.models import Deliverable, HealthReport, ProjectRisk
from engagements.execution.services.empty_weeks import pass_over_empty_weeks
from engagements.execution.services.health import save_report
from engagements.models import Engagement
from engagements.queries import step_of
from psdelivery.history.models import Event
from psdelivery.people.choices import Role
from psdelivery.people.models import TimeOff
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step, pass_over_period
from psdelivery.registry import RuleRefused
from tests.execution.health import (
    GREEN,
    NOW,
    YELLOW,
    reported,
    rolling,
    tell_hours,
    weeks,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


@pytest.fixture
def engagement():
    return rolling()


@pytest.fixture
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


def add_url(engagement):
    return reverse("execution:health-add", args=[engagement.pk])


def status_days(engagement):
    rows = Step.objects.filter(engagement=engagement, key="weekly-status")
    return [(f"{s.due_day:%a %d %b}", s.state) for s in rows.order_by("period")]


def test_r9_a_second_report_of_the_day_is_a_new_version(engagement):
    save_report(engagement, GREEN, by=engagement.pm, now=NOW)
    with pytest.raises(RuleRefused, match="has written version 1"):
        save_report(engagement, YELLOW, by=engagement.pm, now=NOW)

    second = save_report(engagement, YELLOW, seen=1, by=engagement.pm, now=NOW)
    tomorrow = save_report(engagement, GREEN, by=engagement.pm, now=NOW + DAY)

    rows = HealthReport.objects.order_by("day", "version")
    assert list(rows.values_list("day", "version", "is_latest")) == [
        (date(2027, 2, 9), 1, False),
        (date(2027, 2, 9), 2, True),
        (date(2027, 2, 10), 1, True),
    ]
    assert second.hours["budget"] == "200"
    told = Event.objects.filter(verb="health-reported").order_by("pk")
    assert told[1].changes["schedule"] == ["green", "yellow"]
    assert told[1].reason == YELLOW["reason"]
    assert strip_of([tomorrow, second], tomorrow.day)[0].report == tomorrow


def test_the_step_of_the_week_ticks_itself_and_the_next_is_due_on_thursday(engagement):
    assert status_days(engagement) == [("Thu 11 Feb", "open")]

    save_report(engagement, YELLOW, by=engagement.pm, now=NOW)
    save_report(engagement, GREEN, by=engagement.pm, now=NOW + DAY)

    assert status_days(engagement) == [("Thu 11 Feb", "done"), ("Thu 18 Feb", "open")]
    done = step_of(engagement, "weekly-status")
    ticked = Step.objects.get(key="weekly-status", state=StepState.DONE)
    assert ticked.note == "Report of Tue 9 Feb 2027: yellow: at risk."
    assert done.is_open

    # Two weeks later what was missed is late, and done with the report of that week.
    save_report(engagement, GREEN, by=engagement.pm, now=NOW + 2 * WEEK)
    assert status_days(engagement)[1:] == [
        ("Thu 18 Feb", "done"),
        ("Thu 25 Feb", "done"),
        ("Thu 04 Mar", "open"),
    ]


def test_nothing_is_saved_without_reason_or_of_what_is_over(engagement):
    with pytest.raises(RuleRefused) as refused:
        save_report(engagement, GREEN | {"client": "red"}, by=engagement.pm, now=NOW)
    assert [one.code for one in refused.value.reasons] == ["reason", "path_to_green"]

    Engagement.objects.filter(pk=engagement.pk).update(status=Status.CANCELLED)
    with pytest.raises(RuleRefused, match="nothing to report"):
        save_report(engagement, GREEN, by=engagement.pm, now=NOW)
    assert not HealthReport.objects.exists()


def test_weeks_without_hours_and_on_hold_pass_by_themselves(engagement, monkeypatch):
    tell_hours(monkeypatch, weeks((20, 0), (0, 0), (0, 0), (20, 0)))
    assert pass_over_empty_weeks(NOW) == 0
    save_report(engagement, GREEN, by=engagement.pm, now=NOW)

    # Known from the beginning of the week on, and decided once.
    assert pass_over_empty_weeks(NOW + 3 * DAY) == 0
    assert pass_over_empty_weeks(NOW + WEEK) == 1
    assert pass_over_empty_weeks(NOW + WEEK) == 0
    assert pass_over_empty_weeks(NOW + 3 * WEEK) == 1
    assert status_days(engagement) == [
        ("Thu 11 Feb", "done"),
        ("Thu 18 Feb", "not_applicable"),
        ("Thu 25 Feb", "not_applicable"),
        ("Thu 04 Mar", "open"),
    ]
    passed = Step.objects.filter(
        key="weekly-status", note="Nobody has hours in that week."
    )
    assert passed.count() == 2

    # Taken up again two weeks later: the weeks on hold pass together.
    tell_hours(monkeypatch, None)
    Engagement.objects.filter(pk=engagement.pk).update(status_since=NOW + 5 * WEEK)
    assert pass_over_empty_weeks(NOW + 5 * WEEK) == 2
    assert status_days(engagement)[-1] == ("Thu 18 Mar", "open")


def test_a_period_that_was_done_meanwhile_does_not_pass(engagement):
    step = step_of(engagement, "weekly-status")
    complete_step(step, Completion(), by=engagement.pm, now=NOW)
    once = step_of(engagement, "kickoff-held")

    assert pass_over_period(step, reason="No", now=NOW) is None
    assert pass_over_period(once, reason="No", now=NOW) is None
    assert step_of(engagement, "kickoff-held").is_open


def test_the_draft_is_made_from_the_data_in_one_click(client, engagement, at_now):
    away = TimeOff.objects.create(
        person=engagement.pm,
        starts_on=date(2027, 2, 22),
        ends_on=date(2027, 2, 26),
        requested_at=NOW,
    )
    Deliverable.objects.create(
        engagement=engagement,
        title="Runbook",
        is_milestone=False,
        due_on=date(2027, 2, 5),
        created_at=NOW,
    )
    ProjectRisk.objects.create(
        engagement=engagement,
        title="Vendor is slow",
        priority="high",
        impact="timeline",
        mitigation="Call them each Monday",
        opened_on=NOW.date(),
    )
    client.force_login(engagement.pm)

    form = client.get(add_url(engagement)).context["form"]

    assert form["schedule"].value() == form["overall"].value() == "yellow"
    assert "Late: Runbook" in str(form["schedule"].help_text)
    assert form["reason"].value().startswith("Late: Runbook")
    assert form["path_to_green"].value() == "Call them each Monday"
    assert form["risks"].value() == "High: Vendor is slow – Call them each Monday"
    assert (
        form["absences"].value() == f"{away.person}: Mon 22 Feb 2027 – Fri 26 Feb 2027"
    )
    assert form["summary"].value() == "0 of 1 deliverables are accepted."


def test_a_report_without_reason_says_so_at_the_field_and_loses_nothing(
    client, engagement, at_now
):
    client.force_login(engagement.pm)
    typed = YELLOW | {"reason": "", "done": "Much\nwork", "seen": "0"}

    page = client.post(add_url(engagement), typed)

    assert page.status_code == 422
    assert page.context["form"].errors == {"reason": ["Say why it is not green."]}
    assert "Much\nwork" in page.content.decode()
    assert not HealthReport.objects.exists()

    saved = client.post(add_url(engagement), typed | {"reason": "No access"})
    report = HealthReport.objects.get()
    assert saved.url == report.get_absolute_url()
    shown = client.get(saved.url).content.decode()
    assert "No access" in shown
    assert "Acme opens it by Friday." in shown

    again = client.get(add_url(engagement)).context["form"]
    assert (again["seen"].value(), again["done"].value()) == (1, "Much\nwork")
    late = client.post(add_url(engagement), typed | {"reason": "x", "seen": "0"})
    assert late.status_code == 422
    assert "has written version 1" in late.content.decode()


def test_the_tab_shows_strip_report_and_hours(client, engagement, monkeypatch, at_now):
    tell_hours(monkeypatch, weeks((20, "18.25"), (20, 0)))
    reported(
        engagement, date(2027, 1, 21), overall="red", reason="x", path_to_green="y"
    )
    reported(engagement, date(2027, 2, 4), done="One\nTwo", internal_note="Among us")
    url = reverse("engagements:engagement-tab", args=[engagement.pk, "health"])
    client.force_login(engagement.pm)

    page = client.get(url).content.decode()

    words = [
        "Red",
        "none",
        "Green",
        "Thu 11 Feb 2027",
        "181.75 h",
        "Among us",
        "<polyline",
    ]
    assert [word for word in words if word not in page] == []
    client.force_login(UserFactory(roles=[Role.FINANCE]))
    assert client.get(url).status_code == 403


def test_work_without_reports_has_no_tab(client, engagement, at_now):
    Engagement.objects.filter(pk=engagement.pk).update(status=Status.CANCELLED)
    client.force_login(engagement.pm)
    url = reverse("engagements:engagement-tab", args=[engagement.pk, "health"])

    assert client.get(url).status_code == 404
    assert client.get(add_url(engagement)).status_code == 409
    reported(engagement, date(2027, 2, 4))
    assert client.get(url).status_code == 200
    Engagement.objects.filter(pk=engagement.pk).update(kind="training")
    assert client.get(url).status_code == 404
    assert client.get(add_url(engagement)).status_code == 404


def test_a_list_of_30_reports_asks_as_often_as_one_of_3(
    client, engagement, at_now, django_assert_num_queries
):
    client.force_login(engagement.pm)
    url = reverse("execution:health-list", args=[engagement.pk])
    assert "No report yet" in client.get(url).content.decode()
    start = date(2027, 1, 1)
    for n in range(30):
        reported(engagement, start + n * DAY)
        if n == 2:
            with django_assert_num_queries(COUNT := 9):
                client.get(url)
    with django_assert_num_queries(COUNT):
        client.get(url)
