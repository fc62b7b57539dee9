import os
from pathlib import Path

import pytest

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
