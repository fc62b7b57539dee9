from datetime import date
from decimal import Decimal as D

import pytest

from engagements.choices import Kind, Status
from engagements.execution.burn_down_chart import chart_of
from engagements.execution.choices import Health
from engagements.execution.rules.burn_down import Budget, burn_down_of
from engagements.execution.rules.health import (
    customer_is_told_why,
    last_day_of_week,
    missing_for_report,
    reasons_against_reporting,
    version_after,
    worst_of,
)
from engagements.execution.rules.health_colours import (
    OpenRisk,
    Previous,
    Schedule,
    Scope,
    suggest_budget,
    suggest_client,
    suggest_overall,
    suggest_schedule,
    suggest_scope,
)
from engagements.execution.rules.health_draft import (
    ReportFacts,
    customer_sees_hours,
    draft_of,
    told_hours,
)
from engagements.execution.rules.weeks import hours_in_week, why_nothing_to_tell
from engagements.rules.hours import WorkedHours
from tests.execution.health import GREEN, YELLOW, weeks

pytestmark = pytest.mark.unit

TODAY = date(2027, 2, 23)
RISK = OpenRisk("Vendor is slow", "high", "timeline", "open")
NO_HOURS = burn_down_of(WorkedHours(), None, today=TODAY)


def burning(budget, *rows):
    return burn_down_of(weeks(*rows), Budget(D(budget)), today=TODAY)


def test_r9_the_first_report_of_a_day_is_version_1_and_a_second_the_next():
    assert version_after([]) == 1
    assert version_after([2, 1]) == 3


def test_what_is_not_green_needs_its_reason_and_the_path_to_green():
    grey = GREEN | {"client": "red"}

    assert missing_for_report(GREEN, "", "") == []
    assert [r.code for r in missing_for_report(grey, " ", "")] == [
        "reason",
        "path_to_green",
    ]
    assert [r.code for r in missing_for_report(YELLOW, "Late", " ")] == [
        "path_to_green"
    ]
    assert missing_for_report(YELLOW, "Late", "Soon") == []


def test_the_customer_is_not_told_how_the_client_is_seen():
    assert not customer_is_told_why(GREEN | {"client": "red"})
    assert customer_is_told_why(GREEN | {"budget": "yellow"})


def test_the_whole_is_as_its_worst_part():
    assert worst_of([]) == Health.GREEN
    assert worst_of(["yellow", "red", "green"]) == Health.RED
    late = suggest_schedule(Schedule(TODAY, late=["Set it up"]))
    assert suggest_overall({"schedule": late}).colour == Health.YELLOW


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        (Kind.TRAINING, Status.ACTIVE, ["kind"]),
        (Kind.INTERNAL, Status.ACTIVE, ["kind"]),
        (Kind.DEDICATED, Status.CANCELLED, ["status"]),
        (Kind.CONSULTING, Status.PROSPECT, ["status"]),
        (Kind.BLENDED, Status.ON_HOLD, []),
        (Kind.CONSULTING, Status.ACTIVE, []),
    ],
)
def test_there_is_something_to_report_while_the_work_lives(kind, status, code):
    assert [r.code for r in reasons_against_reporting(kind, status)] == code


@pytest.mark.parametrize(
    ("schedule", "colour", "words"),
    [
        (Schedule(TODAY), Health.GREEN, "No step"),
        (Schedule(TODAY, planned_end=TODAY), Health.GREEN, "No step"),
        (
            Schedule(TODAY, planned_end=date(2027, 2, 22)),
            Health.RED,
            "planned end was Mon 22 Feb 2027",
        ),
        (Schedule(TODAY, holding_up=["Sign-off"]), Health.RED, "close waits"),
        (Schedule(TODAY, late=["A"], overdue=["B"]), Health.YELLOW, "2 late: B; A."),
        (Schedule(TODAY, late=list("ABCD")), Health.RED, "A; B; C (+1)"),
        (Schedule(TODAY, risks=[RISK]), Health.YELLOW, "Risk: Vendor is slow."),
    ],
)
def test_the_schedule_is_judged_by_what_is_late_before_the_close(
    schedule, colour, words
):
    found = suggest_schedule(schedule)

    assert found.colour == colour
    assert words in found.why


@pytest.mark.parametrize(
    ("scope", "colour", "words"),
    [
        (Scope(), Health.GREEN, "No change"),
        (Scope(risks=[RISK]), Health.GREEN, "No change"),
        (Scope(waiting_changes=["More users"]), Health.YELLOW, "More users"),
        (Scope(rejected=["Runbook"]), Health.YELLOW, "Runbook"),
        (
            Scope(risks=[OpenRisk("Wrong tool", "high", "scope", "occurred")]),
            Health.RED,
            "occurred: Wrong tool",
        ),
        (
            Scope(risks=[OpenRisk("Flaky", "low", "quality", "open", True)]),
            Health.YELLOW,
            "Flaky",
        ),
        (
            Scope(risks=[OpenRisk("Small", "medium", "scope", "open")]),
            Health.GREEN,
            "No change",
        ),
    ],
)
def test_the_scope_is_judged_by_changes_rejections_and_risks(scope, colour, words):
    found = suggest_scope(scope)

    assert (found.colour, words in found.why) == (colour, True)


@pytest.mark.parametrize(
    ("burn_down", "colour", "words"),
    [
        (NO_HOURS, Health.GREEN, "names no hours"),
        (burning(100, (20, 20), (20, 20)), Health.GREEN, "60 of 100 h are left"),
        (burning(30, (20, 20), (20, "10.25")), Health.RED, "0.25 h more"),
        # 20 + 20 + 20 booked of 56: not ten per cent too many; of 54: more.
        (burning(56, (20, 20), (20, 0), (20, 0)), Health.YELLOW, "60 of 56 h"),
        (burning(54, (20, 20), (20, 0), (20, 0)), Health.RED, "Fri 26 Feb 2027"),
        (burning(100, (20, 23), (20, 20)), Health.GREEN, "left"),
        (burning(100, (20, 25), (20, 20)), Health.YELLOW, "45 h are worked where 40"),
    ],
)
def test_the_budget_is_judged_by_hours_worked_and_booked(burn_down, colour, words):
    found = suggest_budget(burn_down)

    assert (found.colour, words in found.why) == (colour, True), found.why


def test_a_risk_on_the_budget_colours_it():
    risk = OpenRisk("Rates rise", "high", "budget", "open")

    assert suggest_budget(burning(100, (20, 20)), [risk]).why == "Risk: Rates rise."


def test_the_client_is_seen_as_in_the_last_report():
    before = Previous(date(2027, 2, 18), "red")

    assert suggest_client(before, ["Access"]).colour == Health.RED
    assert suggest_client(before, []).why == "As in the report of Thu 18 Feb 2027."
    assert suggest_client(None, []).colour == Health.GREEN
    assert suggest_client(None, ["Access"]).why == "The customer is late with: Access."


def test_the_draft_says_why_and_takes_over_the_path_to_green():
    risks = [
        OpenRisk("Low one", "low", "scope", "open"),
        OpenRisk("Vendor", "high", "timeline", "open", mitigation="Call them\nnow"),
        OpenRisk("Escalated", "medium", "budget", "open", True),
    ]
    facts = ReportFacts(
        burn_down=burning(100, (20, 20)),
        schedule=Schedule(TODAY, date(2027, 3, 31), late=["Set it up"]),
        scope=Scope(),
        risks=risks,
        done=[f"Step {n}" for n in range(14)],
        deliverables=3,
        accepted=1,
    )

    draft = draft_of(facts).values

    assert (draft["overall"], draft["schedule"], draft["scope"]) == (
        "yellow",
        "yellow",
        "green",
    )
    assert draft["reason"] == "Late: Set it up.\nRisk: Escalated."
    assert draft["path_to_green"] == "Call them\nnow"
    assert draft["risks"].splitlines() == [
        "Medium, escalated: Escalated",
        "High: Vendor – Call them now",
        "Low: Low one",
    ]
    assert draft["done"].splitlines()[-1] == "… and 2 more"
    assert draft["summary"] == (
        "1 of 3 deliverables are accepted. The work is planned until Wed 31 Mar 2027."
    )


def test_a_green_draft_has_no_reason_and_a_yellow_one_the_path_of_the_last_report():
    still = ReportFacts(NO_HOURS, Schedule(TODAY), Scope())
    before = Previous(TODAY, "green", path_to_green="As agreed")
    late = ReportFacts(NO_HOURS, Schedule(TODAY, late=["A"]), Scope(), before)

    assert draft_of(still).values["reason"] == draft_of(still).values["summary"] == ""
    assert draft_of(late).values["path_to_green"] == "As agreed"


def test_hours_are_kept_with_the_report_as_texts():
    told = told_hours(burning(54, (20, 20), (20, "7.25"), (20, 0), (20, 0)))

    assert told == {
        "worked": "27.25",
        "to_come": "40",
        "forecast": "67.25",
        "budget": "54",
        "remaining": "26.75",
        "forecast_left": "-13.25",
        "over": "2027-03-05",
    }
    assert told_hours(NO_HOURS) == {"worked": "0", "to_come": "0", "forecast": "0"}
    assert chart_of(NO_HOURS) is None


def test_hours_are_for_customers_who_are_billed_by_them():
    assert customer_sees_hours(Kind.DEDICATED, "")
    assert customer_sees_hours(Kind.CONSULTING, "time_and_materials")
    assert not customer_sees_hours(Kind.CONSULTING, "by_milestone")


def test_a_week_speaks_until_its_sunday():
    assert last_day_of_week(date(2027, 2, 22)) == date(2027, 2, 28)
    assert last_day_of_week(date(2027, 2, 28)) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("status", "since", "due", "words"),
    [
        (Status.ACTIVE, date(2027, 2, 1), date(2027, 2, 11), ""),
        (Status.ACTIVE, date(2027, 2, 1), date(2027, 2, 18), "Nobody has hours"),
        (Status.ACTIVE, date(2027, 2, 12), date(2027, 2, 11), "not active that"),
        (Status.OKAY_TO_START, date(2027, 2, 1), date(2027, 2, 11), "Okay to start"),
        (Status.CLOSED, date(2027, 2, 1), date(2027, 2, 11), "losed"),
    ],
)
def test_a_week_on_hold_or_without_hours_needs_no_report(status, since, due, words):
    hours = weeks((20, 0), (0, 0))

    found = why_nothing_to_tell(status, since, hours, due)

    assert words in found
    assert bool(found) is bool(words)


def test_where_nobody_tells_hours_each_week_counts():
    assert hours_in_week(None, TODAY) is hours_in_week(WorkedHours(), TODAY) is None
    assert hours_in_week(weeks((8, 3)), date(2027, 2, 6)) == D(8)
    assert hours_in_week(weeks((8, 3)), date(2027, 2, 13)) == D(0)
    assert why_nothing_to_tell(Status.ACTIVE, TODAY, None, TODAY) == ""
