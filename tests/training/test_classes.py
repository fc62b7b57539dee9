"""Planning, changing, moving and calling off classes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engagements.choices import Kind, Status
from psdelivery.history.models import Event
from psdelivery.playbooks.models import Checklist, Move, Step
from psdelivery.playbooks.services.moves import moved_lines
from psdelivery.registry import RuleRefused
from tests.factories.people import UserFactory
from tests.factories.training import (
    FIRST_DAY,
    NOW,
    SYDNEY,
    CourseFactory,
    local,
    make_engagement,
    plan_class,
    submit,
)
from training.choices import DeliveryState, Place, Platform
from training.models import Delivery, Session
from training.queries import open_steps_of
from training.services.deliveries import (
    cancel_delivery,
    change_trainer,
    deliveries_of,
    edit_delivery,
    move_delivery,
    plan_delivery,
)
from training.services.sessions import add_session, change_session, remove_session

pytestmark = pytest.mark.django_db


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def step(delivery, key):
    return Step.objects.get(checklist=delivery.checklist_id, key=key)


def local_start(session):
    return session.starts_at.astimezone(ZoneInfo(session.zone))


def test_a_class_gets_one_checklist_and_a_short_one_for_each_session(delivery):
    sessions = list(delivery.sessions.all())

    assert delivery.checklist.playbook.key == "delivery"
    assert delivery.checklist.parent == delivery.engagement.checklist
    assert [one.checklist.playbook.key for one in sessions] == ["session"] * 2
    assert {one.checklist.parent for one in sessions} == {delivery.checklist}


def test_the_checklist_of_a_session_is_named_by_its_local_day(delivery):
    first = delivery.sessions.first()

    # 23:00 of the 5th in UTC.
    assert first.checklist.title == f"{delivery.title} · Tue 6 Apr 2027"


def test_the_steps_of_the_trainer_belong_to_the_trainer_of_the_class(
    delivery, trainer, coordinator
):
    assert step(delivery, "latest-slides").assignee == trainer
    assert step(delivery, "registration-link").assignee == coordinator


def test_a_class_without_labs_on_site_has_no_steps_for_them(engagement):
    delivery = plan_class(
        engagement, with_labs=False, with_certification=False, place=Place.ON_SITE
    )

    keys = set(delivery.checklist.steps.values_list("key", flat=True))
    assert keys.isdisjoint({"lab-code", "certifications-settled", "meeting-set-up"})
    assert "on-site-logistics" in keys


def test_the_history_holds_the_class_with_its_session_starts(delivery, coordinator):
    event = Event.objects.get(verb="delivery-planned")

    assert event.actor == coordinator
    assert event.engagement_id == delivery.engagement_id
    assert event.changes["sessions"][1] == [
        "2027-04-05T23:00:00+00:00",
        "2027-04-06T23:00:00+00:00",
    ]


def test_a_class_without_a_session_is_refused_and_nothing_is_written(engagement):
    delivery = Delivery(engagement=engagement, course=CourseFactory(), title="Git")

    with pytest.raises(RuleRefused) as refusal:
        plan_delivery(delivery, [], by=None, now=NOW)

    assert codes(refusal) == ["sessions"]
    assert not Delivery.objects.exists()


def test_the_same_class_is_not_entered_twice(delivery, engagement):
    with pytest.raises(RuleRefused) as refusal:
        plan_class(engagement, course=delivery.course)

    assert codes(refusal) == ["double"]
    assert refusal.value.reasons[0].fix_url == delivery.get_absolute_url()


def test_a_class_called_off_may_be_entered_again(delivery, engagement, coordinator):
    cancel_delivery(delivery, by=coordinator, reason="too few", now=NOW)

    again = plan_class(engagement, course=delivery.course)

    assert deliveries_of(engagement) == [again]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": Kind.CONSULTING}, "kind"),
        ({"kind": Kind.TRAINING, "status": Status.CLOSED}, "status"),
        ({"kind": Kind.BLENDED, "status": Status.CANCELLED}, "status"),
    ],
)
def test_a_class_belongs_to_a_running_engagement_with_training(shipped, fields, code):
    status = fields.pop("status", Status.ESTIMATE)
    engagement = make_engagement(**fields)
    engagement.status = status
    engagement.save()

    with pytest.raises(RuleRefused) as refusal:
        plan_class(engagement)

    assert codes(refusal) == [code]


def test_moving_a_class_keeps_its_local_hours_across_a_clock_change(
    engagement, coordinator
):
    # Sydney puts its clocks back on 4 April 2027.
    delivery = plan_class(engagement, first=date(2027, 3, 30))

    move_delivery(delivery, 7, by=coordinator, reason="customer asked", now=NOW)

    starts = [local_start(session) for session in delivery.sessions.all()]
    assert [start.strftime("%d %b %H:%M") for start in starts] == [
        "06 Apr 09:00",
        "07 Apr 09:00",
    ]


def test_r20_moving_a_class_by_nine_days_moves_its_open_steps(delivery, coordinator):
    before = open_steps_of(delivery)

    move = move_delivery(delivery, 9, by=coordinator, reason="customer asked", now=NOW)

    moved = {line.step.title: line for line in moved_lines(move)}
    link = moved["Send the registration link to the main contact"]
    assert (link.old.day, link.new.day) == (date(2027, 3, 23), date(2027, 4, 1))
    held = moved["Hold the session"]
    assert (held.new.day - held.old.day).days == 9
    # Hangs on the planning meeting, whose day nobody knows yet.
    assert "Draft the training event plan" not in moved
    assert len(before) == len(open_steps_of(delivery))


def test_r20_a_moved_class_is_one_move_and_one_event(delivery, coordinator):
    before = Event.objects.count()

    move = move_delivery(delivery, 9, by=coordinator, reason="customer asked", now=NOW)

    event = Event.objects.get(verb="delivery-moved")
    assert Event.objects.count() == before + 1
    assert (event.subject_id, event.subject_label) == (str(move.pk), delivery.title)
    assert event.changes["cause"] == ["", "other"]
    assert Move.objects.count() == 1


def test_moving_a_class_moves_its_sessions_where_they_would_collide(
    engagement, coordinator
):
    delivery = plan_class(engagement, days=4)

    for days in (1, -1):
        move_delivery(delivery, days, by=coordinator, reason="by a day", now=NOW)

    assert local_start(delivery.sessions.first()).date() == FIRST_DAY


def test_moving_names_the_checklists_anew(delivery, coordinator):
    move_delivery(delivery, 9, by=coordinator, reason="customer asked", now=NOW)

    title = delivery.sessions.first().checklist.title
    assert title == f"{delivery.title} · Thu 15 Apr 2027"


def test_moving_writes_one_event_with_old_and_new_starts_and_the_reason(
    delivery, coordinator
):
    move_delivery(delivery, 9, by=coordinator, reason="customer asked", now=NOW)

    event = Event.objects.get(verb="delivery-moved")
    old, new = event.changes["sessions"]
    assert (old[0], new[0]) == (
        "2027-04-05T23:00:00+00:00",
        "2027-04-14T23:00:00+00:00",
    )
    assert event.reason == "customer asked"


@pytest.mark.parametrize("reason", ["", "   "])
def test_moving_and_calling_off_need_a_reason(delivery, coordinator, reason):
    with pytest.raises(RuleRefused):
        move_delivery(delivery, 9, by=coordinator, reason=reason, now=NOW)
    with pytest.raises(RuleRefused):
        cancel_delivery(delivery, by=coordinator, reason=reason, now=NOW)

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.PLANNED
    assert local_start(delivery.sessions.first()).date() == FIRST_DAY


def test_a_move_into_a_skipped_hour_is_refused_and_nothing_moves(
    engagement, coordinator
):
    berlin = local(date(2027, 3, 27), "02:30", "06:00", "Europe/Berlin").moments
    course = CourseFactory()
    delivery = Delivery(engagement=engagement, course=course, title="Night")
    plan_delivery(delivery, [berlin], by=None, now=NOW)

    with pytest.raises(RuleRefused) as refusal:
        move_delivery(delivery, 1, by=coordinator, reason="later", now=NOW)

    assert codes(refusal) == ["skipped"]
    assert delivery.sessions.get().starts_at == berlin.starts_at


def test_calling_a_class_off_cancels_its_open_steps_and_keeps_the_done_ones(
    delivery, coordinator
):
    done = step(delivery, "trainer-certified")
    Step.objects.filter(pk=done.pk).update(
        state="done", done_at=NOW, next_reminder_at=None
    )

    cancel_delivery(delivery, by=coordinator, reason="too few", now=NOW)

    steps = Step.objects.filter(checklist__in=Checklist.objects.exclude(parent=None))
    assert set(steps.values_list("state", flat=True)) == {"cancelled", "done"}
    assert Delivery.objects.get().state == DeliveryState.CANCELLED


def test_a_class_called_off_is_not_changed_any_more(delivery, coordinator):
    cancel_delivery(delivery, by=coordinator, reason="too few", now=NOW)
    day = local(FIRST_DAY + timedelta(days=3)).moments
    session = delivery.sessions.first()
    act = {"by": coordinator, "now": NOW}

    for attempt in (
        lambda: move_delivery(delivery, 1, reason="x", **act),
        lambda: cancel_delivery(delivery, reason="x", **act),
        lambda: edit_delivery(delivery, {"title": "x"}, **act),
        lambda: add_session(delivery, day, **act),
        lambda: change_session(session, day, **act),
        lambda: remove_session(session, reason="x", **act),
        lambda: change_trainer(delivery, None, **act),
    ):
        with pytest.raises(RuleRefused) as refusal:
            attempt()
        assert codes(refusal) == ["cancelled"]


def test_a_session_that_is_added_brings_its_steps_and_moves_the_end(
    delivery, coordinator
):
    times = local(FIRST_DAY + timedelta(days=5)).moments

    session = add_session(
        delivery, times, platform=Platform.MEETING, by=coordinator, now=NOW
    )

    assert session.checklist.steps.filter(key="held").exists()
    assert session.platform == Platform.MEETING
    # Two business days after Sun 11 April.
    assert step(delivery, "next-steps").due_day == date(2027, 4, 14)
    assert Event.objects.filter(verb="session-added").count() == 1


def test_a_session_that_overlaps_is_refused(delivery, coordinator):
    times = local(FIRST_DAY, "12:00", "14:00").moments

    with pytest.raises(RuleRefused) as refusal:
        add_session(delivery, times, by=coordinator, now=NOW)

    assert codes(refusal) == ["overlap"]
    assert delivery.sessions.count() == 2


def test_changing_a_session_moves_its_steps_and_those_of_the_class(
    delivery, coordinator
):
    last = delivery.sessions.last()
    times = local(date(2027, 4, 8), "10:00", "15:00").moments

    change_session(
        last, times, platform=Platform.MEETING, by=coordinator, reason="room", now=NOW
    )

    last.refresh_from_db()
    assert (last.starts_at, last.platform) == (times.starts_at, Platform.MEETING)
    assert last.checklist.steps.get(key="held").due_day == date(2027, 4, 8)
    assert step(delivery, "next-steps").due_day == date(2027, 4, 12)
    event = Event.objects.get(verb="session-changed")
    assert event.changes["start"][0] == "2027-04-06T23:00:00+00:00"


def test_a_session_that_is_removed_takes_its_steps_along(delivery, coordinator):
    last = delivery.sessions.last()

    remove_session(last, by=coordinator, reason="one day is enough", now=NOW)

    assert delivery.sessions.count() == 1
    steps = Step.objects.filter(checklist=last.checklist_id)
    assert set(steps.values_list("state", flat=True)) == {"cancelled"}
    assert step(delivery, "next-steps").due_day == date(2027, 4, 8)


def test_the_only_session_is_not_removed(engagement, coordinator):
    session = plan_class(engagement, days=1).sessions.get()

    with pytest.raises(RuleRefused) as refusal:
        remove_session(session, by=coordinator, reason="none", now=NOW)

    assert codes(refusal) == ["last-session"]
    assert Session.objects.count() == 1


def test_another_trainer_takes_the_open_steps_and_reviews_stay(
    delivery, coordinator, trainer, place
):
    review = submit(delivery, at=NOW).checklist.steps.get()
    other = UserFactory(roles=["pse"], **place)

    change_trainer(delivery, other, by=coordinator, reason="ill", now=NOW)

    assert step(delivery, "latest-slides").assignee == other
    held = delivery.sessions.first().checklist.steps.get(key="held")
    assert held.assignee == other
    review.refresh_from_db()
    assert review.assignee == trainer
    event = Event.objects.get(verb="trainer-changed")
    assert event.changes["trainer"] == [{"person": trainer.pk}, {"person": other.pk}]


def test_without_a_trainer_the_steps_go_to_the_coordinator(delivery, coordinator):
    change_trainer(delivery, None, by=coordinator, now=NOW)

    assert step(delivery, "latest-slides").assignee == coordinator


def test_editing_brings_and_takes_conditional_steps(engagement, coordinator):
    delivery = plan_class(engagement, with_labs=False, with_certification=True)

    edit_delivery(
        delivery,
        {"with_labs": True, "with_certification": False},
        by=coordinator,
        now=NOW,
    )

    assert step(delivery, "lab-code").due_day == date(2027, 4, 5)
    access = step(delivery, "lab-access-sent")
    assert [blocker.key for blocker in access.blockers.all()] == ["lab-code"]
    assert access.assignee == coordinator
    assert step(delivery, "certifications-settled").state == "cancelled"


def test_editing_back_opens_the_same_steps_again(engagement, coordinator):
    delivery = plan_class(engagement)
    code = step(delivery, "lab-code")

    for value in (False, True):
        edit_delivery(delivery, {"with_labs": value}, by=coordinator, now=NOW)

    again = step(delivery, "lab-code")
    assert (again.pk, again.state) == (code.pk, "open")
    assert again.due_day == code.due_day


def test_a_new_title_names_the_checklists(delivery, coordinator):
    edit_delivery(delivery, {"title": "Git for Acme"}, by=coordinator, now=NOW)

    delivery.checklist.refresh_from_db()
    assert delivery.checklist.title == "Git for Acme"
    assert delivery.sessions.first().checklist.title.startswith("Git for Acme · ")


def test_editing_nothing_writes_no_history(delivery, coordinator):
    edit_delivery(delivery, {"title": delivery.title}, by=coordinator, now=NOW)

    assert not Event.objects.filter(verb="delivery-edited").exists()


def test_a_class_in_another_zone_is_dated_on_its_own_calendar(engagement):
    course = CourseFactory()
    delivery = Delivery(engagement=engagement, course=course, title="Git")
    times = local(FIRST_DAY, zone="Europe/Berlin").moments

    plan_delivery(delivery, [times], by=None, now=NOW)

    assert step(delivery, "registration-link").due_zone == "Europe/Berlin"
    assert step(delivery, "registration-link").due_zone != SYDNEY
    assert times.starts_at == datetime(2027, 4, 6, 7, tzinfo=UTC)


def test_a_class_that_was_held_does_not_move_and_is_not_called_off(
    delivery, coordinator
):
    Delivery.objects.update(state=DeliveryState.HELD)
    act = {"by": coordinator, "reason": "x", "now": NOW}

    for attempt in (
        lambda: move_delivery(delivery, 1, **act),
        lambda: cancel_delivery(delivery, **act),
    ):
        with pytest.raises(RuleRefused) as refusal:
            attempt()
        assert codes(refusal) == ["held"]


def test_a_class_of_which_a_session_was_held_does_not_move_as_a_whole(
    delivery, coordinator
):
    first, last = delivery.sessions.all()
    Session.objects.filter(pk=first.pk).update(held_on=FIRST_DAY)

    with pytest.raises(RuleRefused) as refusal:
        move_delivery(delivery, 1, by=coordinator, reason="x", now=NOW)

    assert codes(refusal) == ["some-held"]
    times = local(date(2027, 4, 9)).moments
    assert change_session(last, times, by=coordinator, now=NOW).starts_at


def test_a_class_is_not_moved_out_of_sight(delivery, coordinator):
    with pytest.raises(RuleRefused) as refusal:
        move_delivery(delivery, 3000, by=coordinator, reason="x", now=NOW)

    assert set(codes(refusal)) == {"day-far"}


def test_a_class_that_moved_meanwhile_is_not_moved_again(delivery, coordinator):
    seen = delivery.sessions.first().starts_at
    act = {"seen": seen, "by": coordinator, "reason": "asked", "now": NOW}
    move_delivery(delivery, 9, **act)

    with pytest.raises(RuleRefused) as refusal:
        move_delivery(delivery, 9, **act)

    assert codes(refusal) == ["moved"]
    assert "Thu 15 Apr 2027" in refusal.value.reasons[0].sentence
