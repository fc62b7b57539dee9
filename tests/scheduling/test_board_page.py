"""The board: people × days, filtered, in pages, and kept as views."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from psdelivery.people.choices import Role
from psdelivery.people.models import RoleGrant, User
from scheduling.capacity_facts import Span
from scheduling.choices import Hold
from scheduling.models import BoardView, RequestSkill
from scheduling.queries import board as board_queries
from scheduling.services.capacity import extend_horizon
from tests.factories.people import (
    PersonSkillFactory,
    PracticeFactory,
    RegionFactory,
    SkillFactory,
    TimeOffFactory,
    UserFactory,
)
from tests.factories.scheduling import (
    MONDAY,
    NOW,
    asked_for,
    booked,
    startable,
    workdays,
)

pytestmark = pytest.mark.django_db
BOARD = "/schedule/board/"
SPAN = Span(MONDAY - timedelta(days=14), MONDAY + timedelta(days=100))


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def coordinator():
    return UserFactory(roles=[Role.COORDINATOR])


@pytest.fixture
def ann():
    return UserFactory(roles=[Role.PSE], first_name="Ann", last_name="Able")


@pytest.fixture
def bob():
    return UserFactory(roles=[Role.TRAINER], first_name="Bob", last_name="Baker")


@pytest.fixture
def board(client, coordinator):
    client.force_login(coordinator)

    def look(**query):
        answer = client.get(BOARD, {"first": MONDAY.isoformat(), **query})
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return look


def row_of(html, person):
    """The part of the page that is the row of a person."""
    start = html.index(f'id="p-{person.pk}"')
    return html[start:].partition('<div class="b-row')[0]


def shown(html):
    return [int(pk) for pk in re.findall(r'id="p-(\d+)"', html)]


def test_a_row_tells_bookings_capacity_and_days_off(board, ann):
    engagement = startable(title="Roll-out", customer__name="Acme")
    booked(ann, engagement, hold=Hold.HARD, days=workdays(count=3))
    TimeOffFactory(
        person=ann,
        starts_on=MONDAY + timedelta(days=8),
        ends_on=MONDAY + timedelta(days=8),
    )

    row = row_of(board(), ann)
    assert "Acme · Roll-out</b> hard, 24 h, 15–17 Mar" in row
    assert "Week of 15 Mar: 24 of 40 hours booked hard, 16 free" in row
    assert "24/40 <b>16 free</b>" in row
    assert "Week of 22 Mar: 0 of 32 hours booked hard, 32 free, Tue away" in row
    assert 'class="b-off off-away c-9 w-1" title="away"' in row
    assert "hold-hard" in row
    assert "c-1 w-3 l-1" in row
    assert "has-weekends" in board()


def test_bookings_that_overlap_stand_in_lanes_and_say_that_it_is_too_much(board, ann):
    booked(ann, hold=Hold.HARD)
    booked(ann, hold=Hold.SOFT, days=workdays(count=2, hours=4))

    row = row_of(board(), ann)
    assert "l-1" in row
    assert "l-2" in row
    assert "Week of 15 Mar: 40 of 40 hours booked hard, 8 soft, 8 soft over" in row
    assert "is-soft-over" in row


def test_a_booking_with_a_gap_is_two_bars_and_one_link_to_follow(board, ann):
    days = workdays(count=1) | workdays(MONDAY + timedelta(days=3), count=1)
    booked(ann, days=days)

    bars = re.findall(r'<a class="b-bar[^>]*>', row_of(board(), ann))
    assert [("aria-hidden" in bar, "c-1 w-1" in bar) for bar in bars] == [
        (False, True),
        (True, False),
    ]


def test_what_goes_on_beyond_the_window_says_so(board, ann):
    booked(ann, days=workdays(MONDAY - timedelta(days=7), count=10, hours=2))

    assert "goes-before" in row_of(board(), ann)


def test_wider_zooms_tell_of_weeks_and_of_months(board, ann):
    booked(ann, hold=Hold.HARD, days=workdays(count=10))

    by_week = row_of(board(zoom="week"), ann)
    assert "c-1 w-2 l-1" in by_week
    assert "Week of 22 Mar: 40 of 40 hours booked hard, full" in by_week
    by_month = row_of(board(zoom="month"), ann)
    assert "March 2027: 80 of 184 hours booked hard, 104 free" in by_month


def test_demand_that_nobody_is_named_for_stands_on_top(board, ann):
    engagement = startable(title="Roll-out", customer__name="Acme")
    booked(None, engagement, unnamed="Engineer")

    html = board()
    assert html.index("Unnamed: Professional services engineer") < html.index(
        f'id="p-{ann.pk}"'
    )
    assert "Acme · Roll-out</b> Engineer, soft, 40 h, 15–19 Mar" in html
    assert "Unnamed" not in board(q="Able")


def test_who_left_or_has_another_role_is_shown_while_booked(board, coordinator, ann):
    boss = UserFactory(roles=[Role.LEADERSHIP], first_name="Bo", last_name="Oss")
    booked(boss)
    booked(ann)
    type(ann).objects.filter(pk=ann.pk).update(is_active=False)

    assert set(shown(board())) == {boss.pk, ann.pk}
    assert shown(board(first=(MONDAY + timedelta(days=30)).isoformat())) == []


def test_people_are_found_by_name_place_role_and_skill(board, ann, bob):
    ann.region, ann.practice = RegionFactory(), PracticeFactory()
    ann.save()
    skill = PersonSkillFactory(person=bob).skill

    assert shown(board()) == [ann.pk, bob.pk]
    assert shown(board(q="ann")) == [ann.pk]
    assert shown(board(region=ann.region.pk)) == [ann.pk]
    assert shown(board(practice=ann.practice.pk)) == [ann.pk]
    assert shown(board(role=Role.TRAINER)) == [bob.pk]
    assert shown(board(skill=skill.pk)) == [bob.pk]
    assert "Nobody fits these filters" in board(q="nobody")


def test_asked_for_bookings_stand_out_and_the_others_are_behind(board, ann, bob):
    acme = startable(title="Roll-out", customer__name="Acme")
    booked(ann, acme)
    booked(ann, hold=Hold.HARD, days=workdays(MONDAY + timedelta(days=7)))
    booked(bob)

    html = board(about="acme roll")
    assert shown(html) == [ann.pk]
    assert row_of(html, ann).count("is-dim") == 1
    assert shown(board(hold=Hold.HARD)) == [ann.pk]
    assert shown(board(engagement=acme.pk)) == [ann.pk]


def test_free_people_have_that_many_hours_in_the_first_two_weeks(board, ann, bob):
    extend_horizon([ann, bob], SPAN)
    booked(ann, hold=Hold.HARD, days=workdays(count=9))

    assert shown(board(free=8)) == [ann.pk, bob.pk]
    assert shown(board(free=40)) == [bob.pk]
    later = (MONDAY + timedelta(days=7)).isoformat()
    assert shown(board(free=40, first=later)) == [ann.pk, bob.pk]


def test_conflicts_are_overbooked_days_and_tentative_holds_on_top(board, ann, bob):
    booked(ann, hold=Hold.HARD)
    booked(bob, hold=Hold.HARD)
    assert shown(board(conflicts="on")) == []

    booked(ann, days=workdays(count=1, hours=2))
    assert shown(board(conflicts="on")) == [ann.pk]


def test_further_rows_come_when_they_are_scrolled_to(
    board, client, coordinator, monkeypatch, ann, bob
):
    monkeypatch.setattr(board_queries, "BLOCK", 1)
    monkeypatch.setattr("scheduling.views.board.BLOCK", 1)

    html = board()
    assert shown(html) == [ann.pk]
    address = re.search(r'hx-get="(/schedule/board/rows/[^"]*page=2)"', html)[1]
    rows = client.get(address.replace("&amp;", "&")).content.decode()
    assert shown(rows) == [bob.pk]
    assert "<html" not in rows
    assert shown(board(page=2)) == [bob.pk]
    assert shown(board(page="x")) == [ann.pk]


def test_open_requests_stand_beside_it_for_coordinators_only(board, client, ann):
    asked = asked_for(startable(title="Roll-out", customer__name="Acme"))

    assert "Professional services engineer, soft, 15–19 Mar, 8 hours a day" in board()
    assert asked.get_absolute_url() in board()
    client.force_login(ann)
    assert asked.get_absolute_url() not in board()


def test_a_chosen_request_lights_up_who_fits_and_puts_them_first(board, ann, bob):
    skill = PersonSkillFactory(
        person=bob, level=3, confirmed_by=UserFactory(), confirmed_on=NOW.date()
    ).skill
    type(bob).objects.filter(pk=bob.pk).update(first_name="Zoe", last_name="Zed")
    RoleGrant.objects.create(user=bob, role=Role.PSE)
    booked(bob, hold=Hold.HARD, days=workdays(count=1))
    asked = asked_for(startable(), booking="hard")
    RequestSkill.objects.create(request=asked, skill=skill, level=3)

    html = board(request=asked.pk)
    assert shown(html) == [bob.pk, ann.pk]
    lit = row_of(html, bob)
    assert "4 of 5 days free" in lit
    assert f"{reverse('scheduling:request-book', args=[asked.pk])}?person=" in lit
    assert f"{skill.name}: level 3" in lit
    assert "days free" not in row_of(html, ann)
    assert 'class="b-wanted c-1 w-5"' in html
    assert "days free" not in board(request=asked.pk + 1)
    assert f"?first=2027-03-15&amp;request={asked.pk}" in board(first="2027-06-14")


def test_a_bar_is_a_link_for_who_may_open_its_booking(board, client, ann, bob):
    mine, other = booked(ann), booked(bob)
    client.force_login(ann)

    html = board()
    assert f'href="{mine.get_absolute_url()}"' in html
    assert f'href="{other.get_absolute_url()}"' not in html
    assert f'data-bar="{other.pk}"' in html
    assert "data-version" not in html


@pytest.mark.parametrize(
    "query", ["zoom=year", "first=yesterday", "first=1912-03-04", "region=x", "free=3"]
)
def test_filters_that_do_not_fit_are_told(client, coordinator, query):
    client.force_login(coordinator)

    answer = client.get(f"{BOARD}?{query}")
    assert answer.status_code == 422
    assert "do not fit" in answer.content.decode()
    assert client.get(f"{BOARD}rows/?{query}").status_code == 422


def test_keys_and_links_keep_the_filters(board, bob):
    html = board(role="trainer", zoom="week")

    assert re.search(r'href="\?role=trainer&amp;zoom=week"[^>]*data-key="t"', html)
    later = (MONDAY + timedelta(weeks=8)).isoformat()
    assert f"first={later}" in html
    assert "data-key=&quot;" not in html


def queries_of(client, path):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def fill(count):
    people = [UserFactory(roles=[Role.PSE]) for _ in range(count)]
    extend_horizon(people, SPAN)
    for person in people:
        booked(person, startable(), days=workdays(count=3, hours=2))
        booked(None, unnamed="Engineer")
        asked_for()


@pytest.mark.parametrize("path", [BOARD, f"{BOARD}?zoom=month", f"{BOARD}rows/"])
def test_the_number_of_queries_does_not_grow(client, coordinator, path):
    client.force_login(coordinator)
    fill(3)
    few = queries_of(client, f"{path}{'&' if '?' in path else '?'}first=2027-03-15")
    fill(9)
    many = queries_of(client, f"{path}{'&' if '?' in path else '?'}first=2027-03-15")

    # The window by months begins on days that have no row yet, and ends on such.
    assert few == many <= 12


def test_a_chosen_request_costs_the_same_for_few_and_for_many(client, coordinator):
    client.force_login(coordinator)
    asked = asked_for()
    skill = RequestSkill.objects.create(request=asked, skill=SkillFactory(), level=2)
    fill(3)
    for person in User.objects.with_role(Role.PSE):
        PersonSkillFactory(person=person, skill=skill.skill, level=3)
    path = f"{BOARD}?first=2027-03-15&request={asked.pk}"
    few = queries_of(client, path)
    fill(9)
    for person in User.objects.with_role(Role.PSE).filter(skills=None):
        PersonSkillFactory(person=person, skill=skill.skill, level=3)

    assert queries_of(client, path) == few <= 24


def test_a_view_is_kept_under_a_name_and_found_again(client, coordinator):
    client.force_login(coordinator)
    address = reverse("scheduling:board-view-save")

    query = "role=trainer&zoom=week&first=2027-03-15&page=2&strange=1"
    answer = client.post(f"{address}?{query}", {"name": "My trainers"})
    view = BoardView.objects.get()
    assert (view.owner, view.is_shared) == (coordinator, False)
    assert view.query == "role=trainer&zoom=week"
    assert answer.url == f"{BOARD}?{view.query}"
    menu = client.get(BOARD).content.decode()
    assert '<a href="?role=trainer&amp;zoom=week" hx-boost="true">' in menu
    assert "<span>My trainers</span></a>" in menu


def test_the_menu_says_whose_views_are_for_everybody(board, coordinator, ann, bob):
    BoardView.objects.create(owner=coordinator, name="Ours", is_shared=True)
    BoardView.objects.create(owner=ann, name="Theirs", is_shared=True)
    BoardView.objects.create(owner=bob, name="Private")

    menu = board()
    assert '<span>Ours</span><span class="small quiet">for everybody</span>' in menu
    assert '<span>Theirs</span><span class="small quiet">Ann Able</span>' in menu
    assert "Private" not in menu


def test_a_name_is_taken_once_by_the_same_person(client, coordinator):
    client.force_login(coordinator)
    BoardView.objects.create(owner=coordinator, name="Mine")

    answer = client.post(reverse("scheduling:board-view-save"), {"name": "Mine"})
    assert answer.status_code == 422
    assert "You have a view of this name already." in answer.content.decode()
    assert BoardView.objects.count() == 1


def test_views_of_others_are_seen_when_shared_and_removed_by_their_owner(
    client, coordinator, ann
):
    shared = BoardView.objects.create(owner=ann, name="Everybody", is_shared=True)
    private = BoardView.objects.create(owner=ann, name="Only Ann")
    client.force_login(coordinator)

    page = client.get(reverse("scheduling:board-view-list")).content.decode()
    assert "Everybody" in page
    assert "Only Ann" not in page
    remove = [
        client.post(reverse("scheduling:board-view-delete", args=[view.pk]))
        for view in (shared, private)
    ]
    assert [answer.status_code for answer in remove] == [403, 404]
    client.force_login(ann)
    client.post(reverse("scheduling:board-view-delete", args=[shared.pk]))
    assert list(BoardView.objects.all()) == [private]


def test_a_person_keeps_fifty_views_at_most(client, coordinator):
    client.force_login(coordinator)
    BoardView.objects.bulk_create(
        BoardView(owner=coordinator, name=f"View {number}") for number in range(50)
    )

    answer = client.post(reverse("scheduling:board-view-save"), {"name": "One more"})
    assert answer.status_code == 422
    assert "You have 50 views" in answer.content.decode()


def test_hours_are_told_without_needless_digits(board, ann):
    booked(ann, days=workdays(count=2, hours="3.75"))

    row = row_of(board(), ann)
    assert "soft, 7.5 h" in row
