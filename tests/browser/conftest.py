import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Condition

import pytest
from django.core.signals import request_finished, request_started
from django.test import Client

from tests import machine

# Small and silent: no sandbox in containers, no calls home.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Refused by a rule or a form: the page shows why, the browser only notes it.
REFUSALS = (409, 422)

# Playwright keeps an event loop in the thread, which Django would refuse.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    if not machine.chromium_path():
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail("No Chromium: in CI the browser tests may not be skipped.")
        pytest.skip("No Chromium on this machine.")
    return {
        "executable_path": machine.chromium_path(),
        "args": CHROMIUM_FLAGS,
        "headless": True,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {
        "viewport": {"width": 1280, "height": 900},
        "locale": "en-GB",
    }


@pytest.fixture(scope="session")
def base_url(live_server):
    """Lets a test say page.goto("/people/")."""
    return live_server.url


@pytest.fixture
def shipped(transactional_db):
    """The playbooks, courses and offerings that come with the portal."""
    # Imported late: this file is read before Django is set up.
    from engagements.services.shipped import load_offerings
    from tests.factories.shipped import ship_mails, ship_playbooks
    from training.services.shipped import load_courses

    ship_playbooks()
    load_courses()
    load_offerings()
    ship_mails()


@pytest.fixture
def own_connections(shipped, live_server, tmp_path):
    """A database on a file, where each request has its own connection, as in use.

    In memory all requests share one connection: two that write at once end up in
    one transaction, and both fail with what can happen nowhere else.
    """
    from django.db import connection

    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    server, in_memory = live_server.thread.httpd, connection.connection
    shared, name = server.connections_override, connection.settings_dict["NAME"]
    path = tmp_path / "portal.sqlite3"
    with closing(sqlite3.connect(path)) as on_file:
        in_memory.backup(on_file)
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    server.connections_override = {}
    yield
    connection.close()
    server.connections_override = shared
    connection.connection, connection.settings_dict["NAME"] = in_memory, name


@pytest.fixture
def clock_at(settings):
    """Set the portal's clock, which runs on from there; the browser's stays."""

    def travel(moment):
        settings.CLOCK_OFFSET = moment - datetime.now(UTC)

    return travel


@pytest.fixture
def office(shipped, clock_at):
    """A small office at work, on Wed 3 Mar 2027 at 10:00 in Berlin."""
    from tests.browser.kept_office import kept_office

    return kept_office(clock_at)


class UnderWay:
    """How many requests are being answered now, in the threads of the server."""

    def __init__(self):
        self.count, self.changed = 0, Condition()
        request_started.connect(self.one_more)
        request_finished.connect(self.one_less)

    def one_more(self, **_kwargs):
        self.add(1)

    def one_less(self, **_kwargs):
        self.add(-1)

    def add(self, number):
        with self.changed:
            self.count += number
            self.changed.notify_all()

    def wait_for_none(self):
        with self.changed:
            self.changed.wait_for(lambda: self.count <= 0, timeout=20)


@pytest.fixture(scope="session")
def under_way(live_server):
    return UnderWay()


@pytest.fixture
def open_as(browser, live_server, under_way):
    """A page of somebody, None: not logged in; any complaint fails the test."""
    contexts, complaints = [], []

    def open_page(user, *, width=1280, height=844, **options):
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale="en-GB",
            **options,
        )
        contexts.append(context)
        if user is not None:
            context.add_cookies([session_cookie(user, live_server.url)])
        page = context.new_page()
        # Long enough for a machine with much else at work.
        page.set_default_timeout(30_000)
        watch(page, complaints)
        return page

    yield open_page
    for context in contexts:
        context.close()
    # Whoever polled is gone; the answer is still written, and the tables emptied next.
    under_way.wait_for_none()
    assert complaints == []


def session_cookie(user, url):
    client = Client()
    client.force_login(user)
    value = client.cookies["sessionid"].value
    return {"name": "sessionid", "value": value, "url": url}


def watch(page, complaints):
    def on_console(message):
        refused = any(f"status of {code}" in message.text for code in REFUSALS)
        if message.type in {"error", "warning"} and not refused:
            complaints.append(f"{page.url}: {message.text}")

    def on_response(response):
        if response.status >= 400 and response.status not in REFUSALS:
            complaints.append(f"{response.status} {response.url}")

    page.on("console", on_console)
    page.on("response", on_response)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
