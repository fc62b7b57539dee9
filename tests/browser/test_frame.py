import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import expect

from psdelivery.people.choices import Role
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def log_in(live_server):
    def enter(context, **traits):
        user = UserFactory(roles=[Role.COORDINATOR], **traits)
        client = Client()
        client.force_login(user)
        context.add_cookies(
            [
                {
                    "name": "sessionid",
                    "value": client.cookies["sessionid"].value,
                    "url": live_server.url,
                }
            ]
        )
        return user

    return enter


def faults(page):
    found = Axe().run(page, options=WCAG).response["violations"]
    return [(fault["id"], fault["nodes"][0]["html"]) for fault in found]


@pytest.mark.parametrize(
    ("theme", "width"),
    [
        ("dark", 390),
        pytest.param("light", 390, marks=pytest.mark.full),
        pytest.param("light", 1280, marks=pytest.mark.full),
        pytest.param("dark", 1280, marks=pytest.mark.full),
    ],
)
def test_frame_with_open_menus_is_accessible(page, log_in, theme, width):
    log_in(page.context, theme=theme)
    page.set_viewport_size({"width": width, "height": 844})

    page.goto("/people/")
    page.locator("summary.user-button").click()

    assert page.locator("html").get_attribute("data-bs-theme") == theme
    assert faults(page) == []


@pytest.mark.parametrize("width", [pytest.param(390, marks=pytest.mark.full), 320])
@pytest.mark.parametrize("address", ["/people/", "/people/profile/"])
def test_phone_never_scrolls_sideways(page, log_in, address, width):
    log_in(page.context)
    page.set_viewport_size({"width": width, "height": 844})

    page.goto(address)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_theme_of_the_device_is_followed_until_one_is_chosen(page, log_in):
    log_in(page.context)
    page.emulate_media(color_scheme="dark")

    page.goto("/people/profile/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.locator("summary.user-button").click()
    page.get_by_role("button", name="Light").click()

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_menus_open_without_javascript(browser, live_server, log_in):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    log_in(context)
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})

    page.goto("/people/profile/")
    page.locator(".phone-menu > summary").click()
    page.get_by_role("link", name="Customers").click()

    expect(page.locator("h1")).to_have_text("Customers")
    context.close()


def test_menus_close_on_escape_and_elsewhere(page, log_in):
    log_in(page.context)
    page.goto("/people/profile/")
    menu = page.locator("details.user-menu")

    menu.locator("summary").click()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()

    menu.locator("summary").click()
    page.locator("h1").click()
    expect(menu).not_to_have_attribute("open", "")


def test_rows_are_walked_and_opened_by_keyboard(page, log_in):
    log_in(page.context, first_name="Aaron", last_name="Aaronson")
    UserFactory(first_name="Berta", last_name="Bertram")
    page.goto("/people/")

    for key in ("j", "j", "k", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator("[data-row]").nth(1)).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_contain_text("Berta Bertram")


def test_keys_are_left_alone_while_typing(page, log_in):
    log_in(page.context)
    page.goto("/people/profile/")

    page.get_by_label("First name").fill("")
    page.keyboard.type("jkx/o")

    expect(page.get_by_label("First name")).to_have_value("jkx/o")


def test_skip_link_leads_to_the_content(page, log_in):
    log_in(page.context)
    page.goto("/people/")

    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#content")).to_be_focused()
