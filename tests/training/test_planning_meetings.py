"""The planning meeting: invitations, what it dates, and what the trainer says."""

from datetime import UTC, date, datetime, timedelta

import pytest

from psdelivery.history.models import Event
from psdelivery.outbox.models import Invitation, Message
from psdelivery.people.choices import Role
from psdelivery.people.models import User
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Move, Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.moves import preview_moves
from psdelivery.playbooks.services.steps import complete_step, reopen_step
from psdelivery.registry import RuleRefused
from scheduling.models import OccupiedTime
from tests.factories.people import ContactFactory, UserFactory
from tests.factories.training import NOW, SYDNEY, CourseFactory, plan_class
from tests.told import news_told
from training.choices import MeetingAnswer
from training.forms.planning_meetings import MeetingForm
from training.models import Delivery, PlanningMeeting
from training.services.deliveries import cancel_delivery
from training.services.meeting_answers import answer_meeting
from training.services.meeting_steps import Moved, anchor_changes
from training.services.planning_meetings import (
    MeetingDraft,
    book_meeting,
    call_off,
    change_meeting,
    note_held,
)

pytestmark = pytest.mark.django_db
# Tuesday 9 March, 09:00 Sydney.
START = datetime(2027, 3, 8, 22, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
ASKED = Moved(reason="Asked")


@pytest.fixture
def contact(engagement):
    contact = ContactFactory(
        customer=engagement.customer, name="Cora Client", email="cora@acme.example"
    )
    engagement.main_contact = contact
    engagement.save()
    return contact


@pytest.fixture
def draft(delivery, trainer, coordinator, contact):
    return draft_of([delivery], [trainer, coordinator], [contact])


@pytest.fixture
def meeting(engagement, draft, coordinator):
    return book_meeting(engagement, draft, by=coordinator, now=NOW)


def draft_of(deliveries, people, contacts=(), start=START, **fields):
    return MeetingDraft(
        deliveries=deliveries,
        starts_at=start,
        ends_at=start + timedelta(minutes=30),
        zone=SYDNEY,
        people=people,
        contacts=contacts,
        **fields,
    )


def later(draft, by=WEEK):
    return draft_of(draft.deliveries, draft.people, draft.contacts, start=START + by)


@pytest.mark.parametrize(
    ("day", "clock", "field"),
    [
        ("9999-12-31", "09:00", "day"),
        ("0001-01-01", "09:00", "day"),
        # Sydney's clocks go from 02:00 to 03:00 that night.
        ("2027-10-03", "02:30", "clock"),
    ],
)
def test_a_time_that_cannot_be_is_told_at_its_field(day, clock, field):
    nobody = User.objects.none()
    form = MeetingForm(
        {"day": day, "clock": clock, "zone": SYDNEY, "minutes": "30"},
        deliveries=Delivery.objects.none(),
        people=nobody,
        contacts=None,
        is_new=True,
    )

    assert set(form.errors) == {field, "deliveries", "attendees"}


def step(delivery, key):
    return Step.objects.get(checklist=delivery.checklist_id, key=key)


def anchor(delivery):
    return delivery.checklist.anchors.get(key="planning_meeting").value


def asked_of(meeting):
    return meeting.answers.get()


def wishes():
    return Step.objects.open().filter(title__contains="asks to move")


def test_everybody_is_invited_the_customer_by_the_click(meeting, trainer, coordinator):
    found = Message.objects.filter(kind="invitation").order_by("pk")

    assert {one.to[0]: one.audience for one in found} == {
        trainer.email: "staff",
        coordinator.email: "staff",
        "cora@acme.example": "customer",
    }
    assert meeting.invitation.attendees[2]["contact"]


def test_the_meeting_dates_the_planning_of_its_classes(meeting, delivery):
    assert anchor(delivery) == START
    assert step(delivery, "planning-meeting-booked").state == StepState.DONE
    assert step(delivery, "event-plan-drafted").due_day == date(2027, 3, 8)
    assert step(delivery, "planning-meeting-accepted").state == StepState.OPEN


def test_one_meeting_plans_several_classes(engagement, delivery, trainer, coordinator):
    other = plan_class(engagement, first=date(2027, 5, 4), course=CourseFactory())
    draft = draft_of([delivery, other], [trainer, coordinator])
    meeting = book_meeting(engagement, draft, by=coordinator, now=NOW)

    assert anchor(delivery) == anchor(other) == START
    # Who teaches none of them, or is not invited, is not asked.
    assert [one.person for one in meeting.answers.all()] == [trainer]


def test_r22_nobody_is_invited_where_one_of_them_is_taken(
    engagement, draft, delivery, trainer, coordinator
):
    plan_class(
        engagement, trainer=trainer, first=date(2027, 3, 9), course=CourseFactory()
    )

    with pytest.raises(RuleRefused) as refusal:
        book_meeting(engagement, draft, by=coordinator, now=NOW)
    assert [reason.code for reason in refusal.value.reasons] == ["taken"]
    assert not PlanningMeeting.objects.exists()
    assert not Message.objects.filter(kind="invitation").exists()
    assert anchor(delivery) is None


def test_r22_the_meeting_takes_the_time_of_the_colleagues(meeting, trainer):
    assert OccupiedTime.objects.filter(person=trainer, starts_at=START).exists()


def test_a_class_is_planned_once(engagement, meeting, draft, coordinator):
    with pytest.raises(RuleRefused, match="planning meeting already"):
        book_meeting(engagement, later(draft), by=coordinator, now=NOW)


@pytest.mark.parametrize("classes", [0, 1])
def test_a_meeting_is_about_classes_that_are_on(
    engagement, delivery, trainer, coordinator, classes
):
    cancel_delivery(delivery, by=coordinator, reason="No", now=NOW)
    draft = draft_of([delivery][:classes], [trainer])

    with pytest.raises(RuleRefused):
        book_meeting(engagement, draft, by=coordinator, now=NOW)


def test_r20_the_steps_of_planning_move_with_the_meeting(
    meeting, draft, delivery, coordinator
):
    changes = anchor_changes([delivery], START + WEEK)
    shown = preview_moves(changes, exempt=(), now=NOW)
    change_meeting(
        meeting, later(draft), Moved(reason="Asked"), by=coordinator, now=NOW
    )

    assert "event-plan-drafted" in {line.step.key for line in shown.moving}
    assert anchor(delivery) == START + WEEK
    assert step(delivery, "event-plan-drafted").due_day == date(2027, 3, 15)
    assert step(delivery, "planning-meeting-booked").state == StepState.DONE
    assert Move.objects.get().reason == "Asked"


def test_r20_another_time_wants_a_reason_another_place_does_not(
    meeting, draft, delivery, coordinator
):
    with pytest.raises(RuleRefused, match="why"):
        change_meeting(meeting, later(draft), Moved(), by=coordinator, now=NOW)
    same = draft_of(draft.deliveries, draft.people, draft.contacts, location="Room 7")
    change_meeting(meeting, same, Moved(), by=coordinator, now=NOW)

    meeting.refresh_from_db()
    assert meeting.location == "Room 7"


def test_a_changed_meeting_keeps_its_uid(meeting, draft, coordinator):
    uid = meeting.invitation.uid
    change_meeting(
        meeting, later(draft), Moved(reason="Asked"), by=coordinator, now=NOW
    )

    found = Invitation.objects.get()
    assert (found.uid, found.sequence) == (uid, 1)


def test_what_somebody_changed_meanwhile_is_seen_first(meeting, draft, coordinator):
    change_meeting(
        meeting, later(draft), Moved(reason="One"), seen=0, by=coordinator, now=NOW
    )

    with pytest.raises(RuleRefused, match="meanwhile"):
        change_meeting(
            meeting, draft, Moved(reason="Two"), seen=0, by=coordinator, now=NOW
        )


def test_the_trainer_comes_and_the_step_is_done(meeting, delivery, trainer):
    answer_meeting(asked_of(meeting), MeetingAnswer.ACCEPTED, "", by=trainer, now=NOW)

    assert asked_of(meeting).answer == MeetingAnswer.ACCEPTED
    done = step(delivery, "planning-meeting-accepted")
    assert (done.state, done.done_by) == (StepState.DONE, trainer)


def test_who_ticks_the_step_comes(meeting, delivery, trainer):
    ticked = step(delivery, "planning-meeting-accepted")
    complete_step(ticked, Completion(), by=trainer, now=NOW)
    assert asked_of(meeting).answer == MeetingAnswer.ACCEPTED

    reopen_step(ticked, by=trainer, now=NOW)
    assert asked_of(meeting).answer == MeetingAnswer.WAITING


def test_please_move_it_gives_the_coordinator_a_step(
    meeting, delivery, trainer, coordinator
):
    answer_meeting(
        asked_of(meeting), MeetingAnswer.MOVE, "Thursday", by=trainer, now=NOW
    )

    wish = wishes().get()
    assert (wish.assignee, wish.subject_url) == (
        coordinator,
        meeting.get_absolute_url(),
    )
    assert "Thursday" in wish.instructions
    (told,) = news_told("planning-answer")
    assert (told.to, "Thursday" in told.text) == ([coordinator.email], True)
    assert step(delivery, "planning-meeting-accepted").state == StepState.OPEN


def test_a_wish_says_when(meeting, trainer):
    with pytest.raises(RuleRefused, match="when it would suit"):
        answer_meeting(asked_of(meeting), MeetingAnswer.MOVE, " ", by=trainer, now=NOW)
    assert not wishes().exists()


def test_who_accepted_and_then_cannot_come_takes_the_tick_back(
    meeting, delivery, trainer
):
    answer_meeting(asked_of(meeting), MeetingAnswer.ACCEPTED, "", by=trainer, now=NOW)
    answer_meeting(asked_of(meeting), MeetingAnswer.MOVE, "May", by=trainer, now=NOW)

    assert step(delivery, "planning-meeting-accepted").state == StepState.OPEN
    assert asked_of(meeting).answer == MeetingAnswer.MOVE
    answer_meeting(asked_of(meeting), MeetingAnswer.ACCEPTED, "", by=trainer, now=NOW)
    assert not wishes().exists()


def test_a_moved_meeting_asks_the_trainer_again(
    meeting, draft, delivery, trainer, coordinator
):
    answer_meeting(asked_of(meeting), MeetingAnswer.MOVE, "May", by=trainer, now=NOW)
    change_meeting(
        meeting, later(draft), Moved(reason="Asked"), by=coordinator, now=NOW
    )

    assert asked_of(meeting).answer == MeetingAnswer.WAITING
    assert not wishes().exists()


def test_a_meeting_called_off_leaves_its_classes_to_be_planned(
    meeting, delivery, trainer, coordinator
):
    answer_meeting(asked_of(meeting), MeetingAnswer.ACCEPTED, "", by=trainer, now=NOW)
    with pytest.raises(RuleRefused, match="why"):
        call_off(meeting, "", by=coordinator, now=NOW)

    call_off(meeting, "They are ill", by=coordinator, now=NOW)

    assert anchor(delivery) is None
    assert step(delivery, "planning-meeting-booked").state == StepState.OPEN
    assert step(delivery, "planning-meeting-accepted").state == StepState.OPEN
    assert not OccupiedTime.objects.filter(source="meeting").exists()
    with pytest.raises(RuleRefused, match="called off"):
        answer_meeting(
            asked_of(meeting), MeetingAnswer.ACCEPTED, "", by=trainer, now=NOW
        )


def test_a_class_that_is_taken_out_has_no_meeting(
    engagement, delivery, trainer, coordinator
):
    other = plan_class(engagement, first=date(2027, 5, 4), course=CourseFactory())
    draft = draft_of([delivery, other], [trainer, coordinator])
    meeting = book_meeting(engagement, draft, by=coordinator, now=NOW)
    alone = draft_of([delivery], [trainer, coordinator])
    change_meeting(meeting, alone, Moved(), by=coordinator, now=NOW)

    assert (anchor(delivery), anchor(other)) == (START, None)
    assert step(other, "planning-meeting-booked").state == StepState.OPEN


def test_a_held_meeting_has_its_day_and_does_not_change(
    meeting, draft, trainer, coordinator
):
    at = START + timedelta(hours=2)
    with pytest.raises(RuleRefused, match="still to come"):
        note_held(meeting, date(2027, 3, 10), by=coordinator, now=at)

    note_held(meeting, date(2027, 3, 9), by=coordinator, now=at)

    meeting.refresh_from_db()
    assert meeting.held_on == date(2027, 3, 9)
    with pytest.raises(RuleRefused, match="held"):
        change_meeting(meeting, later(draft), Moved(reason="x"), by=coordinator, now=at)


def test_who_teaches_later_is_asked_once_invited(
    meeting, draft, delivery, coordinator, place
):
    other = UserFactory(roles=[Role.TRAINER], **place)
    type(delivery).objects.filter(pk=delivery.pk).update(trainer=other)
    delivery.refresh_from_db()
    changed = draft_of([delivery], [other, coordinator])
    change_meeting(meeting, changed, Moved(), by=coordinator, now=NOW)

    assert [one.person for one in meeting.answers.all()] == [other]


def test_the_history_tells_of_the_meeting(meeting, trainer):
    answer_meeting(asked_of(meeting), MeetingAnswer.ACCEPTED, "", by=trainer, now=NOW)
    verbs = set(Event.objects.values_list("verb", flat=True))

    assert {"planning-booked", "planning-answered"} <= verbs
