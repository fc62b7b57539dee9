"""Somebody at the board in a real browser: how long its main thread was busy.

A process of its own. The browser tells of tasks of more than 50 ms by itself
(PerformanceObserver, "longtask"); the longest of each part counts.
"""

import json
import shutil
import sys
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu"]
WIDTH, HEIGHT = 1600, 1000
OBSERVE = """() => {
  window.tasks = [];
  const note = (list) => {
    for (const one of list.getEntries()) window.tasks.push(one.duration);
  };
  new PerformanceObserver(note).observe({ type: "longtask" });
}"""
SCROLLER = "[data-board-scroll]"
# A notch of a wheel, and the pause of a quick hand (milliseconds).
NOTCH, PAUSE = 400, 60
MOST_NOTCHES = 400


def scroll_down(page: "Page") -> None:
    """Scroll to the last row, as fast as a wheel turns."""
    over_board(page)
    for _notch in range(MOST_NOTCHES):
        page.mouse.wheel(0, NOTCH)
        page.wait_for_timeout(PAUSE)
        if page.locator(SCROLLER).evaluate(
            "node => node.scrollTop + node.clientHeight >= node.scrollHeight - 2"
        ):
            return


def scroll_sideways(page: "Page") -> None:
    """Scroll to the last week and back, in the middle of the rows."""
    over_board(page)
    for by in (NOTCH, -NOTCH):
        for _notch in range(12):
            page.mouse.wheel(by, 0)
            page.wait_for_timeout(PAUSE)


def over_board(page: "Page") -> None:
    """Hold the pointer over the board."""
    box = page.locator(SCROLLER).bounding_box()
    if box:
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def drag(page: "Page") -> None:
    """Drag a booking over rows and days and leave it where it was."""
    page.locator(SCROLLER).evaluate("node => node.scrollTo(0, 0)")
    page.wait_for_timeout(300)
    bar = page.locator("[data-person]:not([data-person='']) .b-bar:not(.goes-before)")
    box = bar.first.bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
    x, y = box["x"] + 20, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    for turn in range(60):
        page.mouse.move(x + turn * 9, y + turn * 6)
        page.wait_for_timeout(16)
    page.keyboard.press("Escape")
    page.mouse.up()


def zoom(page: "Page") -> None:
    """Go from days to weeks and back, and four weeks on."""
    for key, shown in (("2", ".zoom-week"), ("1", ".zoom-day"), ("ArrowRight", "")):
        page.keyboard.press(key)
        if shown:
            page.locator(shown).wait_for()
    page.wait_for_timeout(1000)


DOINGS: tuple[tuple[str, Callable[["Page"], None]], ...] = (
    ("scroll through all rows", scroll_down),
    ("scroll sideways", scroll_sideways),
    ("drag a booking", drag),
    ("zoom and move in time", zoom),
)


def watched(
    page: "Page", doing: str, action: Callable[["Page"], None]
) -> dict[str, Any]:
    """Do something and return what the main thread did meanwhile."""
    page.wait_for_timeout(500)
    page.evaluate("() => { window.tasks.length = 0; }")
    start = monotonic()
    action(page)
    page.wait_for_timeout(300)
    tasks = page.evaluate("() => window.tasks")
    return {
        "doing": doing,
        "longest": max(tasks, default=0),
        "count": len(tasks),
        "seconds": monotonic() - start,
    }


def main() -> None:
    """Read the plan, work at the board, and print the figures as JSON."""
    plan = json.load(sys.stdin)
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        sys.stdout.write(f"{json.dumps({'browser': '', 'tasks': []})}\n")
        return
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=FLAGS)
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        context.add_cookies(
            [{"name": "sessionid", "value": plan["cookie"], "url": plan["url"]}]
        )
        page = context.new_page()
        page.goto(f"{plan['url']}{plan['path']}")
        page.evaluate(OBSERVE)
        tasks = [watched(page, doing, action) for doing, action in DOINGS]
        told = {"browser": f"Chromium {browser.version}", "tasks": tasks}
        browser.close()
    sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    main()
