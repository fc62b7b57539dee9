"""Pages and forms of a portal in which all names are nasty ones."""

import pytest
from django.test import Client
from django.urls import resolve, reverse

from engagements.registry import panels
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.outbox.services import send_due
from psdelivery.playbooks.models import Reminder, Step
from psdelivery.playbooks.services.reminders import scan_reminders
from tests.access.walk import own_addresses
from tests.fuzz.bodies import SECOND_FACTOR, at, half_logged_in
from tests.fuzz.nasty import BREAKOUT, LIVE_HTML, SCRIPT
from tests.fuzz.poison import poison, typed_fields
from tests.fuzz.rounds import taken
from tests.fuzz.test_forms import BODIES, SOME, opened
from tests.fuzz.walk import complaints_about, wrong_with_html


def alive(longest):
    return (SCRIPT + BREAKOUT)[:longest]


def two_lines(longest):
    """As if it had come by another way than a form."""
    return f"a\r\nBcc: x@example.com\r\n{SCRIPT}"[:longest]


def long(longest):
    return ("Wide " * longest)[: longest - 1] + "x"


TEXTS = [alive, two_lines, long]
SHOWN = [
    at("people:person-detail", "colleague"),
    at("people:customer-detail", "customer"),
    at("outbox:message-detail", "failed"),
    lambda world: reverse("playbooks:playbook-detail", args=["consulting"]),
    at("playbooks:step-detail", "ticking"),
    at("playbooks:step-detail", "done"),
    at("engagements:engagement-detail", "consulting"),
    at("training:delivery-detail", "delivery"),
    at("training:submission-detail", "submission"),
]
# No pages: they answer with a file, a few words or another address.
NO_PAGES = {
    "account_logout", "account_login", "account_reset_password_from_key",
    "documents:document-download", "engagements:engagement-export", "healthz",
    "openid_connect_callback", "openid_connect_login", "readyz",
    "training:submission-assign",
}  # fmt: skip


# They lead elsewhere until somebody has a second factor.
OF_A_SECOND_FACTOR = {
    "mfa_reauthenticate",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
}
# Of somebody who has not given it yet.
HALF_LOGGED_IN = "mfa_authenticate"
# Pages of a drag: opened without one they say what is lacking. What they show of a
# booking is walked with the forms, which bring one along.
WITHOUT_A_DRAG = {"scheduling:board-move"}
ELSEWHERE = {*NO_PAGES, *OF_A_SECOND_FACTOR, HALF_LOGGED_IN}


PREPARED = {"account_reset_password_from_key", *SECOND_FACTOR}


def pages(world):
    """Every address that shows a page."""
    lists = [
        reverse(address.name) for address in own_addresses() if not address.arguments
    ]
    tabs = [
        f"{one.get_absolute_url()}{panel.key}/"
        for one in (world.consulting, world.training)
        for panel in panels.shown_for(one)
    ]
    forms = [
        (spec.form_on or spec.at)(world)
        for name, spec in BODIES.items()
        # What leads there first is walked with the forms themselves.
        if name not in PREPARED
    ]
    found = dict.fromkeys([*lists, *(one(world) for one in SHOWN), *tabs, *forms])
    return [path for path in found if name_of(path) not in ELSEWHERE]


def name_of(path):
    return resolve(path.partition("?")[0]).view_name


def expected_of(path):
    """How a page answers where everything is as it should be."""
    lacks_the_drag = name_of(path) in WITHOUT_A_DRAG and "?" not in path
    return 422 if lacks_the_drag else 200


def test_every_page_shows_nasty_names_as_text(world, me):
    # Some of them make what they show, which then is to be nasty too.
    paths = pages(world)
    poison(alive)
    wrong, seen = [], set()

    for path in paths:
        answer = me.client.get(path)
        if answer.status_code == 405:
            continue
        seen.add(name_of(path))
        wrong += [f"{path}: {one}" for one in wrong_with_html(answer)]
        if answer.status_code != expected_of(path):
            wrong.append(f"{path}: {answer.status_code}")

    assert wrong == []
    assert len(seen) > 50


def test_pages_of_a_second_factor_show_nasty_names_as_text(world, me):
    stranger = Client()
    walk = [(stranger, half_logged_in(world, stranger))]
    walk += [(me.client, reverse(name)) for name in sorted(OF_A_SECOND_FACTOR)]
    poison(alive)

    for client, path in walk:
        answer = client.get(path)
        assert (path, answer.status_code) == (path, 200)
        assert list(wrong_with_html(answer)) == []


def test_the_poison_reaches_what_people_type():
    fields = {
        f"{meta.label_lower}.{one.name}" for meta, fs in typed_fields() for one in fs
    }

    assert {"people.customer.name", "engagements.engagement.notes"} <= fields
    assert len(fields) > 30


@pytest.mark.parametrize("name", SOME)
def test_names_as_long_as_allowed_fit_wherever_they_are_copied(name, world, client):
    poison(long)
    case = opened(name, world, client)
    rounds = taken(case.fields(), case)

    for one in rounds:
        if one.label.startswith("as long"):
            assert complaints_about(case, one) == []


@pytest.mark.parametrize("text_for", TEXTS)
def test_reminders_with_nasty_names_leave(text_for, world, at_now):
    due = Step.objects.open().filter(due_at__isnull=False)
    due.update(next_reminder_at=at_now, due_at=at_now)
    poison(text_for)

    decided = scan_reminders(now=at_now)
    # What is told together leaves when the last look of the scan is over.
    mails = Message.objects.filter(kind="step-reminder")
    leaves = max(at_now, *mails.values_list("next_attempt_at", flat=True))
    send_due(leaves, 500)

    told = Reminder.objects.filter(message__in=mails)
    assert decided == len(told) > 0
    assert {mail.state for mail in mails} == {State.KEPT}
    for mail in mails:
        assert mail.subject == " ".join(mail.subject.split())
        assert not any(live in mail.html for live in LIVE_HTML)
    for one in told.select_related("step", "message"):
        assert one.step.get_absolute_url() in one.message.text
