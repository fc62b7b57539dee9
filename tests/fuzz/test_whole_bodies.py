"""Bodies that are wrong as a whole: none, no form at all, too much, sent twice."""

import pytest
from django.db import transaction

from tests.fuzz.journal import kept_journal
from tests.fuzz.sending import BOUNDARY, MULTIPART, URLENCODED, urlencoded
from tests.fuzz.test_forms import BODIES, SOME, opened
from tests.fuzz.walk import REFUSED, is_accepted, post_case

JSON = "application/json"
# Some need nothing but the click.
ANSWERED = {302, 400, 409, 413, 422}
GARBAGE = {
    "nothing": (URLENCODED, b""),
    "no percents": (URLENCODED, b"%%%=%&=&&%zz=%ED%A0%80"),
    "another coding": (f"{URLENCODED}; charset=utf-16", "name=x".encode("utf-16")),
    "a coding that is none": (f"{URLENCODED}; charset=no-such", b"name=x"),
    "JSON": (JSON, b'{"name": {"$gt": ""}}'),
    "parts cut off": (MULTIPART, f"--{BOUNDARY}\r\nContent-Disp".encode()),
    "parts without an end": ("multipart/form-data", b"--x"),
    "parts in base64": (
        MULTIPART,
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="note"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n***\r\n"
        f"--{BOUNDARY}--\r\n".encode(),
    ),
    "too many fields": (URLENCODED, b"a=1&" * 1_001),
    "too much": (URLENCODED, b"note=" + b"x" * 3_000_000),
}


# One of each sort: for nobody, with sessions, with files, in a list.
USUAL = [
    "account_login",
    "people:customer-edit",
    "engagements:engagement-add",
    "engagements:engagement-condition, with a file",
    "playbooks:step-complete, in a row",
    "training:delivery-add",
]
# Who is logged out, or has used a link, is told so on a page.
ACCOUNT = {"account_logout", "account_reset_password_from_key"}


def answers_of(name):
    is_usual = BODIES[name].htmx or BODIES[name].gives_file or name in ACCOUNT
    return ANSWERED | {200} if is_usual else ANSWERED


def send(case, kind, data):
    return case.client.generic(
        "POST", case.path, data, content_type=kind, headers=case.headers
    )


def test_bodies_that_are_no_forms_are_answered(world, client):
    wrong = [one for name in USUAL for one in walk(name, world, client)]

    assert wrong == []


@pytest.mark.full
@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_form_is_answered(name, world, client):
    assert walk(name, world, client) == []


def walk(name, world, client):
    """Send all garbage; a crash comes back as an error page here."""
    client.logout()
    case = opened(name, world, client)
    client.raise_request_exception = False
    wrong = []
    for label, (kind, data) in GARBAGE.items():
        with transaction.atomic():
            answer = send(case, kind, data)
            transaction.set_rollback(True)
        if answer.status_code not in answers_of(name):
            wrong.append(f"{name}, {label}: {answer.status_code}")
    client.raise_request_exception = True
    return wrong


@pytest.mark.parametrize("name", SOME)
def test_a_second_click_is_answered(name, world, client):
    case = opened(name, world, client)
    first = post_case(case, case.body)

    with kept_journal() as journal:
        second = post_case(case, case.body)

    assert is_accepted(case, first)
    assert second.status_code in answers_of(name) | {404}
    if second.status_code in REFUSED:
        assert journal.tables == []


def test_no_more_is_taken_than_a_form_has(world, client):
    forbidden = {
        "is_superuser": ["on"], "is_staff": ["on"], "is_active": [""], "id": ["1"],
        "pk": ["1"], "password": ["x"], "status": ["completed"], "state": ["held"],
        "created_by": [str(world.left.pk)], "engagement": [str(world.foreign.pk)],
    }  # fmt: skip
    for name in (
        "people:profile",
        "engagements:engagement-edit",
        "training:delivery-edit",
    ):
        case = opened(name, world, client)
        answer = client.generic(
            "POST",
            case.path,
            urlencoded(case.body | forbidden),
            content_type=URLENCODED,
        )
        assert answer.status_code == 302
    for record in (world.me, world.consulting, world.delivery):
        before = {name: getattr(record, name, None) for name in forbidden}
        record.refresh_from_db()
        assert {name: getattr(record, name, None) for name in forbidden} == before
