from datetime import date

import pytest

from engagements.execution.choices import Priority, RiskStatus
from engagements.execution.models import Deliverable, ProjectRisk, RaciRow
from engagements.execution.plan_templates import shipped_templates, template_for
from engagements.execution.rules.plan import (
    by_due_day,
    reasons_against_agreed_plan,
    reasons_against_editing,
    reasons_against_kind,
    reasons_against_removing,
)
from engagements.execution.rules.plan import gaps_of as gaps_of_deliverable
from engagements.execution.rules.raci import (
    RaciLine,
    lines_not_there,
    reasons_against_agreed_raci,
    reasons_against_lines,
    reasons_of_unseen_raci,
    sight_of_raci,
)
from engagements.execution.rules.risks import (
    closed_on_after,
    gaps_of,
    in_order,
    reasons_against_risk_list,
)
from tests.playbooks.test_shipped_catalogue import OFFERINGS

TODAY = date(2027, 2, 1)
YESTERDAY = date(2027, 1, 31)

pytestmark = pytest.mark.unit


def risk(pk, **fields):
    return ProjectRisk(pk=pk, engagement_id=1, title=f"Risk {pk}", **fields)


def planned(pk=1, **fields):
    whole = {"owner_id": 1, "due_on": TODAY, "acceptance_criteria": "Works"}
    return Deliverable(pk=pk, title=f"D{pk}", **whole | fields)


def row(pk, activity, **fields):
    return RaciRow(pk=pk, activity=activity, **fields)


def codes(reasons):
    return [reason.code for reason in reasons]


def test_open_escalated_and_high_risks_come_first():
    low, high = risk(1, priority=Priority.LOW), risk(2, priority=Priority.HIGH)
    told = risk(3, priority=Priority.LOW, is_escalated=True)
    over = risk(4, priority=Priority.HIGH, status=RiskStatus.CLOSED)

    assert in_order([over, low, high, told]) == [told, high, low, over]


@pytest.mark.parametrize(
    ("status", "before", "after"),
    [("closed", None, TODAY), ("closed", YESTERDAY, YESTERDAY),
     ("open", YESTERDAY, None), ("occurred", None, None)],
)  # fmt: skip
def test_the_day_of_closing_is_kept_and_goes_when_it_opens_again(status, before, after):
    assert closed_on_after(status, before, today=TODAY) == after


def test_an_open_risk_wants_an_owner_and_a_mitigation():
    assert gaps_of(risk(1, mitigation=" ")) == ["owner", "mitigation"]
    assert gaps_of(risk(1, owner_id=1, mitigation="Ask")) == []
    assert gaps_of(risk(1, status=RiskStatus.CLOSED)) == []


def test_a_list_without_risks_is_no_list():
    whole = risk(1, owner_id=1, mitigation="Ask")

    assert codes(reasons_against_risk_list([])) == ["no-risks"]
    assert codes(reasons_against_risk_list([whole, risk(2)])) == ["risk-gap"]
    assert reasons_against_risk_list([whole]) == []


def test_deliverables_stand_by_their_day_and_those_without_at_the_end():
    late, none, soon = (
        planned(1),
        planned(2, due_on=None),
        planned(3, due_on=YESTERDAY),
    )

    assert by_due_day([late, none, soon]) == [soon, late, none]


def test_a_milestone_needs_no_criteria():
    empty = {"owner_id": None, "due_on": None, "acceptance_criteria": ""}

    assert len(gaps_of_deliverable(planned(**empty))) == 3
    assert len(gaps_of_deliverable(planned(**empty, is_milestone=True))) == 2
    assert gaps_of_deliverable(planned()) == []


def test_a_plan_is_agreed_when_nothing_is_missing():
    assert codes(reasons_against_agreed_plan([])) == ["no-plan"]
    assert codes(reasons_against_agreed_plan([planned(owner_id=None)])) == ["plan-gap"]
    assert reasons_against_agreed_plan([planned()]) == []


def test_what_was_accepted_stays_and_what_was_worked_on_is_not_taken_off():
    accepted = planned(state="accepted")

    assert codes(reasons_against_editing(accepted)) == ["accepted"]
    assert reasons_against_editing(planned(state="rejected")) == []
    assert reasons_against_removing(planned(), has_versions=False) == []
    assert reasons_against_removing(planned(), has_versions=True)
    assert reasons_against_removing(planned(state="in_review"), has_versions=False)
    assert reasons_against_kind(planned(), has_versions=False) == []
    assert reasons_against_kind(planned(), has_versions=True)


def test_the_template_adds_only_what_is_not_there():
    lines = [RaciLine("Go-live"), RaciLine("Scope"), RaciLine("go-live ")]

    assert lines_not_there(lines, [row(1, " scope")]) == [RaciLine("Go-live")]


def test_an_activity_stands_there_once():
    assert codes(reasons_against_lines([RaciLine("A b"), RaciLine("a  B")])) == [
        "twice"
    ]
    assert reasons_against_lines([RaciLine("A"), RaciLine("B")]) == []


def test_a_table_changed_meanwhile_is_noticed():
    rows = [row(1, "Scope")]

    assert reasons_of_unseen_raci(None, rows) == []
    assert reasons_of_unseen_raci(sight_of_raci(rows), rows) == []
    assert reasons_of_unseen_raci(sight_of_raci([]), rows)


def test_an_agreed_table_says_who_does_it_and_who_answers_for_it():
    whole = row(1, "Scope", responsible="PM", accountable="Sponsor")

    assert codes(reasons_against_agreed_raci([])) == ["no-raci"]
    assert reasons_against_agreed_raci([whole]) == []
    refused = reasons_against_agreed_raci([whole, row(2, "Go-live", responsible="PM")])
    assert "“Go-live”" in refused[0].sentence


def test_what_was_sold_adds_to_the_template_of_the_kind():
    plain, sold = (template_for("consulting", keys) for keys in ([], ["scm-migration"]))

    assert "{topics}" not in plain.agenda
    assert len(sold.raci) > len(plain.raci)
    assert "pilot first" in sold.agenda
    assert sold.agenda.splitlines()[-1].startswith(f"{sold.agenda.count(chr(10)) + 1}.")


def test_every_offering_but_education_has_its_template():
    known = {key for one in shipped_templates() for key in one.offerings}
    wanted = {entry["key"] for entry in OFFERINGS if entry["playbook"] != "training"}

    assert known == wanted


@pytest.mark.parametrize("kind", ["consulting", "blended", "dedicated"])
def test_a_shipped_table_is_whole(kind):
    every = [key for one in shipped_templates() for key in one.offerings]
    template = template_for(kind, every)
    rows = [
        row(n, one.activity, responsible=one.responsible, accountable=one.accountable)
        for n, one in enumerate(template.raci)
    ]

    assert reasons_against_agreed_raci(rows) == []
    assert reasons_against_lines(template.raci) == []
    assert template.communication
