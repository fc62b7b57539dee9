from datetime import date, timedelta

import pytest

from engagements.choices import Status
from engagements.execution.discovery import (
    answer_fields,
    page_of,
    step_of,
    steps_of,
    texts_of_session,
)
from engagements.execution.models import DiscoveryQuestion, DiscoverySession
from engagements.execution.services.discovery import (
    edit_session,
    put_day,
    remove_session,
    usual_day,
)
from engagements.models import Engagement, TeamMember
from engagements.services.team import add_member
from psdelivery.history.models import Event
from psdelivery.livetext.models import LiveText
from psdelivery.livetext.queries import changes_since
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.moves import AnchorChange, apply_moves, undo_move
from psdelivery.playbooks.services.steps import complete_step, reopen_step
from psdelivery.registry import RuleRefused
from tests.factories.discovery import (
    answer,
    ask,
    question_set,
    session_of,
    sheet_of,
    write,
)
from tests.factories.engagements import (
    NOW,
    EngagementFactory,
    OfferingFactory,
    registered,
)
from tests.factories.people import CustomerFactory, UserFactory
from tests.factories.shipped import ship_playbooks

pytestmark = pytest.mark.django_db
# Monday 1 February 2027 is now; Tuesday 16 February the session.
DAY = date(2027, 2, 16)


@pytest.fixture
def paul():
    return UserFactory(roles=[Role.PM])


@pytest.fixture
def work(paul):
    ship_playbooks()
    customer = CustomerFactory(zone="Europe/Berlin", country="DE")
    return registered(customer=customer, title="Move", team=[(EngagementRole.PM, paul)])


def fresh(session):
    return DiscoverySession.objects.select_related(
        "engagement__checklist", "engagement__customer", "sheet", "checklist"
    ).get(pk=session.pk)


def step(engagement, key):
    return Step.objects.get(checklist=engagement.checklist_id, key=key)


def test_the_first_session_dates_the_anchor_and_serves_the_steps_of_the_engagement(
    work, paul
):
    session = session_of(work, day=DAY, by=paul)

    assert (session.checklist, session.held_on) == (None, DAY)
    assert work.checklist.anchors.get(key="discovery").day == DAY
    assert not step(work, "discovery-dated").is_open
    # Three business days before, on the customer's calendar.
    assert step(work, "discovery-questions-sent").due_day == date(2027, 2, 11)
    assert step_of(session, "discovery-notes") == step(work, "discovery-notes")
    assert Event.objects.get(verb="discovery-added").subject_id == str(session.pk)


def test_a_further_session_has_steps_of_its_own_which_ask_for_its_day(work, paul):
    session_of(work, day=DAY, by=paul)
    later = session_of(work, title="Builds", by=paul)

    assert later.checklist.title == "Move · Builds"
    waiting = step_of(later, "discovery-dated")
    assert waiting.due_day == date(2027, 2, 4)
    assert step_of(later, "discovery-questions-sent").due_day is None

    complete_step(waiting, Completion(happened_on=DAY + timedelta(7)), by=paul, now=NOW)
    assert fresh(later).held_on == date(2027, 2, 23)
    assert step_of(later, "discovery-questions-sent").due_day == date(2027, 2, 18)
    # The other one stays where it is.
    assert work.checklist.anchors.get(key="discovery").day == DAY


def test_a_day_that_was_agreed_before_is_the_day_of_the_session(work, paul):
    complete_step(
        step(work, "discovery-dated"), Completion(happened_on=DAY), by=paul, now=NOW
    )
    assert usual_day(work) == DAY

    with pytest.raises(RuleRefused) as refused:
        session_of(work, day=DAY + timedelta(1), by=paul)
    assert refused.value.reasons[0].code == "dated"
    assert "/dates/" in refused.value.reasons[0].fix_url
    assert not DiscoverySession.objects.exists()

    assert session_of(work, by=paul).held_on == DAY
    assert usual_day(work) is None


def test_a_session_follows_its_anchor_when_it_moves_and_when_that_is_undone(work, paul):
    session = session_of(work, day=DAY, by=paul)
    anchor = work.checklist.anchors.get(key="discovery")

    to = AnchorChange(anchor, DAY + timedelta(2))
    move = apply_moves([to], checklist=work.checklist, by=paul, now=NOW)
    assert fresh(session).held_on == date(2027, 2, 18)
    undo_move(move, by=paul, now=NOW)
    assert fresh(session).held_on == DAY


def test_work_without_a_checklist_has_sessions_too(paul):
    ship_playbooks()
    work = EngagementFactory(active=True)
    session = session_of(work, day=DAY, by=paul)

    assert session.checklist.parent is None
    assert steps_of(session).count() == 5
    assert session.held_on == DAY


def test_title_and_missing_day_are_changed_and_told(work, paul):
    session = session_of(work, by=paul)
    edit_session(session, "Sizes", DAY, by=paul, now=NOW)

    assert (fresh(session).title, fresh(session).held_on) == ("Sizes", DAY)
    assert Event.objects.get(verb="discovery-edited").changes["title"][1] == "Sizes"
    with pytest.raises(RuleRefused):
        put_day(fresh(session), DAY + timedelta(1), by=paul, now=NOW)


def test_steps_of_a_session_follow_the_team(work, paul):
    session_of(work, day=DAY, by=paul)
    later = session_of(work, title="Builds", by=paul)
    pia = UserFactory(roles=[Role.PSE])

    member = TeamMember(engagement=work, role=EngagementRole.PSE, person=pia)
    add_member(member, by=paul, now=NOW)
    assert step_of(later, "discovery-notes").assignee == pia


def test_what_is_ticked_by_hand_stands_in_the_session_and_goes_with_the_tick(
    work, paul
):
    session = session_of(work, day=DAY, by=paul)
    sent = complete_step(
        step(work, "discovery-questions-sent"),
        Completion(note="By chat"),
        by=paul,
        now=NOW,
    )
    read = complete_step(
        step(work, "discovery-read-back"), Completion(), by=paul, now=NOW
    )
    told = fresh(session)
    assert (told.questions_sent_at, told.read_back_at, told.read_back_by) == (
        NOW,
        NOW,
        paul,
    )

    reopen_step(sent, by=paul, now=NOW)
    reopen_step(read, by=paul, now=NOW)
    told = fresh(session)
    assert (told.questions_sent_at, told.read_back_at, told.read_back_by) == (None,) * 3


def test_a_session_goes_with_its_own_steps_while_nothing_is_written(work, paul):
    first = session_of(work, day=DAY, by=paul)
    later = session_of(work, title="Builds", by=paul)
    ask(later)
    own = later.checklist

    remove_session(later, by=paul, now=NOW)
    assert not Step.objects.open().filter(checklist=own).exists()
    assert not LiveText.objects.filter(key__startswith="answer-").exists()
    remove_session(fresh(first), by=paul, now=NOW)
    # The steps of the engagement wait for the next session.
    assert step(work, "discovery-notes").is_open
    again = session_of(work, by=paul)
    assert (again.checklist, again.held_on) == (None, DAY)

    write(again, "notes", "They grow")
    with pytest.raises(RuleRefused):
        remove_session(fresh(again), by=paul, now=NOW)


def test_nothing_is_added_to_what_is_over(work, paul):
    session = session_of(work, by=paul)
    Engagement.objects.filter(pk=work.pk).update(status=Status.CANCELLED)
    work.refresh_from_db()

    for try_it in (
        lambda: session_of(work, by=paul),
        lambda: ask(fresh(session)),
        lambda: edit_session(fresh(session), "X", None, by=paul, now=NOW),
        lambda: remove_session(fresh(session), by=paul, now=NOW),
    ):
        with pytest.raises(RuleRefused):
            try_it()


# Questions


def asked(session):
    return list(session.questions.values_list("section", "text"))


def test_questions_of_sets_are_taken_once_and_remember_where_they_came_from(work, paul):
    offering = OfferingFactory()
    work.offerings.add(offering)
    first = question_set(offerings=[offering])
    second = question_set("more", typed="# Access\nWhich log-in?\nWhich proxy?")

    session = session_of(work, sets=[first, second], by=paul)
    assert asked(session) == [
        ("Size", "How many users?"),
        ("Size", "How many repositories?"),
        ("Access", "Which log-in?"),
        ("Access", "Which proxy?"),
    ]
    sources = session.questions.values_list("source__question_set__key", flat=True)
    assert list(sources) == ["backups", "backups", "backups", "more"]
    first.questions.all().delete()
    assert session.questions.count() == 4


def test_a_question_keeps_its_answer_in_other_words_and_elsewhere(work, paul):
    session = session_of(work, by=paul)
    users, repositories, _log_in = ask(session)
    answer(users, "250", by=paul)

    ask(session, "How large are the registries?\nHow many active users?")
    texts = texts_of_session(fresh(session))
    assert [(q.text, texts.answer_to(q)) for q in texts.questions] == [
        ("How large are the registries?", ""),
        ("How many active users?", "250"),
    ]
    assert (texts.answered, len(texts.unanswered)) == (1, 1)

    with pytest.raises(RuleRefused) as refused:
        ask(session, "How large are the registries?")
    assert refused.value.reasons[0].code == "answered"


def test_others_hear_that_questions_came_or_went(work, paul):
    session = session_of(work, by=paul)
    before = sheet_of(session).version
    (question,) = ask(session, "How many users?")

    (news,) = changes_since(sheet_of(session), before)
    assert news.part.row.key == f"answer-{question.pk}"
    assert str(news.part.spec.label) == "How many users?"
    ask(session, "Who approves releases?")
    told = changes_since(sheet_of(session), sheet_of(session).version - 1)
    assert [one.is_removed for one in told] == [True, False]


def test_what_is_typed_into_a_question_just_taken_away_is_kept_and_shown(work, paul):
    session = session_of(work, by=paul)
    (question,) = ask(session, "How many users?")
    row = LiveText.objects.get(key=f"answer-{question.pk}")
    ask(session, "Who approves releases?")
    assert not DiscoveryQuestion.objects.filter(pk=question.pk).exists()

    write(session, row.key, "250", by=paul)
    texts = texts_of_session(fresh(session))
    assert [one.text for one in texts.left_behind] == ["250"]
    shown = page_of(texts, True).contents
    assert "taken away" in str(shown[1].spec.label)
    assert "taken away" in str(answer_fields(session.sheet)[row.key].label)


def test_the_history_tells_an_answer_by_its_question(work, paul):
    session = session_of(work, by=paul)
    (question,) = ask(session, "How many users?")
    answer(question, "250", by=paul)

    told = Event.objects.get(verb="text-changed")
    assert told.changes == {"part": [None, "How many users?"]}
    assert told.engagement_id == work.pk
