"""Some users clicking at once, against a portal that runs as it does for them.

A process of its own with a thread a user and the standard library's client, so that
neither the portal nor its clicks wait for the other's Python. What is clicked, and how
often, is `MIX`; between two clicks a user reads for some seconds.
"""

import json
import random
import re
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from statistics import median, quantiles
from time import monotonic, perf_counter, sleep
from typing import Any
from urllib.parse import urlencode

# Of a hundred clicks. "tick" ticks a step of My day that asks for no words.
MIX = {
    "day": 22,
    "engagements": 14,
    "search": 8,
    "engagement": 22,
    "checklist": 10,
    "steps": 8,
    "portfolio": 4,
    "outbox": 4,
    "tick": 8,
}
# Seconds in which a user reads what a click brought.
READING = (2.0, 8.0)
# Clicks of one user alone, without reading: the portal without load.
UNLOADED_CLICKS = 60
TIMEOUT = 60
# A tick of one click: the forms that ask for words look otherwise.
FORM = re.compile(
    r'<form class="row-tick" method="post" action="(?P<path>[^"]+)".*?'
    r'name="csrfmiddlewaretoken" value="(?P<token>[^"]+)"',
    re.DOTALL,
)


@dataclass
class User:
    """Somebody with a session, and what they click on."""

    cookie: str
    pages: dict[str, list[str]]
    random: random.Random
    connection: HTTPConnection
    last_page: str = ""


@dataclass
class Heard:
    """What came back: seconds of each click, how many ticked, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    ticks: int = 0
    errors: list[str] = field(default_factory=list)


def click(user: User, heard: Heard) -> None:
    """Click once, by the mix, and note what came back."""
    kinds = [kind for kind in MIX if kind == "tick" or user.pages.get(kind)]
    kind = user.random.choices(kinds, [MIX[kind] for kind in kinds])[0]
    start = perf_counter()
    try:
        status = tick(user, heard) if kind == "tick" else look(user, kind)
    except (OSError, HTTPException) as error:
        user.connection.close()
        heard.errors.append(f"{kind}: {error!r}")
        return
    heard.seconds.append(perf_counter() - start)
    if status >= 400:
        heard.errors.append(f"{kind}: {status}")


def look(user: User, kind: str) -> int:
    """Open a page of this kind; return its status."""
    path = user.random.choice(user.pages[kind])
    status, body = ask(user, "GET", path)
    if kind == "day":
        user.last_page = body
    return status


def tick(user: User, heard: Heard) -> int:
    """Tick a step that the user saw on My day; look at the day where there is none."""
    forms = list(FORM.finditer(user.last_page))
    if not forms:
        return look(user, "day")
    chosen = user.random.choice(forms)
    # Each step once: the page that the user saw gets old.
    user.last_page = ""
    form = urlencode({"csrfmiddlewaretoken": chosen["token"], "next": "/"})
    status, _body = ask(user, "POST", chosen["path"], form)
    heard.ticks += status < 400
    # Somebody else was quicker, or the step asks for a note: told, and no error.
    return 200 if status in {409, 422} else status


def ask(user: User, method: str, path: str, form: str = "") -> tuple[int, str]:
    """Send a request and return its status and text.

    Nobody clicks again while the server still keeps the connection open, so each
    click makes its own, as browsers do then.
    """
    headers = {"Cookie": user.cookie}
    if form:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    user.connection.request(method, path, body=form or None, headers=headers)
    response = user.connection.getresponse()
    body = response.read().decode()
    user.connection.close()
    return response.status, body


def keep_clicking(user: User, heard: Heard, end: float) -> None:
    """Click and read until the time is over; begin somewhere within the first click."""
    sleep(user.random.uniform(0, READING[1]))
    while monotonic() < end:
        click(user, heard)
        sleep(user.random.uniform(*READING))


def users_of(plan: dict[str, Any]) -> list[User]:
    """Return the users of the plan, each with a connection and chances of its own."""
    return [
        User(
            cookie=known["cookie"],
            pages=known["pages"],
            random=random.Random(number),  # noqa: S311 (chances, not secrets)
            connection=HTTPConnection(plan["host"], plan["port"], timeout=TIMEOUT),
        )
        for number, known in enumerate(plan["users"])
    ]


def unloaded(users: Iterable[User]) -> Heard:
    """Let one user after the other click alone."""
    heard = Heard()
    several = list(users)
    for place in range(UNLOADED_CLICKS + len(several)):
        if place == len(several):
            # Every worker and every page has been warm once.
            heard = Heard()
        click(several[place % len(several)], heard)
    return heard


def all_at_once(users: list[User], seconds: float) -> Heard:
    """Let all users click for so many seconds."""
    heard, end = Heard(), monotonic() + seconds
    threads = [
        threading.Thread(target=keep_clicking, args=(user, heard, end))
        for user in users
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return heard


def main() -> None:
    """Read the plan, click, and print the figures as JSON."""
    plan = json.load(sys.stdin)
    users = users_of(plan)
    alone = unloaded(users[:10])
    heard = all_at_once(users, plan["seconds"])
    figures = {
        "users": len(users),
        "seconds": plan["seconds"],
        "clicks": len(heard.seconds),
        "ticks": heard.ticks,
        "errors": alone.errors + heard.errors,
        "median": median(heard.seconds),
        "p95": quantiles(heard.seconds, n=20)[-1],
        "unloaded": median(alone.seconds),
    }
    sys.stdout.write(f"{json.dumps(figures)}\n")


if __name__ == "__main__":
    main()
