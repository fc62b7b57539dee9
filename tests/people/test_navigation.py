from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from psdelivery import access
from psdelivery.people.choices import Role
from psdelivery.people.context_processors import MAIN, REGISTERS, may_open, navigation


@pytest.fixture
def links(rf):
    def build(roles, view_name="dashboards:my-day"):
        request = rf.get("/")
        request.user = SimpleNamespace(is_authenticated=True, role_set=frozenset(roles))
        request.resolver_match = SimpleNamespace(view_name=view_name)
        shown = navigation(request)
        return list(shown["nav"]) + list(shown["nav_registers"])

    return build


def labels(links):
    return [str(link.label) for link in links]


@pytest.mark.parametrize("place", MAIN + REGISTERS, ids=lambda place: place.view_name)
def test_every_entry_is_a_page_of_the_access_table(place):
    assert reverse(place.view_name)
    assert access.needed_for(place.view_name)


def test_coordinator_finds_the_registers(links):
    shown = labels(links({Role.COORDINATOR}))

    main = [
        "My day",
        "Engagements",
        "Board",
        "Requests",
        "Training",
        "Portfolio",
        "Outbox",
    ]
    assert shown[: len(main)] == main
    assert {"Customers", "People", "Settings"} < set(shown)
    assert "Administration" not in shown


def test_engineer_sees_no_portfolio_and_no_settings(links):
    shown = set(labels(links({Role.PSE})))

    assert {"My day", "Engagements", "People"} < shown
    assert shown.isdisjoint({"Portfolio", "Settings", "Administration"})


def test_administrator_reaches_the_administration(links):
    assert "Administration" in labels(links({Role.ADMINISTRATOR}))


def test_nobody_sees_nothing(rf):
    request = rf.get("/")
    request.user = AnonymousUser()

    assert list(navigation(request)["nav"]) == []
    assert not may_open(request.user, "dashboards:my-day")


def test_page_without_an_entry_in_the_table_is_not_offered():
    user = SimpleNamespace(is_authenticated=True, role_set=frozenset(Role.values))

    assert not may_open(user, "people:no-such-page")


@pytest.mark.parametrize(
    ("view_name", "label", "current"),
    [
        ("dashboards:my-day", "My day", "page"),
        ("playbooks:step-detail", "My day", "true"),
        ("playbooks:playbook-detail", "Playbooks", "true"),
        ("engagements:engagement-list", "Engagements", "page"),
        ("engagements:engagement-detail", "Engagements", "true"),
        ("engagements:offering-edit", "Offerings", "true"),
        ("training:submission-review", "Training", "true"),
        ("training:course-edit", "Courses", "true"),
        ("people:contact-edit", "Customers", "true"),
        ("people:person-detail", "People", "true"),
        ("outbox:message-detail", "Outbox", "true"),
    ],
)
def test_exactly_one_entry_is_marked_as_the_current_one(
    links, view_name, label, current
):
    marked = {
        str(link.label): link.current
        for link in links({Role.COORDINATOR}, view_name)
        if link.current
    }

    assert marked == {label: current}


def test_profile_belongs_to_no_entry(links):
    assert not any(link.current for link in links({Role.PM}, "people:profile"))
