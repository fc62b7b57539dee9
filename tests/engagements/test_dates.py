"""R-20: an engagement's dates are moved on a page of their own, and moved back."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.choices import Status
from engagements.models import Engagement
from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Move, Step
from psdelivery.playbooks.services.checklists import set_anchor
from psdelivery.playbooks.services.moves import undo_move
from tests.engagements.dating import (
    END,
    KICKOFF,
    LATER,
    START,
    WHY,
    address,
    anchor,
    due,
    kicked_off,
    look,
    move,
)
from tests.engagements.ticks import set_status, tick
from tests.factories.engagements import (
    NOW,
    TeamMemberFactory,
    open_gate,
    registered,
)
from tests.factories.people import UserFactory
from tests.factories.scheduling import booked, workdays

pytestmark = pytest.mark.django_db


@pytest.fixture
def active(consulting, at_now):
    return kicked_off(consulting)


@pytest.fixture
def held(active, pm):
    """The step that was ticked for the kickoff, with its evidence."""
    return tick(active, "kickoff-held", by=pm)


@pytest.fixture
def as_pm(client, active, pm):
    client.force_login(pm)
    return pm


def test_r20_the_page_shows_first_what_moves_and_saves_nothing(client, active, as_pm):
    before = due(active, "plan-milestones")

    shown, _body = look(client, active)

    text = shown.content.decode()
    assert shown.status_code == 200
    assert "What moves with it" in text
    assert "Plan deliverables and milestones" in text
    assert due(active, "plan-milestones") == before
    assert not Move.objects.filter(reason=WHY["reason"]).exists()


def test_r20_confirmed_it_is_one_move_with_its_cause_and_event(client, active, as_pm):
    before = due(active, "plan-milestones")

    answer = move(client, active)

    made = Move.objects.get(cause="customer")
    event = Event.objects.get(verb="anchor-moved", reason=WHY["reason"])
    assert "Undo until" in answer.content.decode()
    assert answer.redirect_chain[-1][0] == active.get_absolute_url()
    assert anchor(active).day == LATER
    assert due(active, "plan-milestones") == before + timedelta(days=14)
    assert (made.by, made.title) == (as_pm, "the kickoff")
    assert event.changes["kickoff"] == ["2027-02-01", "2027-02-15"]


def test_r20_ticked_boxes_keep_their_date(client, active, as_pm):
    kept = Step.objects.get(engagement=active, key="plan-milestones")

    move(client, active, exempt=[kept.pk])

    kept_now = Step.objects.get(pk=kept.pk)
    assert (kept_now.due_day, kept_now.pinned) == (kept.due_day, True)


def test_r20_the_tick_and_its_evidence_stay_as_they_were_told(
    client, active, as_pm, held
):
    shown, _body = look(client, active)
    move(client, active)

    assert f"“{held.title}” stays done, with its evidence" in shown.content.decode()
    now = Step.objects.get(pk=held.pk)
    assert (now.state, now.evidence, now.done_at) == (
        StepState.DONE,
        held.evidence,
        held.done_at,
    )
    ticked = Event.objects.filter(verb="step-completed", subject_id=str(held.pk))
    assert ticked.get().changes == {"kickoff": [None, "2027-02-01"]}


def test_r20_the_undo_puts_the_date_and_its_steps_back(client, active, as_pm):
    before = dict(Step.objects.values_list("pk", "due_at"))
    move(client, active)

    made = Move.objects.get(cause="customer")
    answer = client.post(reverse("playbooks:move-undo", args=[made.pk]), follow=True)

    assert "The move is undone" in answer.content.decode()
    assert anchor(active).day == KICKOFF
    assert dict(Step.objects.values_list("pk", "due_at")) == before


@pytest.mark.parametrize("key", ["", "checklist/", "team/"])
def test_r20_the_banner_with_the_undo_stands_above_every_tab(
    client, active, as_pm, key
):
    move(client, active)

    text = client.get(f"{active.get_absolute_url()}{key}").content.decode()

    made = Move.objects.get(cause="customer")
    assert "Moved: the kickoff" in text
    assert text.count(f'action="{reverse("playbooks:move-undo", args=[made.pk])}"') == 1


def test_r20_a_planned_start_moves_in_the_intake_with_its_window(client, active, as_pm):
    shown, _body = look(client, active, "planned_start")
    move(client, active, "planned_start")

    stored = Engagement.objects.get(pk=active.pk)
    assert "The intake gets the new day too." in shown.content.decode()
    assert (stored.wished_start, stored.wished_start_latest, stored.planned_end) == (
        LATER,
        LATER + timedelta(days=5),
        END,
    )
    assert anchor(active, "planned_start").day == LATER
    assert Event.objects.filter(verb="engagement-edited").exists()


def test_r20_the_undo_of_a_planned_day_puts_the_intake_back(client, active, as_pm, pm):
    move(client, active, "planned_start")

    undo_move(Move.objects.get(cause="customer"), by=pm, now=NOW)

    stored = Engagement.objects.get(pk=active.pk)
    assert (stored.wished_start, stored.wished_start_latest) == (
        START,
        START + timedelta(days=5),
    )
    assert anchor(active, "planned_start").day == START


def test_r20_an_end_that_nobody_planned_becomes_one_and_is_none_again(
    client, active, as_pm, pm
):
    Engagement.objects.filter(pk=active.pk).update(planned_end=None)
    move(client, active, "planned_end", date(2027, 7, 30))

    assert Engagement.objects.get(pk=active.pk).planned_end == date(2027, 7, 30)
    undo_move(Move.objects.get(cause="customer"), by=pm, now=NOW)
    assert Engagement.objects.get(pk=active.pk).planned_end is None


@pytest.mark.parametrize(
    ("key", "day", "sentence"),
    [
        ("kickoff", KICKOFF, "It is on that day already."),
        ("planned_start", END + timedelta(days=1), "The start lies after the end"),
        ("planned_end", START - timedelta(days=1), "The end lies before the start"),
        ("kickoff", "next Tuesday", "Enter a valid date."),
        ("kickoff", "9999-12-31", "This day is too far off."),
        ("kickoff", "1800-01-01", "This day is too far off."),
        ("kickoff", "", "This field is required."),
    ],
)
def test_a_bad_day_is_refused_at_its_field_and_what_was_typed_stays(
    client, active, as_pm, key, day, sentence
):
    before = anchor(active, key).day

    answer = client.post(address(active, key), {"day": str(day), **WHY})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert answer.context["form"].errors.keys() == {"day"}
    assert WHY["reason"] in text
    assert anchor(active, key).day == before


@pytest.mark.parametrize("missing", ["cause", "reason"])
def test_r20_a_move_says_who_caused_it_and_why(client, active, as_pm, missing):
    answer = client.post(
        address(active), {"day": str(LATER), **WHY, missing: ""}, follow=True
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {missing}
    assert anchor(active).day == KICKOFF


def test_r20_what_was_sent_does_not_lie_ahead(client, active, as_pm):
    set_anchor(active.checklist, "signoff_sent", KICKOFF, by=None, now=NOW)

    answer = client.post(address(active, "signoff_sent"), {"day": "2027-03-01", **WHY})
    assert answer.status_code == 422
    assert "does not lie ahead" in answer.content.decode()

    move(client, active, "signoff_sent", date(2027, 1, 28))
    assert anchor(active, "signoff_sent").day == date(2027, 1, 28)


def test_r20_a_date_that_was_moved_meanwhile_is_shown_first(client, active, as_pm):
    seen = client.get(address(active)).context["form"]["seen"].value()
    set_anchor(active.checklist, "kickoff", date(2027, 2, 8), by=None, now=NOW)

    answer = client.post(address(active), {"day": str(LATER), "seen": seen, **WHY})

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile" in text
    assert "Mon 8 Feb 2027" in text
    assert anchor(active).day == date(2027, 2, 8)


def test_r20_a_list_that_changed_meanwhile_is_shown_again(client, active, as_pm):
    _shown, body = look(client, active)
    Step.objects.filter(engagement=active, key="plan-milestones").update(pinned=True)

    answer = client.post(address(active), body)

    assert "The list has changed since you saw it" in answer.content.decode()
    assert anchor(active).day == KICKOFF


def test_a_date_that_is_not_there_leads_to_what_gives_it_one(client, active, as_pm):
    answer = client.get(address(active, "golive"))

    step = Step.objects.get(engagement=active, key="go-live")
    assert answer.status_code == 409
    assert "The go-live has no date yet" in answer.content.decode()
    assert step.get_absolute_url() in answer.content.decode()


def test_r2_planned_days_wait_for_the_gate(client, consulting, coordinator, at_now):
    client.force_login(coordinator)

    shut = client.get(address(consulting, "planned_end"))
    none = client.get(address(consulting, "planned_start"))

    assert (shut.status_code, none.status_code) == (409, 409)
    assert "before the gate opens" in shut.content.decode()
    assert "the intake plans none" in none.content.decode()


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.COMPLETED])
def test_r20_dates_of_what_is_over_stay(client, active, as_pm, status):
    set_status(active, status)

    assert client.get(address(active)).status_code == 409
    overview = client.get(active.get_absolute_url()).content.decode()
    assert "Move this date" not in overview


@pytest.mark.parametrize("key", ["closed_won", "gate_open", "handoff_held", "intake"])
def test_what_follows_from_a_record_has_no_page(client, active, as_pm, key):
    for view in ("date-move", "planned-move"):
        args = [active.pk, anchor(active, key).pk]
        url = reverse(f"engagements:{view}", args=args)
        assert client.get(url).status_code == 404


def test_dates_of_another_engagement_are_not_moved_here(client, active, as_pm):
    other = open_gate(registered(wished_start=START))
    foreign = anchor(other, "planned_start").pk

    url = reverse("engagements:planned-move", args=[active.pk, foreign])
    assert client.get(url).status_code == 404
    url = reverse("engagements:date-move", args=[active.pk, foreign])
    assert client.get(url).status_code == 404


def statuses(client, active):
    found = [client.get(address(active, key)) for key in ("kickoff", "planned_start")]
    return [answer.status_code for answer in found]


def test_engineers_move_what_they_work_by_and_not_the_intake(client, active, pse):
    TeamMemberFactory(engagement=active, role=EngagementRole.PSE, person=pse)
    client.force_login(pse)

    text = client.get(active.get_absolute_url()).content.decode()

    assert statuses(client, active) == [200, 403]
    assert address(active) in text
    assert address(active, "planned_start") not in text


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.LEADERSHIP, [403, 403]),
        (Role.FINANCE, [403, 403]),
        (Role.PSE, [404, 403]),
        (Role.EM, [403, 403]),
    ],
)
def test_others_do_not_move_dates(client, active, role, expected):
    client.force_login(UserFactory(roles=[role]))

    assert statuses(client, active) == expected


def test_the_overview_lists_the_dates_in_their_order(client, active, as_pm):
    rows = client.get(active.get_absolute_url()).context["dates"]

    assert [row.words for row in rows] == [
        "the planned start",
        "the kickoff",
        "the planned end",
        "the discovery session",
        "the go-live",
        "the sign-off request",
    ]
    assert [bool(row.url) for row in rows] == [True, True, True, False, False, False]


def test_the_checklist_leads_to_the_dates_and_back(client, active, as_pm):
    checklist = f"{active.get_absolute_url()}checklist/"
    text = client.get(checklist).content.decode()
    assert f'href="{address(active)}?next={checklist}"' in text

    shown = client.get(f"{address(active)}?next={checklist}").content.decode()
    assert f'name="next" value="{checklist}"' in shown
    answer = move(client, active, next=checklist)
    assert answer.redirect_chain[-1][0] == checklist


def test_a_step_leads_to_the_page_of_the_date_it_hangs_on(client, active, as_pm):
    step = Step.objects.get(engagement=active, key="plan-milestones")

    text = client.get(step.get_absolute_url()).content.decode()

    assert f"{address(active)}?next={step.get_absolute_url()}" in text
    assert "Move the kickoff" in text


def test_a_settled_step_tells_the_date_that_it_gave(client, active, as_pm, held):
    move(client, active)

    text = client.get(held.get_absolute_url()).content.decode()

    assert "Mon 15 Feb 2027" in text
    assert f"{address(active)}?next={held.get_absolute_url()}" in text


def test_who_is_booked_from_a_first_day_stays_booked_and_is_named(
    client, active, as_pm, pse
):
    Engagement.objects.filter(pk=active.pk).update(
        opportunity_stage=5, forecast_category="commit"
    )
    active.refresh_from_db()
    booked(pse, active, days=workdays(START), now=NOW)

    text = client.get(address(active, "planned_start")).content.decode()

    assert "Booked from Mon 1 Feb 2027, and stays so in the schedule: " in text
    assert pse.display_name in text


def test_the_page_takes_the_same_queries_with_3_and_30_steps(client, active, as_pm):
    hanging = Step.objects.filter(engagement=active, anchor=anchor(active))
    first = hanging.first()

    def queries(count):
        for number in range(count):
            step = Step.objects.get(pk=first.pk)
            step.pk, step._state.adding = None, True
            step.key = f"copy-{count}-{number}"
            step.save()
        with CaptureQueriesContext(connection) as captured:
            look(client, active)
        return len(captured)

    queries(1)  # fills caches of the process
    assert queries(3) == queries(27)
