"""A manager on Monday: what is late and whose, and the list behind each number."""

import re

import pytest
from playwright.sync_api import expect

from psdelivery.people.choices import Role

pytestmark = pytest.mark.django_db(transaction=True)

# Address and number of every link that begins with a number.
NUMBERS = """(links) => links
  .map((link) => [link.getAttribute("href"), parseInt(link.innerText)])
  .filter(([, number]) => number >= 0)"""


def number_of(link):
    return int(link.inner_text().split()[0])


def rows(page):
    """The words of each row of the list, over all its pages."""
    found = page.locator("[data-rows] > [data-row]")
    words = found.all_inner_texts()
    following = page.get_by_role("link", name="Next", exact=True)
    while following.count():
        following.first.click()
        words += found.all_inner_texts()
    return words


def days_with(words):
    """How many days with a party a row says."""
    return int(re.search(r"(\d+) days? with ", words)[1])


def shown(page, href):
    """What the list behind a number comes to: its rows, or the days they say."""
    page.goto(href)
    if "ball_days=" in href:
        return sum(days_with(words) for words in rows(page))
    return len(rows(page))


@pytest.mark.full
def test_every_number_of_the_portfolio_opens_as_many_rows(office, open_as):
    page = open_as(office[Role.PRACTICE_MANAGER])
    page.goto("/")
    page.get_by_role("link", name="Portfolio").click()

    numbers = dict(page.locator("main a").evaluate_all(NUMBERS))
    assert len(numbers) > 15

    assert any("ball_days=" in href for href in numbers)

    for href, number in numbers.items():
        assert shown(page, href) == number, href


def test_what_is_late_and_whose(office, open_as):
    page = open_as(office[Role.PRACTICE_MANAGER])

    page.goto("/portfolio/")
    owner = page.locator("tr").filter(has_text=office[Role.TRAINER].display_name)
    late = number_of(owner.get_by_role("link").first)
    owner.get_by_role("link").first.click()

    expect(page.locator("[data-rows] [data-row]")).to_have_count(late)
    expect(page.locator("[data-row]").first).to_contain_text("late")
    page.locator("[data-row-link]").first.click()
    expect(page.locator("aside")).to_contain_text(office[Role.TRAINER].display_name)
