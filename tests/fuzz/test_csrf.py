"""No form is taken from another site: each post needs the token of its page."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.fuzz.test_forms import BODIES, SOME
from tests.fuzz.walk import case_of, is_accepted, post_case

REFUSED = 403
TOKEN = "csrfmiddlewaretoken"


@pytest.fixture
def strict(world):
    return Client(enforce_csrf_checks=True)


def opened(name, world, client):
    if not BODIES[name].anonymous:
        client.force_login(world.me)
    return case_of(BODIES[name], world, client)


@pytest.mark.parametrize("name", SOME)
def test_a_post_needs_the_token_of_its_page(name, world, strict):
    case = opened(name, world, strict)
    without = {name: value for name, value in case.body.items() if name != TOKEN}

    assert post_case(case, without).status_code == REFUSED
    assert post_case(case, without | {TOKEN: ["x" * 64]}).status_code == REFUSED
    assert post_case(case, without | {TOKEN: ["\x00é"]}).status_code == REFUSED
    assert is_accepted(case, post_case(case, case.body))


def test_the_refusal_says_what_to_do(world, strict):
    strict.force_login(world.me)

    answer = strict.post(reverse("people:profile"))

    assert answer.status_code == REFUSED
    assert "<h1" in answer.content.decode()


def test_a_token_may_come_with_a_script(world, strict):
    strict.force_login(world.me)
    page = strict.get(reverse("people:profile"))
    token = page.context["csrf_token"]

    answer = strict.post(
        reverse("people:theme"), {"theme": "dark"}, headers={"X-CSRFToken": str(token)}
    )

    assert answer.status_code == 302


def test_reading_changes_nothing(world, me, whole_world):
    # What only takes a post answers a link with "not this way".
    for name in ("people:theme", "people:person-return", "outbox:message-retry"):
        path = BODIES[name].at(world)
        assert me.client.get(path).status_code == 405
