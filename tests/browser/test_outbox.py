import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import expect

from psdelivery.outbox.choices import State
from psdelivery.people.choices import Role
from tests.factories.outbox import MessageFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def log_in(context, address, **traits):
    client = Client()
    client.force_login(UserFactory(roles=[Role.COORDINATOR], **traits))
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])


@pytest.mark.full
@pytest.mark.parametrize(
    ("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)]
)
def test_outbox_pages_are_accessible_and_fit(page, base_url, theme, width):
    log_in(page.context, base_url, theme=theme)
    page.set_viewport_size({"width": width, "height": 844})
    MessageFactory(failed=True, subject="A long subject about a link " * 4)
    doubt = MessageFactory(customer=True, state=State.NEEDS_LOOK)

    for address in ("/outbox/", doubt.get_absolute_url()):
        page.goto(address)
        assert Axe().run(page, options=WCAG).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_failed_mail_is_sent_again_without_javascript(browser, base_url):
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    log_in(context, base_url)
    MessageFactory(failed=True, subject="Send the link")
    page = context.new_page()

    page.goto("/outbox/")
    page.get_by_role("link", name="Failed 1").click()
    page.get_by_role("link", name="Send the link").click()
    page.get_by_role("button", name="Send again").click()

    expect(page.get_by_text("Ready to leave")).to_be_visible()
    context.close()
