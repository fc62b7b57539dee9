from datetime import timedelta

import pytest

from engagements.choices import Condition, Kind, Status
from engagements.services.gate import withdraw_condition
from engagements.services.intake import IntakeChanges, edit_engagement
from psdelivery.documents.services import add_link
from psdelivery.people.choices import Role
from psdelivery.playbooks.models import Step
from scheduling.choices import Hold
from tests.engagements.ticks import set_status, tick
from tests.factories.engagements import (
    EngagementFactory,
    meet,
    open_gate,
    registered,
    with_value,
)
from tests.factories.outbox import MessageFactory
from tests.factories.people import UserFactory
from tests.factories.scheduling import booked

pytestmark = pytest.mark.django_db
TABS = [
    "",
    "checklist/",
    "checklist/?show=all",
    "checklist/?show=late",
    "checklist/?show=nonsense",
    "team/",
    "schedule/",
    "money/",
    "mail/",
    "documents/",
    "history/",
]


def page(client, engagement, tab=""):
    return client.get(f"{engagement.get_absolute_url()}{tab}")


def text_of(client, engagement, tab=""):
    response = page(client, engagement, tab)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_for_leadership(client, consulting, tab):
    client.force_login(UserFactory(roles=[Role.LEADERSHIP]))

    assert page(client, consulting, tab).status_code == 200


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_for_internal_work(client, tab):
    internal = EngagementFactory(kind=Kind.INTERNAL, status=Status.ACTIVE)
    client.force_login(UserFactory(roles=[Role.LEADERSHIP]))

    assert page(client, internal, tab).status_code == 200


def test_who_is_not_on_it_does_not_find_it(client, consulting, pse):
    client.force_login(pse)

    assert page(client, consulting).status_code == 404


def test_a_tab_that_is_not_there_is_not_found(client, coordinator, consulting):
    client.force_login(coordinator)

    assert page(client, consulting, "nonsense/").status_code == 404
    # Consulting has no classes.
    assert page(client, consulting, "training/").status_code == 404


def test_r1_the_page_names_what_is_missing_with_a_link_to_each_cure(
    client, coordinator, shipped
):
    engagement = registered(kind=Kind.BLENDED)
    set_status(engagement, Status.IN_SETUP)
    client.force_login(coordinator)

    text = text_of(client, engagement)
    url = engagement.get_absolute_url()
    assert "Next: Okay to start" in text
    for cure in (
        f"{url}gate/customer_signature/",
        f"{url}edit/#id_paper-billing_terms",
        f"{url}team/add/?role=pm",
        Step.objects.get(engagement=engagement, key="welcome").get_absolute_url(),
    ):
        assert f'href="{cure}"' in text


def test_r1_only_who_may_make_a_move_sees_its_button(
    client, coordinator, pm, consulting
):
    set_status(consulting, Status.ACTIVE)

    def buttons(person):
        client.force_login(person)
        header = page(client, consulting).context["header"]
        moves = [header.primary, *header.moves]
        return {move.label for move in moves if move}

    assert buttons(pm) == {"Close", "Put on hold", "Cancel the engagement"}
    assert buttons(coordinator) == {"Put on hold", "Cancel the engagement"}
    assert buttons(UserFactory(roles=[Role.PM])) == set()
    assert buttons(UserFactory(roles=[Role.FINANCE])) == set()
    assert "Set by: Project manager." in text_of(client, consulting)


def test_a_role_moves_only_as_far_as_that_role_reaches(client, consulting):
    # Finance reaches everything, but a PM closes only own engagements.
    set_status(consulting, Status.ACTIVE)
    client.force_login(UserFactory(roles=[Role.PM, Role.FINANCE]))

    assert page(client, consulting).context["header"].primary is None


def test_the_ball_is_shown_with_since_when(client, coordinator, consulting, at_now):
    consulting.ball_since = at_now - timedelta(days=12)
    consulting.save()
    client.force_login(coordinator)

    text = text_of(client, consulting)
    assert "since 20 Jan (12 days)" in text
    assert "Pass the ball" in text


def test_the_phase_bar_follows_the_steps(client, coordinator, consulting):
    client.force_login(coordinator)
    before = page(client, consulting).context["header"].phases
    assert [mark.state for mark in before][:2] == ["current", "coming"]

    first = Step.objects.filter(engagement=consulting, phase=1)
    for step in first:
        tick(consulting, step.key) if step.is_open else None
    phases = page(client, consulting).context["header"].phases
    assert (phases[0].title, phases[0].state) == ("Pre-project", "done")
    assert phases[1].state == "current"


def test_on_hold_shows_a_banner(client, coordinator, consulting):
    set_status(consulting, Status.ON_HOLD)
    client.force_login(coordinator)

    assert "No reminder leaves and nothing counts as late" in text_of(
        client, consulting
    )


def test_r2_a_closed_gate_shows_a_banner_until_it_opens(
    client, coordinator, consulting
):
    set_status(consulting, Status.IN_SETUP)
    client.force_login(coordinator)
    closed = "The gate is closed: nobody is booked hard"
    assert closed in text_of(client, consulting)

    open_gate(consulting)
    text = text_of(client, consulting)
    assert closed not in text
    assert "Before the first delivery day" in text

    meet(consulting, Condition.CLOSED_WON, Condition.AGREEMENT, "countersignature")
    assert "Before the first delivery day" not in text_of(client, consulting)


def test_r2_bookings_are_marked_when_the_gate_has_closed_again(
    client, coordinator, consulting, pse, now
):
    open_gate(consulting)
    booked(pse, consulting, hold=Hold.HARD, now=now)
    client.force_login(coordinator)
    assert "gate closed" not in text_of(client, consulting, "team/")

    code = Condition.CUSTOMER_SIGNATURE
    withdraw_condition(consulting, code, by=coordinator, reason="Wrong", now=now)
    assert "gate closed" in text_of(client, consulting, "team/")
    assert "gate closed" in text_of(client, consulting, "schedule/")


def test_the_overview_shows_the_five_next_steps(client, coordinator, consulting):
    client.force_login(coordinator)

    steps = list(page(client, consulting).context["steps"])
    dates = [step.due_at for step in steps if step.due_at]
    assert len(steps) == 5
    assert dates == sorted(dates)


def all_rows(client, engagement, query):
    """Return the steps of all pages of the checklist, in their order."""
    found, number = [], 1
    while True:
        answer = page(client, engagement, f"checklist/?{query}&page={number}")
        found += answer.context["page"].object_list
        if not answer.context["page"].has_next():
            return found
        number += 1


def test_a_long_checklist_goes_over_several_pages(client, coordinator, consulting):
    steps = consulting.steps.count()
    client.force_login(coordinator)

    first = page(client, consulting, "checklist/?show=all").context["page"]
    rows = all_rows(client, consulting, "show=all")

    assert len(first.object_list) == 50
    assert len({step.pk for step in rows}) == len(rows) == steps


def test_the_progress_bar_leads_to_the_steps_of_one_phase(
    client, coordinator, consulting
):
    client.force_login(coordinator)
    header = page(client, consulting).context["header"]

    for mark in header.phases:
        shown = client.get(mark.url).context
        assert shown["phase"].label == mark.title
        assert {step.phase for step in shown["page"]} == {shown["phase"]}
        assert (
            len(shown["page"]) == consulting.steps.filter(phase=shown["phase"]).count()
        )


def test_an_unknown_phase_shows_all(client, coordinator, consulting):
    client.force_login(coordinator)

    shown = page(client, consulting, "checklist/?show=all&phase=99").context

    assert shown["phase"] is None
    assert shown["page"].paginator.count == consulting.steps.count()


def test_the_checklist_filters_open_late_and_all(
    client, coordinator, consulting, at_now
):
    tick(consulting, "skills-and-effort")
    late = Step.objects.open().exclude(due_at=None).first()
    Step.objects.filter(pk=late.pk).update(due_at=at_now - timedelta(days=1))
    client.force_login(coordinator)

    def keys(show):
        return {step.key for step in all_rows(client, consulting, f"show={show}")}

    total = consulting.steps.count()
    assert keys("late") == {late.key}
    assert len(keys("open")) == total - 1
    assert len(keys("all")) == total
    assert "skills-and-effort" not in keys("open")


def test_within_a_phase_open_steps_stand_first(client, coordinator, consulting):
    tick(consulting, "skills-and-effort")
    client.force_login(coordinator)

    steps = all_rows(client, consulting, "show=all")
    order = [(step.phase, not step.is_open) for step in steps]
    assert order == sorted(order)


def test_money_stands_on_a_tab_of_its_own_for_who_may_see_it(client, consulting, pm):
    with_value(consulting, 120_000)
    client.force_login(pm)

    assert "120,000.00 EUR" in text_of(client, consulting, "money/")
    assert "120,000" not in text_of(client, consulting)


def test_a_coordinator_finds_no_money_anywhere(
    client, coordinator, consulting, pm, now
):
    edit_engagement(
        consulting,
        IntakeChanges(paper={"value": 98_765, "currency": "EUR"}),
        by=pm,
        now=now,
    )
    add_link(
        "https://docs.example.com/sow-98765",
        title="SOW 98765",
        engagement=consulting,
        by=pm,
        now=now,
        money=True,
    )
    client.force_login(coordinator)

    assert page(client, consulting, "money/").status_code == 403
    for tab in [tab for tab in TABS if tab != "money/"] + ["edit/"]:
        assert "98765" not in text_of(client, consulting, tab), tab
    client.force_login(pm)
    assert "98765" in text_of(client, consulting, "history/")
    assert "98765" in text_of(client, consulting, "documents/")


def test_mail_shows_only_what_the_reader_may_see(client, consulting, coordinator):
    MessageFactory(engagement=consulting, subject="Welcome to PS")
    client.force_login(coordinator)
    assert "Welcome to PS" in text_of(client, consulting, "mail/")

    client.force_login(UserFactory(roles=[Role.FINANCE]))
    assert page(client, consulting, "mail/").status_code == 403


def test_the_history_tells_statuses_in_words(client, coordinator, consulting):
    client.force_login(coordinator)
    client.post(
        f"{consulting.get_absolute_url()}move/",
        {"target": "cancelled", "reason": "Budget cut"},
    )

    text = text_of(client, consulting, "history/")
    assert "moved the status" in text
    assert "<del>Estimate</del>" in text
    assert "<ins>Cancelled</ins>" in text
    assert "Budget cut" in text


@pytest.mark.parametrize("tab", ["", "checklist/?show=all", "team/", "history/"])
def test_the_page_costs_the_same_queries_for_any_number_of_steps(
    client,
    consulting,
    pm,
    tab,
    django_assert_num_queries,
    django_assert_max_num_queries,
):
    set_status(consulting, Status.IN_SETUP)
    keep = Step.objects.filter(engagement=consulting).values_list("pk", flat=True)[:3]
    others = Step.objects.exclude(pk__in=list(keep)).exclude(key="welcome")
    others.update(engagement=None)
    client.force_login(pm)
    page(client, consulting, tab)

    with django_assert_max_num_queries(25) as few:
        page(client, consulting, tab)
    Step.objects.update(engagement=consulting)
    with django_assert_num_queries(len(few)):
        page(client, consulting, tab)


@pytest.mark.parametrize("status", Status)
def test_the_page_opens_in_every_status(client, coordinator, consulting, status):
    set_status(consulting, status, before=Status.IN_SETUP)
    client.force_login(coordinator)

    assert page(client, consulting).status_code == 200


def test_an_engagement_that_is_not_there_is_not_found(client, coordinator):
    client.force_login(coordinator)

    for pk in ("999999", "9" * 30):
        assert client.get(f"/engagements/{pk}/").status_code == 404
