"""What the browser is told with every page, so that nasty text stays harmless."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from tests.access.walk import own_addresses
from tests.fuzz.bodies import at
from tests.fuzz.test_nasty_names import pages

INLINE = re.compile(
    r"<style|<script(?![^>]*\bsrc=)[^>]*>|\sstyle\s*=|\son[a-z]+\s*=|javascript:",
    re.IGNORECASE,
)
TEXT_OF_TAGS = re.compile(r"<[^>]*>")
NOT_THIS_WAY = 405


def policy_of(answer):
    parts = answer["Content-Security-Policy"].split(";")
    words = [part.split() for part in parts if part.split()]
    return {name: values for name, *values in words}


def missing_in(answer):
    """What an answer does not tell the browser."""
    told = {name.lower(): value for name, value in answer.items()}
    policy = policy_of(answer)
    wanted = {
        "nosniff": told.get("x-content-type-options") == "nosniff",
        "frames": told.get("x-frame-options") == "DENY",
        "frame-ancestors": policy.get("frame-ancestors") == ["'none'"],
        "referrer": told.get("referrer-policy") == "same-origin",
        "opener": told.get("cross-origin-opener-policy") == "same-origin",
        "default-src": policy.get("default-src") == ["'self'"],
        "object-src": policy.get("object-src") == ["'none'"],
        "base-uri": policy.get("base-uri") == ["'self'"],
        "form-action": policy.get("form-action") == ["'self'"],
        "unsafe": "unsafe" not in answer["Content-Security-Policy"],
    }
    return [name for name, is_told in wanted.items() if not is_told]


def inline_in(html):
    """Scripts and styles that the policy would stop: in tags only, not in text."""
    tags = " ".join(TEXT_OF_TAGS.findall(html))
    return sorted({found.group().strip() for found in INLINE.finditer(tags)})


def test_every_page_is_strict_and_needs_nothing_inline(world, me):
    wrong = []

    for path in pages(world):
        answer = me.client.get(path)
        if "html" in answer.headers["Content-Type"]:
            html = b"".join(answer).decode()
            wrong += [f"{path}: {one}" for one in missing_in(answer)]
            wrong += [f"{path}: {one}" for one in inline_in(html)]

    assert wrong == []


def test_pages_for_nobody_are_as_strict(client, world):
    paths = [one for one in own_addresses() if one.name.startswith("account_")]

    for address in paths:
        if not address.arguments:
            assert missing_in(client.get(reverse(address.name))) == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere/", 404),
        ("/people/999999/", 404),
        ("/people/profile/theme/", 405),
    ],
)
def test_refusals_are_as_strict(path, status, me):
    answer = me.client.get(path)

    assert answer.status_code == status
    assert missing_in(answer) == []


def test_a_page_that_is_not_mine_is_as_strict(client, world):
    client.force_login(world.colleague)

    answer = client.get(at("people:person-edit", "left")(world))

    assert answer.status_code == 403
    assert missing_in(answer) == []


def test_cookies_are_for_the_server_alone(client, world):
    client.post(
        reverse("account_login"),
        {"login": "me", "password": "correct horse battery staple"},
    )
    client.get(reverse("people:profile"))
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    token = client.cookies[settings.CSRF_COOKIE_NAME]

    assert session["httponly"]
    assert {session["samesite"], token["samesite"]} == {"Lax"}


def test_the_policy_finds_what_is_inline():
    assert inline_in('<p style="x">') == ["style="]
    assert inline_in("<script>1</script>") == ["<script>"]
    assert inline_in('<a onclick="x" href="javascript:x">') == [
        "javascript:",
        "onclick=",
    ]
    assert inline_in('<p>style= &lt;script&gt; onclick=</p><script src="/x.js">') == []
