import pytest
from django.urls import reverse

from engagements.choices import AssessmentOutcome, Condition
from engagements.models import Assessment, NeededSkill
from engagements.queries import step_of
from engagements.rules.assessment import (
    is_qualified,
    qualifying_questions,
    reasons_against_outcome,
)
from engagements.rules.gate import Evidence
from engagements.services.assessment import save_assessment
from engagements.services.gate import record_condition
from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.models import Skill
from psdelivery.registry import RuleRefused
from tests.factories.engagements import NOW, registered
from tests.factories.people import UserFactory
from tests.factories.shipped import ship_playbooks

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return UserFactory(roles=[Role.EM])


@pytest.fixture
def engagement(manager):
    ship_playbooks()
    return registered(team=[(EngagementRole.EM, manager)], by=manager)


@pytest.fixture
def skill():
    return Skill.objects.get_or_create(name="Kubernetes")[0]


def test_r2_what_was_recorded_by_hand_stays_while_no_skill_is_touched(
    engagement, manager
):
    day = NOW.date()
    record_condition(engagement, "skills", Evidence(day), by=manager, now=NOW)

    save_assessment(engagement, {"summary": "Move"}, [], by=manager, now=NOW)

    assert condition(engagement).is_met


def needed(skill, people=2):
    return NeededSkill(skill=skill, level=3, people=people)


def condition(engagement):
    return engagement.conditions.get(code=Condition.SKILLS)


def test_r2_skills_named_follows_from_the_assessment(engagement, manager, skill):
    save_assessment(engagement, {}, [needed(skill)], by=manager, now=NOW)
    assert condition(engagement).is_met

    save_assessment(engagement, {}, [], by=manager, now=NOW)
    assert not condition(engagement).is_met


def test_steps_of_the_assessment_are_ticked_by_what_stands_in_it(
    engagement, manager, skill
):
    answers = {question.key: "Yes" for question in qualifying_questions()}
    save_assessment(
        engagement,
        {
            "answers": answers,
            "summary": "Move 200 people",
            "effort": {"pse": 40.0},
            "scoping_url": "https://example.com/scope",
            "outcome": AssessmentOutcome.GO,
        },
        [needed(skill)],
        by=manager,
        now=NOW,
    )

    keys = ["qualify", "scoping-summary", "skills-and-effort", "assessment-outcome"]
    assert not any(step_of(engagement, key).is_open for key in keys)
    assert step_of(engagement, "scoping-summary").evidence.url.endswith("/scope")
    assert Assessment.objects.get().decided_by == manager
    event = Event.objects.get(verb="assessment-decided")
    assert event.changes["outcome"] == ["", "go"]


def test_a_go_without_scope_is_refused_and_nothing_is_kept(engagement, manager):
    with pytest.raises(RuleRefused) as refused:
        save_assessment(
            engagement, {"outcome": AssessmentOutcome.GO}, [], by=manager, now=NOW
        )

    codes = [reason.code for reason in refused.value.reasons]
    assert codes == ["summary", "skills", "effort"]
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("outcome", ["no_go", "rework"])
def test_a_no_needs_a_word_why(outcome):
    assessment = Assessment(outcome=outcome)
    assert [r.code for r in reasons_against_outcome(assessment, has_skills=False)]

    assessment.outcome_note = "Budget"
    assert reasons_against_outcome(assessment, has_skills=False) == []


def test_a_question_without_an_answer_leaves_the_customer_unqualified():
    answers = {question.key: "Yes" for question in qualifying_questions()}
    assert len(answers) == 5
    assert is_qualified(Assessment(answers=answers))
    assert not is_qualified(Assessment(answers=answers | {"lead": " "}))


def typed(skill, **more):
    return {
        "answer_lead": "Ann and Bob",
        "summary": "Move them",
        "assumptions": "They have a cluster",
        "effort": "pse 40\ntechnical_architect 8",
        "scoping_url": "",
        "outcome": "go",
        "outcome_note": "",
        "skills-TOTAL_FORMS": "1",
        "skills-INITIAL_FORMS": "0",
        "skills-0-skill": str(skill.pk),
        "skills-0-level": "3",
        "skills-0-people": "2",
        **more,
    }


def test_the_form_writes_the_assessment_and_the_tab_shows_it(
    client, engagement, manager, skill
):
    client.force_login(manager)
    address = reverse("engagements:assessment-edit", args=[engagement.pk])

    assert client.post(address, typed(skill)).status_code == 302

    page = client.get(f"{engagement.get_absolute_url()}assessment/").content.decode()
    for words in ["Ann and Bob", "2 × Kubernetes, delivers alone", "PSE 40"]:
        assert words in page
    assert "Ann and Bob" in client.get(address).content.decode()


def test_the_form_names_what_is_wrong_and_keeps_what_was_typed(
    client, engagement, manager, skill
):
    client.force_login(manager)
    address = reverse("engagements:assessment-edit", args=[engagement.pk])

    wrong = typed(skill, effort="wizard 3", **{"skills-0-people": "0"})
    answer = client.post(address, wrong)

    assert answer.status_code == 422
    assert "wizard 3" in answer.content.decode()
    assert not Assessment.objects.exists()


def test_the_same_skill_twice_is_refused(client, engagement, manager, skill):
    client.force_login(manager)
    address = reverse("engagements:assessment-edit", args=[engagement.pk])
    twice = {
        "skills-TOTAL_FORMS": "2",
        "skills-1-skill": str(skill.pk),
        "skills-1-level": "1",
        "skills-1-people": "1",
    }

    answer = client.post(address, typed(skill, **twice))

    assert answer.status_code == 422
    assert "Each skill stands once" in answer.content.decode()


def test_the_form_is_saved_as_a_browser_sends_it_untouched(client, engagement, manager):
    client.force_login(manager)
    address = reverse("engagements:assessment-edit", args=[engagement.pk])
    empty_row = {"skills-0-skill": "", "skills-0-level": "", "skills-0-people": "1"}
    sent = {"skills-TOTAL_FORMS": "1", "skills-INITIAL_FORMS": "0", **empty_row}

    assert client.post(address, {"summary": "Move", **sent}).status_code == 302
    assert 'value="" selected' in client.get(address).content.decode()
