"""What comes beside the body: cookies and headers that somebody wrote by hand."""

import pytest
from django.conf import settings
from django.urls import reverse

from tests.fuzz.nasty import SCRIPT
from tests.fuzz.walk import wrong_with_html

PROFILE = reverse("people:profile")
ODD = ["", "x" * 5_000, "http://[::1", "//", "\x7f\x01", "é", SCRIPT, "%00", "\ud83d"]
HEADERS = [
    "HX-Current-URL", "HX-Target", "HX-Trigger", "HX-Prompt", "HX-Boosted", "Referer",
    "Origin", "Accept", "Accept-Language", "X-Forwarded-For", "X-Forwarded-Proto",
    "User-Agent", "Range", "If-Modified-Since",
]  # fmt: skip
COOKIES = [
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages",
    settings.LANGUAGE_COOKIE_NAME,
]  # fmt: skip


def wrong_answer(answer, statuses):
    wrong = list(wrong_with_html(answer))
    return wrong if answer.status_code in statuses else [answer.status_code, *wrong]


@pytest.mark.parametrize("odd", ODD)
def test_odd_headers_are_taken_as_they_are(odd, world, client):
    headers = dict.fromkeys(HEADERS, odd)
    fragment = headers | {"HX-Request": "true"}

    for method in (client.get, client.post):
        assert wrong_answer(method(PROFILE, headers=fragment), {200, 302}) == []
    client.force_login(world.me)
    for sent in (headers, fragment):
        answer = client.get(PROFILE, headers=sent)
        assert wrong_answer(answer, {200, 206, 304}) == []


@pytest.mark.parametrize("name", COOKIES)
def test_an_odd_cookie_is_nobodys(name, me):
    for odd in ODD[:-1]:
        me.client.cookies[name] = odd
        assert wrong_answer(me.client.get(PROFILE), {200, 302}) == []


@pytest.mark.parametrize("host", ["evil.example", "[::1", "a b"])
def test_another_host_is_refused(host, me):
    assert me.client.get(PROFILE, headers={"Host": host}).status_code == 400
