from datetime import date

import pytest
import time_machine
from django.urls import reverse

from engagements.choices import Status
from engagements.execution.models import DiscoverySession
from engagements.models import Engagement
from psdelivery.people.choices import EngagementRole, Role
from tests.factories.discovery import (
    QUESTIONS,
    answer,
    ask,
    question_set,
    session_of,
    write,
)
from tests.factories.engagements import (
    NOW,
    EngagementFactory,
    OfferingFactory,
    registered,
)
from tests.factories.people import UserFactory
from tests.factories.shipped import ship_playbooks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def pia():
    return UserFactory(roles=[Role.PSE])


@pytest.fixture
def work(pia):
    ship_playbooks()
    made = registered(title="Move", team=[(EngagementRole.PSE, pia)])
    Engagement.objects.filter(pk=made.pk).update(status=Status.ACTIVE)
    return Engagement.objects.select_related("checklist", "customer").get(pk=made.pk)


@pytest.fixture
def session(work, pia):
    made = session_of(work, by=pia)
    ask(made, by=pia)
    return made


@pytest.fixture
def as_pia(client, pia):
    client.force_login(pia)
    return client


def url(name, pk):
    return reverse(f"execution:{name}", args=[pk])


def tab_of(engagement):
    return f"{engagement.get_absolute_url()}discovery/"


def texts(session):
    return list(session.questions.values_list("text", flat=True))


def test_the_tab_teaches_what_a_session_is_and_leads_to_the_first(as_pia, work):
    page = as_pia.get(tab_of(work)).content.decode()
    assert "No discovery session yet" in page
    add = url("discovery-add", work.pk)
    assert add in page

    offering = OfferingFactory()
    work.offerings.add(offering)
    fitting, other = question_set(offerings=[offering]), question_set("other")
    form = as_pia.get(add).context["form"]
    assert form["sets"].initial == [fitting.pk]

    typed = {"title": "Sizes", "day": "2027-02-16", "sets": [fitting.pk]}
    made = as_pia.post(add, typed)
    session = DiscoverySession.objects.get()
    assert made.url == session.get_absolute_url()
    assert (session.held_on, len(texts(session))) == (date(2027, 2, 16), 3)
    page = as_pia.get(tab_of(work)).content.decode()
    assert "0 of 3" in page
    assert other.title not in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"day": "soon"}, "day"),
        ({"day": "9999-12-31"}, "day"),
        ({"sets": ["999"]}, "sets"),
    ],
)
def test_bad_input_is_said_at_its_field_and_no_session_is_made(
    as_pia, work, typed, field
):
    answer = as_pia.post(url("discovery-add", work.pk), {"title": "Sizes"} | typed)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not DiscoverySession.objects.exists()


def test_the_tab_is_there_from_the_set_up_on_or_with_a_session(client):
    client.force_login(UserFactory(roles=[Role.COORDINATOR]))
    early = EngagementFactory(status=Status.PROSPECT)
    training = EngagementFactory(active=True, kind="training")

    assert client.get(tab_of(early)).status_code == 404
    assert client.get(tab_of(training)).status_code == 404
    ship_playbooks()
    session_of(early)
    assert client.get(tab_of(early)).status_code == 200


def test_the_account_team_does_not_see_discovery(client, session, work):
    sally = UserFactory(roles=[Role.ACCOUNT])
    work.team.create(role=EngagementRole.SAL, person=sally)
    client.force_login(sally)

    assert client.get(tab_of(work)).status_code == 403
    assert client.get(session.get_absolute_url()).status_code == 403
    assert "Discovery" not in client.get(work.get_absolute_url()).content.decode()


def test_leadership_reads_and_does_not_write(client, session):
    client.force_login(UserFactory(roles=[Role.LEADERSHIP]))

    page = client.get(session.get_absolute_url()).content.decode()
    assert "How many users?" in page
    assert "data-live-form" not in page
    assert "Edit questions" not in page
    sheet = reverse("livetext:text-save", args=[session.sheet_id, "notes"])
    assert client.post(sheet, {"text": "x", "version": 0}).status_code == 403
    assert client.get(url("discovery-edit", session.pk)).status_code == 403


def test_answers_are_saved_one_by_one_and_both_texts_shown_on_a_conflict(
    as_pia, session
):
    key = f"answer-{session.questions.first().pk}"
    save = reverse("livetext:text-save", args=[session.sheet_id, key])

    assert as_pia.post(save, {"text": "250", "version": 0}).status_code == 302
    assert "1 of 3" in as_pia.get(session.get_absolute_url()).content.decode()
    other = UserFactory(roles=[Role.COORDINATOR])
    as_pia.force_login(other)
    late = as_pia.post(save, {"text": "300", "version": 0})
    assert late.status_code == 409
    page = late.content.decode()
    assert all(words in page for words in ("How many users?", "250", "300"))


def test_questions_are_edited_as_a_text(as_pia, session):
    page = url("discovery-questions", session.pk)
    form = as_pia.get(page).context["form"]
    assert form["questions"].value() == QUESTIONS

    more = question_set("more", typed="# Access\nWhich proxy?")
    typed = {"questions": "Which log-in?\nHow many active users?", "sets": [more.pk]}
    typed |= {"seen": form["seen"].value()}
    assert as_pia.post(page, typed).url == session.get_absolute_url()
    assert texts(session) == ["Which log-in?", "How many active users?", "Which proxy?"]


def test_who_edits_questions_that_changed_meanwhile_is_told_once(as_pia, session):
    page = url("discovery-questions", session.pk)
    seen = as_pia.get(page).context["form"]["seen"].value()
    ask(session, f"{QUESTIONS}\nWho decides?")

    mine = as_pia.post(page, {"questions": QUESTIONS, "seen": seen})
    assert mine.status_code == 409
    assert mine.context["form"].meanwhile == ["Who decides?"]
    assert len(texts(session)) == 4
    again = mine.context["form"]["seen"].value()
    assert as_pia.post(page, {"questions": QUESTIONS, "seen": again}).status_code == 302
    assert len(texts(session)) == 3


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Why?\x00", "control characters"),
        ("x" * 301, "longer than 300"),
        ("Which log-in?", "has an answer"),
    ],
)
def test_questions_that_cannot_be_kept_say_why_and_nothing_is_written(
    as_pia, session, typed, words
):
    answer(session.questions.first(), "250")
    page = url("discovery-questions", session.pk)

    refused = as_pia.post(page, {"questions": typed})
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert len(texts(session)) == 3


def test_another_question_is_asked_from_the_page_of_the_session(as_pia, session):
    add = url("discovery-question-add", session.pk)

    assert as_pia.post(add, {"text": "  Who   decides? "}).status_code == 302
    assert texts(session)[-1] == "Who decides?"
    empty = as_pia.post(add, {"text": ""})
    assert empty.status_code == 422
    assert "another-errors" in empty.content.decode()


def test_title_and_day_are_edited_and_a_dated_day_is_moved_elsewhere(as_pia, session):
    page = url("discovery-edit", session.pk)

    as_pia.post(page, {"title": "Sizes", "day": "2027-02-16"})
    session.refresh_from_db()
    assert (session.title, session.held_on) == ("Sizes", date(2027, 2, 16))
    shown = as_pia.get(page)
    assert "day" not in shown.context["form"].fields
    assert "/dates/" in shown.context["move_url"]
    assert as_pia.post(page, {"title": ""}).status_code == 422


def test_an_empty_session_is_taken_away_and_a_written_one_says_why_not(as_pia, session):
    write(session, "notes", "They grow")
    remove = url("discovery-remove", session.pk)

    refused = as_pia.post(remove)
    assert refused.status_code == 409
    assert "Something is written in it" in refused.content.decode()
    write(session, "notes", "")
    assert as_pia.post(remove, follow=True).status_code == 200
    assert not DiscoverySession.objects.exists()


def test_a_session_of_what_is_over_is_only_read(as_pia, session, work):
    Engagement.objects.filter(pk=work.pk).update(status=Status.COMPLETED)

    assert (
        "data-live-form" not in as_pia.get(session.get_absolute_url()).content.decode()
    )
    for name in ("discovery-edit", "discovery-questions"):
        assert as_pia.get(url(name, session.pk)).status_code == 409
    assert as_pia.get(url("discovery-add", work.pk)).status_code == 409


def test_a_session_is_printed_with_what_is_open(as_pia, session):
    answer(session.questions.first(), "**250**")
    write(session, "recap", "We build two sites")

    page = as_pia.get(url("discovery-print", session.pk)).content.decode()
    assert "<strong>250</strong>" in page
    assert page.count("No answer yet.") == 2
    assert "We build two sites" in page


def test_the_step_leads_to_the_session(as_pia, session, work):
    step = work.steps.get(key="discovery-questions-sent")

    assert (
        session.get_absolute_url()
        in as_pia.get(step.get_absolute_url()).content.decode()
    )
    other = work.steps.get(key="discovery-dated")
    DiscoverySession.objects.all().delete()
    assert tab_of(work) in as_pia.get(other.get_absolute_url()).content.decode()


def test_pages_cost_the_same_queries_for_any_number_of_sessions_and_questions(
    client, work, session, django_assert_max_num_queries, django_assert_num_queries
):
    client.force_login(UserFactory(roles=[Role.COORDINATOR]))
    client.get(tab_of(work))
    with django_assert_max_num_queries(25) as few:
        client.get(tab_of(work))
    with django_assert_max_num_queries(25) as short:
        client.get(session.get_absolute_url())

    for number in range(27):
        session_of(work, title=f"Session {number}")
    ask(session, "\n".join(f"{number}?" for number in range(30)))
    with django_assert_num_queries(len(few)):
        client.get(tab_of(work))
    with django_assert_num_queries(len(short)):
        client.get(session.get_absolute_url())
