from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from engagements.choices import RiskState, Status
from engagements.models import Engagement, TeamMember
from engagements.registry import Settling
from engagements.rules.holds import hold_days, later_by
from engagements.services.holds import anchors_with_open_steps
from engagements.services.intake import IntakeChanges, edit_engagement
from engagements.services.reviving import steps_to_revive
from engagements.services.status import MoveOptions, move_status
from psdelivery.history.models import Event
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Anchor, Move, Step
from psdelivery.playbooks.services.checklists import set_anchor
from psdelivery.playbooks.services.moves import undo_move
from psdelivery.registry import RuleRefused
from scheduling.choices import Hold
from scheduling.models import Allocation
from scheduling.services.settling import settle_bookings
from tests.engagements.ticks import set_status, tick
from tests.factories.engagements import (
    NOW,
    asked,
    open_gate,
    waived,
)
from tests.factories.outbox import MessageFactory
from tests.factories.scheduling import booked, startable, workdays
from tests.factories.shipped import ship_mails

pytestmark = pytest.mark.django_db
KICKOFF = date(2027, 2, 1)
NEXT_WEEK = date(2027, 2, 8)


def later(days):
    return NOW + timedelta(days=days)


@pytest.fixture
def active(consulting):
    """Kicked off today, planned from today to the end of June."""
    Engagement.objects.filter(pk=consulting.pk).update(
        wished_start=KICKOFF, planned_end=date(2027, 6, 30), closed_won_at=NOW
    )
    consulting.refresh_from_db()
    open_gate(consulting)
    set_anchor(consulting.checklist, "kickoff", KICKOFF, by=None, now=NOW)
    set_status(consulting, Status.ACTIVE)
    Engagement.objects.filter(pk=consulting.pk).update(status_since=NOW)
    return Engagement.objects.get(pk=consulting.pk)


@pytest.fixture
def bookings(active, pse, pm):
    """Booked from next week on, when these were placed."""
    hard = booked(pse, active, hold=Hold.HARD, days=workdays(NEXT_WEEK), now=NOW)
    soft = booked(
        pm, active, role="technical_architect", days=workdays(NEXT_WEEK), now=NOW
    )
    return hard, soft


def go(engagement, target, now, reason="Summer", **options):
    return move_status(
        engagement,
        target,
        by=None,
        reason=reason,
        options=MoveOptions(**options),
        now=now,
    )


def holds(*allocations):
    """How firm each is now; how it ended where it does not stand any more."""
    for one in allocations:
        one.refresh_from_db()
    return [one.hold if one.is_active else one.state for one in allocations]


def due(engagement, key):
    return Step.objects.get(engagement=engagement, key=key, period=0).due_day


def on_hold(active, days=12):
    return go(active, Status.ON_HOLD, later(1)), later(1 + days)


def test_each_booking_is_kept_softened_or_released_as_chosen(active, bookings):
    hard, soft = bookings

    go(
        active,
        Status.ON_HOLD,
        later(1),
        bookings={hard.pk: "soft", soft.pk: "release"},
    )
    assert holds(hard, soft) == [Hold.SOFT, "released"]
    assert hard.expires_at == later(15)
    verbs = ("allocation-changed", "allocation-released")
    events = Event.objects.filter(verb__in=verbs).order_by("pk")
    assert [event.reason for event in events] == ["Summer", "Summer"]
    assert events[0].changes == {"hold": ["hard", "soft"]}
    members = TeamMember.objects.filter(person__in=[hard.person, soft.person])
    roles = dict(members.values_list("role", "booking"))
    assert (roles["pse"], roles["technical_architect"]) == ("soft", "")


def test_bookings_that_nobody_speaks_of_are_kept(active, bookings):
    go(active, Status.ON_HOLD, later(1), bookings={bookings[0].pk: "keep"})

    assert holds(*bookings) == [Hold.HARD, Hold.SOFT]


@pytest.mark.parametrize("choice", ["release", "soft"])
def test_what_was_worked_stays_when_the_rest_is_released_or_made_soft(
    active, bookings, choice
):
    hard, soft = bookings
    # 9:00 UTC on Wednesday 10 February is the evening of that day in Sydney.
    go(active, Status.ON_HOLD, later(9), bookings={hard.pk: choice})

    hard.refresh_from_db()
    assert (hard.hold, hard.ends_on, hard.hours) == ("hard", date(2027, 2, 9), 16)
    rest = Allocation.objects.booked().filter(person=hard.person).exclude(pk=hard.pk)
    told = list(rest.values_list("hold", "starts_on", "hours"))
    assert told == ([("soft", date(2027, 2, 10), 24)] if choice == "soft" else [])


def test_the_day_on_which_the_work_is_closed_was_worked(active, bookings):
    hard, _soft = bookings
    settle = Settling(by=None, reason="All accepted", now=later(9))
    set_status(active, Status.CLOSED)

    assert settle_bookings(active, {hard.pk: "release"}, settle) == 1
    hard.refresh_from_db()
    assert hard.ends_on == date(2027, 2, 10)


def test_a_booking_of_other_work_is_not_settled_here(active, bookings, pse):
    other = booked(pse, startable(), days=workdays(NEXT_WEEK), now=NOW)

    go(active, Status.ON_HOLD, later(1), bookings={other.pk: "release"})
    assert holds(other) == [Hold.SOFT]


def test_a_move_that_is_refused_leaves_the_bookings(active, bookings):
    with pytest.raises(RuleRefused):
        go(
            active,
            Status.COMPLETED,
            later(1),
            bookings={bookings[0].pk: "release"},
        )

    assert holds(*bookings) == [Hold.HARD, Hold.SOFT]


def test_the_ball_is_with_whom_the_hold_says(active):
    held = go(active, Status.ON_HOLD, later(1), ball_with="finance")

    assert held.ball_with == "finance"


def test_resuming_moves_the_open_steps_by_the_length_of_the_hold(active):
    before = due(active, "plan-milestones")
    end = due(active, "close-out-report")

    held, back = on_hold(active, days=14)
    assert hold_days(held, now=back) == 14
    go(held, Status.ACTIVE, back, shift_days=14)
    assert due(active, "plan-milestones") - before == timedelta(days=14)
    assert due(active, "close-out-report") - end >= timedelta(days=14)
    # What was late when it was set aside is as late as it was.
    late = Step.objects.late(back).filter(engagement=active)
    assert [step.key for step in late] == ["kickoff-held"]


def test_the_dates_of_the_intake_go_along_so_that_an_edit_moves_nothing_back(
    active, coordinator
):
    held, back = on_hold(active)
    resumed = go(held, Status.ACTIVE, back, shift_days=12)
    moved = due(active, "close-out-report")

    assert resumed.planned_end == date(2027, 7, 12)
    changes = IntakeChanges(engagement={"title": "Second try"})
    edit_engagement(resumed, changes, by=coordinator, now=back)
    assert due(active, "close-out-report") == moved


def test_exempted_steps_keep_their_date(active):
    kept = Step.objects.get(engagement=active, key="plan-milestones")

    held, back = on_hold(active)
    go(held, Status.ACTIVE, back, shift_days=12, exempt=[kept.pk])
    assert due(active, "plan-milestones") == kept.due_day


def test_without_a_number_of_days_every_date_stays(active):
    before = due(active, "plan-milestones")

    held, back = on_hold(active)
    go(held, Status.ACTIVE, back)
    assert due(active, "plan-milestones") == before
    assert not Move.objects.exists()


def test_what_resuming_moved_can_be_undone(active, coordinator):
    before = due(active, "close-out-report")
    held, back = on_hold(active)
    go(held, Status.ACTIVE, back, shift_days=12)

    undo_move(Move.objects.get(), by=coordinator, now=back)
    assert due(active, "close-out-report") == before
    stored = Engagement.objects.get(pk=active.pk)
    assert stored.planned_end == date(2027, 6, 30)
    assert stored.status == Status.ACTIVE


def test_the_customers_own_clock_is_not_moved(active):
    set_anchor(active.checklist, "signoff_sent", KICKOFF, by=None, now=NOW)

    keys = {anchor.key for anchor in anchors_with_open_steps(active)}
    assert "kickoff" in keys
    assert "signoff_sent" not in keys


@pytest.mark.unit
def test_a_moment_moves_to_the_same_hour_of_the_local_clock():
    # Clocks change on 28 March in Berlin.
    moment = datetime(2027, 3, 20, 9, 0, tzinfo=UTC)

    assert later_by(moment, 14, "Europe/Berlin") == datetime(
        2027, 4, 3, 8, 0, tzinfo=UTC
    )
    assert later_by(date(2027, 3, 20), 14, "Europe/Berlin") == date(2027, 4, 3)


def test_cancelling_takes_the_question_of_work_at_risk_back(active, pm):
    risk = asked(active, "agreement", by=pm)

    go(active, Status.CANCELLED, later(1))
    risk.refresh_from_db()
    assert risk.state == RiskState.WITHDRAWN


def test_reviving_brings_back_the_chosen_steps_only(active):
    gone = Step.objects.get(engagement=active, key="plan-raci")
    Step.objects.filter(pk=gone.pk).update(
        state=StepState.CANCELLED, next_reminder_at=None
    )
    cancelled = go(active, Status.CANCELLED, later(1))
    offered = steps_to_revive(cancelled)
    assert gone not in offered
    chosen = [step.pk for step in offered if step.key != "plan-risks"]

    go(cancelled, Status.PROSPECT, later(2), steps=chosen)
    states = dict(Step.objects.filter(engagement=active).values_list("key", "state"))
    assert states["plan-milestones"] == StepState.OPEN
    assert states["plan-risks"] == StepState.CANCELLED
    assert states["plan-raci"] == StepState.CANCELLED


def test_reviving_with_nothing_chosen_opens_nothing(active):
    cancelled = go(active, Status.CANCELLED, later(1))

    go(cancelled, Status.PROSPECT, later(2), steps=[])
    assert not Step.objects.open().filter(engagement=active).exists()


def test_reviving_adapts_the_checklist_to_the_facts_of_today(active):
    # Medium work hands over to support at its end, large work after its first phase.
    cancelled = go(active, Status.CANCELLED, later(1))
    active.paper.hours = Decimal(500)
    active.paper.save()
    every = [step.pk for step in steps_to_revive(cancelled)]

    go(cancelled, Status.PROSPECT, later(2), steps=every)
    opened = Step.objects.open().filter(engagement=active)
    keys = set(opened.values_list("key", flat=True))
    assert "support-handoff-first-phase" in keys
    assert "support-handoff" not in keys


def test_what_was_done_stays_done_when_it_is_revived(active):
    tick(active, "skills-and-effort")
    cancelled = go(active, Status.CANCELLED, later(1))

    go(cancelled, Status.PROSPECT, later(2))
    done = Step.objects.get(engagement=active, key="skills-and-effort")
    assert done.state == StepState.DONE


def test_r1_the_backlog_says_from_which_day_on(consulting, coordinator):
    set_status(consulting, Status.IN_SETUP)
    with pytest.raises(RuleRefused) as refusal:
        go(consulting, Status.BACKLOG, NOW)
    assert [reason.code for reason in refusal.value.reasons] == ["not-booked"]

    # 20:00 UTC on the 3rd is the 4th in Sydney.
    won = datetime(2027, 2, 3, 20, 0, tzinfo=UTC)
    Engagement.objects.filter(pk=consulting.pk).update(closed_won_at=won)
    with pytest.raises(RuleRefused) as refusal:
        go(consulting, Status.BACKLOG, later(20))
    assert "from Thu 4 Mar 2027 on" in refusal.value.reasons[0].sentence
    backlog = go(consulting, Status.BACKLOG, later(31))
    assert backlog.status == Status.BACKLOG
    with pytest.raises(RuleRefused):
        go(backlog, Status.OKAY_TO_START, later(40))
    assert go(backlog, Status.IN_SETUP, later(40)).status == Status.IN_SETUP


def page_of(client, engagement, target):
    url = reverse("engagements:engagement-move", args=[engagement.pk])
    return url, client.get(f"{url}?target={target}").content.decode()


def test_the_page_of_a_hold_asks_for_each_booking(
    client, active, bookings, coordinator, at_now
):
    hard, soft = bookings
    client.force_login(coordinator)
    url, text = page_of(client, active, "on_hold")
    assert text.count("make soft") == 1  # one of them is soft already
    assert "Mon 8 Feb 2027 – Fri 12 Feb 2027, 40 hours" in text
    assert "Ball with" in text

    client.post(
        url,
        {
            "target": "on_hold",
            "reason": "Summer",
            "ball_with": "us",
            f"booking-{hard.pk}": "release",
            f"booking-{soft.pk}": "keep",
        },
    )
    assert holds(hard, soft) == ["released", Hold.SOFT]
    assert Engagement.objects.get(pk=active.pk).ball_with == "us"


@pytest.mark.parametrize(
    "bad", [{"ball_with": "moon"}, {"booking": "party"}, {"booking": "\x00"}]
)
def test_an_answer_that_is_not_offered_is_said(
    client, active, bookings, coordinator, bad, at_now
):
    client.force_login(coordinator)
    url = reverse("engagements:engagement-move", args=[active.pk])
    name = f"booking-{bookings[0].pk}"
    typed = {name if key == "booking" else key: value for key, value in bad.items()}

    response = client.post(url, {"target": "on_hold", "reason": "Summer", **typed})
    assert response.status_code == 422
    assert Engagement.objects.get(pk=active.pk).status == Status.ACTIVE


def test_closing_with_bookings_asks_first(client, active, bookings, pm, at_now):
    client.force_login(pm)

    header = client.get(active.get_absolute_url()).context["header"]
    assert header.primary.asks
    _url, text = page_of(client, active, "closed")
    assert "make soft" not in text
    assert "release" in text


def test_resuming_shows_first_what_moves_and_keeps_what_is_exempted(
    client, active, coordinator
):
    held, back = on_hold(active, days=14)
    before = due(active, "plan-milestones")
    kept = Step.objects.get(engagement=active, key="plan-risks")
    with time_machine.travel(back, tick=False):
        client.force_login(coordinator)
        url, text = page_of(client, held, "active")
        assert "Show what moves" in text
        assert "It stood still for 14 days" in text
        typed = {"target": "active", "reason": "They are back", "shift_days": "14"}

        look = client.post(url, typed)
        assert look.status_code == 200
        assert Engagement.objects.get(pk=active.pk).status == Status.ON_HOLD
        assert due(active, "plan-milestones") == before
        confirm = look.context["look"].preview.token
        done = client.post(
            url, typed | {"confirm": confirm, "exempt": [kept.pk]}, follow=True
        )

    assert "What moves with it" in look.content.decode()
    assert Engagement.objects.get(pk=active.pk).status == Status.ACTIVE
    assert due(active, "plan-risks") == kept.due_day
    assert due(active, "plan-milestones") == before + timedelta(days=14)
    assert "Undo" in done.content.decode()


def test_resuming_without_a_shift_needs_no_look(client, active, coordinator):
    held, back = on_hold(active)
    client.force_login(coordinator)
    url = reverse("engagements:engagement-move", args=[held.pk])

    typed = {"target": "active", "reason": "They are back", "shift_days": "0"}
    assert client.post(url, typed).status_code == 302
    assert client.post(url, typed | {"shift_days": "-1"}).status_code == 409


def test_the_page_of_cancelling_names_who_was_told(client, active, pm):
    MessageFactory(
        engagement=active, customer=True, to=["sheila@acme.example"], state=State.SENT,
        sent_at=NOW,
    )  # fmt: skip
    client.force_login(pm)

    _url, text = page_of(client, active, "cancelled")
    assert "sheila@acme.example" in text


def test_cancelling_drafts_a_mail_to_a_customer_who_was_told(active, pm, coordinator):
    MessageFactory(
        engagement=active, customer=True, to=["sheila@acme.example"], state=State.SENT,
        sent_at=NOW,
    )  # fmt: skip
    ship_mails()

    move_status(active, Status.CANCELLED, by=pm, reason="Lost", now=later(1))
    draft = Message.objects.get(kind="engagement-cancelled")
    assert draft.state == State.DRAFT
    assert "does not go ahead" in draft.text


def test_cancelling_drafts_nothing_where_nobody_was_told(active, pm):
    move_status(active, Status.CANCELLED, by=pm, reason="Lost", now=later(1))
    assert not Message.objects.filter(kind="engagement-cancelled").exists()


def test_the_page_of_reviving_lists_the_steps(client, active, pm):
    cancelled = go(active, Status.CANCELLED, NOW)
    client.force_login(pm)
    url, text = page_of(client, cancelled, "prospect")
    assert "Agree milestones" in text or "milestones" in text

    client.post(
        url, {"target": "prospect", "reason": "They came back", "asked_for_steps": "1"}
    )
    assert Engagement.objects.get(pk=active.pk).status == Status.PROSPECT
    assert not Step.objects.open().filter(engagement=active).exists()


def test_steps_of_another_engagement_do_not_come_back(client, active, pm):
    cancelled = go(active, Status.CANCELLED, NOW)
    client.force_login(pm)
    url = reverse("engagements:engagement-move", args=[cancelled.pk])

    for steps in (["0"], ["x"], ["9" * 30]):
        typed = {"target": "prospect", "reason": "Again", "asked_for_steps": "1"}
        assert client.post(url, typed | {"steps": steps}).status_code == 422


def test_r3_the_last_day_of_work_at_risk_does_not_move(active):
    risk = waived(active, "agreement", days=30)

    held, back = on_hold(active)
    go(held, Status.ACTIVE, back, shift_days=12)
    step = Step.objects.get(pk=risk.warning_step_id)
    assert step.due_day == risk.expires_on


def test_an_anchor_without_open_steps_is_not_moved(active):
    for step in Step.objects.open().filter(engagement=active, anchor__key="intake"):
        Step.objects.filter(pk=step.pk).update(
            state=StepState.NOT_APPLICABLE, next_reminder_at=None
        )
    intake = Anchor.objects.get(checklist=active.checklist, key="intake")

    held, back = on_hold(active)
    go(held, Status.ACTIVE, back, shift_days=12)
    before = intake.value
    intake.refresh_from_db()
    assert intake.value == before
