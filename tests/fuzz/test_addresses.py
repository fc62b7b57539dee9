"""Nonsense in the address: an answer, an empty list or "not found", never an error."""

from urllib.parse import quote_from_bytes

import pytest
from django.urls import NoReverseMatch, reverse

from tests.access.walk import own_addresses
from tests.fuzz.nasty import NASTIES, SCRIPT, UPLOADS
from tests.fuzz.page import Control, Page
from tests.fuzz.sending import raw
from tests.fuzz.walk import crash, sentences_of, wrong_with_html

ANSWERED = {200, 302, 404, 422}
# What forms take from the address besides the filters that stand on the page.
ALSO = {
    "account_login": ["next"],
    "dashboards:my-day": ["page", "sort"],
    "training:course-list": ["page", "sort"],
    "engagements:engagement-add": ["customer", "kind", "region", "title"],
    "people:subdivision-options": ["country", "value"],
    "training:delivery-add": ["course"],
    "engagements:team-member-add": ["role", "person"],
    "engagements:engagement-move": ["target", "reason"],
}
NOT_THIS_WAY = 405
LISTS = [address.name for address in own_addresses() if not address.arguments]
ENGAGEMENT_PAGES = [name for name in ALSO if name not in LISTS]
EVERY_LIST = ["page", "sort"]
WORST = ["abc", "-1", "9" * 5_000, "\x00", SCRIPT, "9999-12-31", b"\xed\xa0\x80"]
# Its filters stand on another page.
FILTERS_OF = {
    "engagements:engagement-export": "engagements:engagement-list",
    "people:skill-export": "people:skill-matrix",
}


def of_a_list(name, world):
    has_engagement = name in ENGAGEMENT_PAGES
    return reverse(name, args=[world.training.pk] if has_engagement else [])


def parameters(name, path, client):
    """What a page takes from the address: filters, and what lists and forms know."""
    if name in FILTERS_OF:
        path = reverse(FILTERS_OF[name])
    answer = client.get(path)
    if answer.status_code == NOT_THIS_WAY:
        return []
    page = Page(answer.content.decode())
    filters = [one for one in page.forms if "csrfmiddlewaretoken" not in one.controls]
    by_form = [name for one in filters for name in one.controls]
    shared = EVERY_LIST if filters else []
    return dict.fromkeys([*by_form, *shared, *ALSO.get(name, [])])


def wrong_at(client, path):
    try:
        answer = client.get(path)
    except Exception as error:
        return [crash(error)]
    if answer.status_code not in ANSWERED:
        return [f"answered {answer.status_code}"]
    is_page = "text/html" in answer["Content-Type"]
    if not is_page or answer.status_code not in {200, 422}:
        # A file is read to its end: it is made while it is sent.
        return [] if list(answer) else ["no answer"]
    found = list(wrong_with_html(answer))
    if answer.status_code == 422:
        text = Page(answer.content.decode()).text
        sentences = sentences_of(answer)
        found += [f"not told: {one}" for one in sentences if one not in text]
        found += [] if sentences else ["refused without a reason"]
    return found


def walk(name, world, client, values):
    if name != "account_login":
        client.force_login(world.me)
    path = of_a_list(name, world)
    wrong = [
        f"{parameter}={value!r:.60}: {complaint}"
        for parameter in parameters(name, path, client)
        for value in values
        for complaint in wrong_at(
            client, f"{path}?{parameter}={quote_from_bytes(raw(value))}"
        )
    ]
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.full
@pytest.mark.parametrize("name", [*LISTS, *ENGAGEMENT_PAGES])
def test_nonsense_in_a_filter_is_answered(name, world, client):
    walk(name, world, client, WORST)


@pytest.mark.full
@pytest.mark.parametrize("name", [*LISTS, *ENGAGEMENT_PAGES])
def test_anything_in_a_filter_is_answered(name, world, client):
    control = Control("q", "text", ["1"])
    sent = [one.sent(control) for one in NASTIES if one not in UPLOADS]
    walk(name, world, client, [value for values in sent for value in values])


NO_ROWS = [0, 2**31, 2**63 - 1, 2**63, 10**30, "9" * 5_000]
NO_WORDS = ["x" * 5_000, "a" * 61, "\x00", "..", "é", "company.zone\x00", "__class__"]
FEW = [0, 2**63, "x" * 5_000]


def is_key(address):
    # Made to say nothing about who is there.
    return address.name == "account_reset_password_from_key"


def nowhere(address, values):
    """Addresses of the view that lead to nothing."""
    for value in values:
        try:
            yield reverse(address.name, kwargs=dict.fromkeys(address.arguments, value))
        except NoReverseMatch:
            # No such address can be made, so none leads here.
            continue


LEADING = [one for one in own_addresses() if one.arguments and not is_key(one)]


def found_nowhere(address, me, values):
    """What answered but with "not found" (or with "not this way")."""
    answers = {
        path[:80]: {me.client.get(path).status_code, me.client.post(path).status_code}
        for path in nowhere(address, values)
    }
    return {
        path: found
        for path, found in answers.items()
        if not found <= {404, NOT_THIS_WAY}
    }


@pytest.mark.parametrize("address", LEADING, ids=lambda address: address.name)
def test_an_address_to_nothing_is_not_found(address, me):
    assert found_nowhere(address, me, FEW) == {}


@pytest.mark.full
@pytest.mark.parametrize("address", LEADING, ids=lambda address: address.name)
def test_no_address_to_nothing_is_ever_found(address, me):
    assert found_nowhere(address, me, [*NO_ROWS, *NO_WORDS]) == {}


def test_there_is_a_mail_only_where_its_key_is(me):
    mails = reverse("outbox:message-list")

    for key in ("0", "x" * 36, "00000000-0000-0000-0000-00000000000g"):
        assert me.client.get(f"{mails}{key}/").status_code == 404
