"""A dedicated engineer's rhythm, across holidays in two countries."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D

import pytest
import time_machine
from django.urls import reverse

from engagements.execution.models import (
    HoursReview,
    MonthlyGoal,
    RenewalDecision,
    WeeklySummary,
)
from engagements.execution.rules.dedicated import (
    Goal,
    carried_over,
    end_of_week,
    hours_of_month,
    month_before,
    reasons_against_goals,
)
from engagements.execution.services.dedicated import (
    decide_renewal,
    save_goals,
    save_review,
    save_summary,
)
from engagements.execution.services.health import save_report
from engagements.queries import step_of
from psdelivery.outbox.models import Message
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.checklists import set_anchor
from psdelivery.registry import RuleRefused
from tests.execution.health import GREEN, rolling, tell_hours, weeks
from tests.factories.people import ContactFactory, CustomerFactory, UserFactory
from tests.factories.shipped import ship_mails

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
GOALS = [Goal(f"Goal {n}", f"Seen {n}") for n in range(3)]


@pytest.mark.unit
def test_three_to_five_goals_each_with_its_measure():
    assert reasons_against_goals(GOALS) == []
    assert [r.code for r in reasons_against_goals(GOALS[:2])] == ["number"]
    assert [r.code for r in reasons_against_goals(GOALS * 2)] == ["number"]
    vague = [*GOALS, Goal("Be better", " ")]
    assert [r.code for r in reasons_against_goals(vague)] == ["measure"]


@pytest.mark.unit
def test_what_was_not_reached_goes_on_next_month():
    last = [Goal("A", "a", 1, "reached"), Goal("B", "b", 2, "partly", "Half")]

    assert carried_over(last) == [Goal("B", "b", carried_from=2)]
    assert month_before(date(2027, 1, 1)) == date(2026, 12, 1)
    assert end_of_week(date(2027, 2, 7)) == date(2027, 2, 5)
    assert end_of_week(date(2027, 2, 1)) == date(2027, 2, 5)


@pytest.mark.unit
def test_the_hours_of_a_month_are_those_of_weeks_that_end_in_it():
    hours = weeks((40, 38), (40, "39.25"), (40, 0), first=date(2027, 1, 22))

    january = hours_of_month(hours, date(2027, 1, 1))

    assert (january.planned, january.actual) == (D(80), D("77.25"))
    assert january.difference == D("-2.75")
    assert hours_of_month(None, date(2027, 1, 1)).planned == 0


@pytest.fixture
def sal():
    return UserFactory(username="sally", roles=[Role.ACCOUNT], email="sally@ps.example")


@pytest.fixture
def engineer():
    return UserFactory(
        username="edna", roles=[Role.PSE], zone="America/New_York", country="US"
    )


@pytest.fixture
def work(db, engineer, sal):
    """Three months from Mon 2 Nov 2026: the PM in Berlin, the engineer in New York."""
    ship_mails()
    customer = CustomerFactory(name="Acme", zone="Europe/Berlin", country="DE")
    contact = ContactFactory(customer=customer, email="jane@acme.example")
    engagement = rolling(
        kind="dedicated",
        customer=customer,
        main_contact=contact,
        wished_start=START.date(),
        planned_end=date(2027, 1, 29),
        team=[(EngagementRole.PSE, engineer), (EngagementRole.SAL, sal)],
        now=START,
    )
    set_anchor(
        engagement.checklist, "planned_end", date(2027, 1, 29), by=None, now=START
    )
    return engagement


def days(engagement, key):
    rows = Step.objects.filter(engagement=engagement, key=key).order_by("period")
    return [f"{step.due_day:%a %d %b}" for step in rows]


def at(month, day, year=2026):
    return datetime(year, month, day, 15, tzinfo=UTC)


def summarise(engagement, engineer, *fridays):
    for friday in fridays:
        now = datetime.combine(friday, START.timetz())
        save_summary(engagement, friday, "Much", "More", "", by=engineer, now=now)


def test_a_dedicated_engineers_second_month_appears_by_itself_on_the_right_days(
    work, engineer
):
    pm = work.pm
    # The first month: goals, weeks and reports as they fall due.
    save_goals(work, date(2026, 11, 1), GOALS, by=pm, now=at(11, 4))
    friday = date(2026, 11, 6)
    november = [friday + timedelta(weeks=n) for n in range(4)]
    summarise(work, engineer, *november)
    for n in range(4):
        save_report(work, GREEN, by=pm, now=at(11, 5) + timedelta(weeks=n))
    save_review(work, date(2026, 11, 1), "As planned", by=pm, now=at(12, 1))

    # The second: each is done on its day, and the next one appears.
    save_goals(work, date(2026, 12, 1), GOALS, by=pm, now=at(12, 7))
    december = [date(2026, 12, 4) + timedelta(weeks=n) for n in range(4)]
    summarise(work, engineer, *december)
    save_review(work, date(2026, 12, 1), "Less at the end", by=pm, now=at(1, 5, 2027))

    # 2 December and three business days of Berlin.
    assert days(work, "monthly-goals")[:2] == ["Thu 05 Nov", "Mon 07 Dec"]
    # Fridays of New York; Christmas is one, so the summary is due on the day before.
    assert days(work, "weekly-summary")[4:8] == [
        "Fri 04 Dec",
        "Fri 11 Dec",
        "Fri 18 Dec",
        "Thu 24 Dec",
    ]
    # Thursdays of Berlin, where Thanksgiving is none.
    assert days(work, "weekly-status")[:5] == [
        "Thu 05 Nov",
        "Thu 12 Nov",
        "Thu 19 Nov",
        "Thu 26 Nov",
        "Thu 03 Dec",
    ]
    # 22 business days of Berlin, without Christmas (Friday) and New Year's Day.
    assert days(work, "hours-review")[:2] == ["Wed 02 Dec", "Tue 05 Jan"]
    # 60 days before the end, on the customer's calendar; then the end itself.
    assert days(work, "renewal-decision") == ["Mon 30 Nov"]
    assert days(work, "offboarding-planned") == ["Fri 08 Jan"]
    done = Step.objects.filter(engagement=work, state="done")
    assert done.filter(key="weekly-summary").count() == 8
    assert {s.note for s in done.filter(key="monthly-goals")} == {
        "Goals of November 2026.",
        "Goals of December 2026.",
    }


def test_goals_are_changed_carried_over_and_left_out(work):
    pm, november = work.pm, date(2026, 11, 1)
    first = save_goals(work, november, GOALS, by=pm, now=START)
    kept = [Goal(r.text, r.measure, r.pk, "missed", "No time") for r in first[:2]]

    save_goals(work, november, [*kept, Goal("New", "n")], by=pm, now=START)

    rows = MonthlyGoal.objects.values_list("text", "state")
    assert list(rows) == [("Goal 0", "missed"), ("Goal 1", "missed"), ("New", "open")]
    going_on = carried_over([Goal("Goal 0", "Seen 0", first[0].pk, "missed")])
    next_month = [*going_on, *GOALS[1:]]
    saved = save_goals(work, date(2026, 12, 1), next_month, by=pm, now=START)
    assert saved[0].carried_from == first[0]
    with pytest.raises(RuleRefused, match="three to five"):
        save_goals(work, november, GOALS[:1], by=pm, now=START)


def test_a_summary_drafts_its_mail_and_a_review_keeps_the_hours(
    work, engineer, monkeypatch
):
    friday = date(2026, 11, 6)
    one = save_summary(work, friday, "A\nB", "", "VPN", by=engineer, now=START)
    two = save_summary(work, friday, "A\nC", "", "", by=engineer, now=START)

    mail = Message.objects.get()
    assert (one.pk, two.message) == (two.pk, mail)
    assert "- C" in mail.source["body"]
    assert "In the way" not in mail.source["body"]
    assert mail.to == ["jane@acme.example"]

    tell_hours(monkeypatch, weeks((40, 38), first=friday))
    save_review(work, date(2026, 11, 1), "Fine", by=work.pm, now=START)
    assert (HoursReview.objects.get().planned, HoursReview.objects.get().actual) == (
        D(40),
        D(38),
    )


def test_renewing_asks_the_account_team_for_the_paper_once(work, sal):
    pm = work.pm
    decide_renewal(work, "renew", "They want more", by=pm, now=START)
    decide_renewal(work, "change", "Half the time", by=pm, now=START)

    assert RenewalDecision.objects.get().decision == "change"
    assert not step_of(work, "renewal-decision").is_open
    asked = Step.objects.filter(engagement=work, title__startswith="Prepare the follow")
    assert [step.assignee for step in asked] == [sal]
    told = [mail for mail in Message.objects.all() if sal.email in mail.to]
    assert told


def test_letting_it_end_asks_nobody(work):
    decide_renewal(work, "end", "Done", by=work.pm, now=START)

    assert not Step.objects.filter(title__startswith="Prepare the follow").exists()


def test_the_pages_save_and_say_what_is_wrong_at_the_field(client, work):
    client.force_login(work.pm)
    month = [work.pk, 2026, 11]
    goals = reverse("execution:goals-edit", args=month)
    typed = {"text_0": "One", "text_1": "Two", "measure_1": "m"}
    with time_machine.travel(START, tick=False):
        wrong = client.post(goals, typed)
        assert wrong.status_code == 422
        assert set(wrong.context["form"].errors) == {"measure_0"}
        assert client.post(goals, typed | {"measure_0": "m"}).status_code == 422
        right = typed | {"measure_0": "m", "text_2": "Three", "measure_2": "m"}
        assert client.post(goals, right).status_code == 302

        begun = client.get(reverse("execution:goals-edit", args=[work.pk, 2026, 12]))
        assert begun.context["form"]["text_0"].value() == "One"
        week = reverse("execution:summary-edit", args=[*month, 4])
        assert "One" in client.get(week).context["form"]["coming"].value()
        assert client.post(week, {"done": ""}).status_code == 422
        assert client.post(week, {"done": "Much"}).status_code == 302
        assert WeeklySummary.objects.get().ends_on == date(2026, 11, 6)
        assert client.get(week).context["form"]["done"].value() == "Much"

        review = reverse("execution:hours-review", args=month)
        assert client.post(review, {"note": ""}).status_code == 422
        assert client.post(review, {"note": "Fine"}).status_code == 302
        renewal = reverse("execution:renewal-decide", args=[work.pk])
        assert client.post(renewal, {"decision": "renew"}).status_code == 422
        told = {"decision": "end", "note": "Done"}
        assert client.post(renewal, told).status_code == 302

        tab = reverse("engagements:engagement-tab", args=[work.pk, "dedicated"])
        page = client.get(tab).content.decode()
        words = ["Goals of November 2026", "Three", "Much", "Fine", "let it end"]
        assert [word for word in words if word not in page] == []
        assert client.get(goals.replace("/11/", "/13/")).status_code == 404
        assert client.get(goals.replace("/2026/", "/1776/")).status_code == 404


def test_only_a_dedicated_engineers_time_has_these_pages(client, db):
    engagement = rolling()
    client.force_login(engagement.pm)

    for name, more in (("goals-edit", [2026, 11]), ("renewal-decide", [])):
        url = reverse(f"execution:{name}", args=[engagement.pk, *more])
        assert client.get(url).status_code == 404
