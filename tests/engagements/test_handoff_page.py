import pytest
from django.urls import reverse

from engagements.models import Acknowledgement, Handoff, HandoffQuestion
from engagements.services.handoff_questions import ask_question
from psdelivery.livetext.models import LiveText
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.models import Step
from tests.factories.engagements import TeamMemberFactory
from tests.factories.handoff import again, begun, filled, hand_over
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


def url(name, engagement, *args):
    return reverse(f"engagements:handoff-{name}", args=[engagement.pk, *args])


def tab(engagement):
    return reverse("engagements:engagement-tab", args=[engagement.pk, "handoff"])


@pytest.fixture
def as_(client):
    def log_in(person):
        client.force_login(person)
        return client

    return log_in


@pytest.fixture
def account(consulting):
    person = UserFactory(roles=[Role.ACCOUNT])
    TeamMemberFactory(engagement=consulting, role=EngagementRole.SAL, person=person)
    return person


def test_an_empty_tab_says_what_it_is_and_begins_it(as_, coordinator, consulting):
    client = as_(coordinator)
    assert "has not begun" in client.get(tab(consulting)).content.decode()

    response = client.post(url("begin", consulting))

    assert response.url == tab(consulting)
    assert Handoff.objects.filter(engagement=consulting).exists()


def test_the_tab_names_what_is_missing_and_leads_there(as_, pm, consulting):
    begun(consulting)

    text = as_(pm).get(tab(consulting)).content.decode()

    assert "The goals are not written down." in text
    assert "#live-goals" in text
    assert f"{pm} has not acknowledged the handoff." in text
    assert 'name="text"' in text


def test_who_only_reads_has_no_fields(as_, account, consulting):
    filled(consulting)

    text = as_(account).get(tab(consulting)).content.decode()

    assert "Ship every week." in text
    assert "<textarea" not in text


def test_queries_do_not_grow_with_questions_and_texts(
    as_, pm, pse, consulting, django_assert_max_num_queries
):
    handoff = filled(consulting)
    for number in range(3):
        ask_question(handoff, f"Q {number}?", pm, by=pse, now=handoff.created_at)
    client = as_(pm)
    client.get(tab(consulting))

    def asked():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as found:
            client.get(tab(consulting))
        return len(found)

    few = asked()
    for number in range(27):
        ask_question(handoff, f"More {number}?", pm, by=pse, now=handoff.created_at)
    # As many lines of what is missing, and no more questions to the database.
    assert asked() == few
    assert few <= 30


def test_it_was_held_on_a_day_with_these_people(as_, coordinator, pm, consulting):
    filled(consulting)
    client = as_(coordinator)
    assert client.get(url("held", consulting)).status_code == 200

    typed = {"held_on": "2027-02-01", "attended": [pm.pk]}
    response = client.post(url("held", consulting), typed)

    assert response.url == tab(consulting)
    assert again(Handoff.objects.get()).done_at is not None
    assert "was in the call" in client.get(tab(consulting)).content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {"held_on": "2027-02-03"},
        {"held_on": ""},
        {"held_on": "2027-02-01", "attended": ["999999"]},
        {"held_on": "2027-02-01", "attended": ["x"]},
    ],
)
def test_a_call_that_cannot_be_is_refused(as_, coordinator, consulting, typed):
    filled(consulting)

    response = as_(coordinator).post(url("held", consulting), typed)

    assert response.status_code == 422
    assert Handoff.objects.get().held_on is None


def test_consulting_cannot_do_without_a_call(as_, coordinator, consulting):
    filled(consulting)

    response = as_(coordinator).post(url("written", consulting))

    assert response.status_code == 409
    assert "order form" in response.content.decode()


def test_acknowledged_from_its_page(as_, pm, consulting):
    filled(consulting)
    client = as_(pm)
    assert "I have read it" in client.get(tab(consulting)).content.decode()

    client.post(url("acknowledge", consulting))

    assert Acknowledgement.objects.get(person=pm).done_at is not None
    assert "I have read it" not in client.get(tab(consulting)).content.decode()


def test_acknowledged_from_my_day_in_one_click(as_, pm, consulting):
    filled(consulting)
    step = Acknowledgement.objects.get(person=pm).step
    client = as_(pm)
    assert "Acknowledge the handoff" in client.get("/").content.decode()

    client.post(reverse("playbooks:step-complete", args=[step.pk]))

    assert Acknowledgement.objects.get(person=pm).done_at is not None


def test_who_was_not_asked_acknowledges_nothing(as_, pse, consulting):
    filled(consulting)
    TeamMemberFactory(engagement=consulting, role=EngagementRole.PSE, person=pse)

    response = as_(pse).post(url("acknowledge", consulting))

    assert response.status_code == 409
    assert not Acknowledgement.objects.filter(person=pse).exists()


def test_the_lead_says_why_the_kickoff_comes_first(as_, coordinator, pm, consulting):
    begun(consulting)
    client = as_(pm)
    assert client.get(url("kickoff-first", consulting)).status_code == 200
    assert client.post(url("kickoff-first", consulting), {}).status_code == 422

    client.post(url("kickoff-first", consulting), {"reason": "They fly in"})

    assert Handoff.objects.get().early_by == pm
    assert "They fly in" in client.get(tab(consulting)).content.decode()
    refused = as_(coordinator).post(
        url("kickoff-first", consulting), {"reason": "Me too"}
    )
    assert refused.status_code == 422


def test_a_question_is_asked_answered_and_shown(as_, account, pm, consulting):
    handoff = begun(consulting)
    client = as_(pm)
    typed = {"text": "Which version?", "owner": account.pk}
    client.post(url("question-add", consulting), typed)
    question = HandoffQuestion.objects.get()

    client = as_(account)
    assert "Which version?" in client.get("/").content.decode()
    answer = url("question-answer", consulting, question.pk)
    assert client.get(answer).status_code == 200
    assert client.post(answer, {"answer": " "}).status_code == 422
    response = client.post(answer, {"answer": "17.4", "seen": ""})

    assert response.url == f"{handoff.get_absolute_url()}#question-{question.pk}"
    assert "17.4" in client.get(tab(consulting)).content.decode()
    assert "Which version?" not in client.get("/").content.decode()


def test_an_answer_that_came_late_keeps_what_was_typed(as_, pm, account, consulting):
    question = ask_question(
        begun(consulting), "Which?", None, by=pm, now=consulting.created_at
    )
    where = url("question-answer", consulting, question.pk)
    as_(account).post(where, {"answer": "17", "seen": ""})

    response = as_(pm).post(where, {"answer": "18", "seen": ""})

    text = response.content.decode()
    assert response.status_code == 422
    assert "“17”" in text
    assert "18" in text


def test_a_question_becomes_a_step(as_, pm, consulting):
    question = ask_question(
        begun(consulting), "Who has access?", None, by=pm, now=consulting.created_at
    )
    client = as_(pm)
    where = url("question-step", consulting, question.pk)
    assert "Who has access?" in client.get(where).content.decode()
    assert client.post(where, {"title": "Ask"}).status_code == 422

    client.post(
        where, {"title": "Ask for access", "owner": pm.pk, "due_day": "2027-02-05"}
    )

    step = Step.objects.get(title="Ask for access")
    assert step.assignee == pm
    text = client.get(tab(consulting)).content.decode()
    assert step.get_absolute_url() in text
    # And back from the step to the question.
    assert (
        f"#question-{question.pk}"
        in client.get(step.get_absolute_url()).content.decode()
    )


def test_the_summary_is_made_from_the_record(as_, pm, consulting):
    filled(consulting)

    text = as_(pm).get(url("summary", consulting)).content.decode()

    assert "Ship every week." in text
    assert "measured by" in text


def test_a_done_handoff_says_so(as_, pm, consulting):
    hand_over(consulting)

    assert "The handoff is done" in as_(pm).get(tab(consulting)).content.decode()


@pytest.mark.parametrize("name", ["held", "kickoff-first", "summary", "question-add"])
def test_what_has_not_begun_has_no_pages(as_, pm, consulting, name):
    assert as_(pm).get(url(name, consulting)).status_code == 404


def test_strangers_see_nothing_and_write_nothing(as_, consulting):
    handoff = filled(consulting)
    stranger = UserFactory(roles=[Role.PSE])
    client = as_(stranger)
    row = LiveText.objects.get(sheet=handoff.sheet, key="goals")

    assert client.get(tab(consulting)).status_code == 404
    save = reverse("livetext:text-save", args=[handoff.sheet_id, "goals"])
    assert client.post(save, {"text": "x", "version": row.version}).status_code == 404
    poll = reverse("livetext:sheet-changes", args=[handoff.sheet_id])
    assert client.get(poll).status_code == 404


def test_who_may_only_answer_does_not_write_the_record(as_, account, consulting):
    handoff = filled(consulting)
    row = LiveText.objects.get(sheet=handoff.sheet, key="goals")
    save = reverse("livetext:text-save", args=[handoff.sheet_id, "goals"])

    response = as_(account).post(save, {"text": "x", "version": row.version})

    assert response.status_code == 403
    assert as_(account).get(
        reverse("livetext:sheet-changes", args=[handoff.sheet_id])
    ).status_code in {200, 204}


CALL = {
    "day": "2027-02-08",
    "clock": "10:00",
    "zone": "Europe/Berlin",
    "minutes": "60",
}


def test_the_call_is_scheduled_moved_and_called_off(as_, coordinator, pm, consulting):
    begun(consulting)
    client, where = as_(coordinator), url("call", consulting)
    offered = client.get(where).context["form"].fields["attendees"].queryset
    assert set(offered) == {coordinator, pm}

    client.post(where, CALL | {"attendees": [pm.pk]})
    call = Handoff.objects.get().invitation
    assert (call.sequence, call.attendees[0]["person"]) == (0, pm.pk)
    assert not Step.objects.get(engagement=consulting, key="handoff-scheduled").is_open
    assert str(coordinator) in client.get(tab(consulting)).content.decode()

    client.post(where, CALL | {"clock": "11:00", "attendees": [pm.pk, coordinator.pk]})
    call.refresh_from_db()
    assert (call.sequence, call.starts_at.hour) == (1, 10)
    client.post(url("call-cancel", consulting))
    call.refresh_from_db()
    assert (call.state, call.sequence) == ("cancelled", 2)
    assert client.post(url("call-cancel", consulting)).status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [{"day": ""}, {"clock": "25:00"}, {"zone": "Mars"}, {"minutes": "0"},
     {"attendees": []}, {"attendees": ["999999"]}],
)  # fmt: skip
def test_a_call_that_nobody_could_join_is_refused(as_, coordinator, consulting, wrong):
    begun(consulting)
    typed = CALL | {"attendees": [coordinator.pk]} | wrong

    response = as_(coordinator).post(url("call", consulting), typed)

    assert response.status_code == 422
    assert Handoff.objects.get().invitation is None
