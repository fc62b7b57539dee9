import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from psdelivery.people.choices import Role
from psdelivery.people.models import Customer
from tests.factories.people import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PASSWORD = "a long and quiet river"


@pytest.fixture(autouse=True)
def _without_earlier_tries():
    cache.clear()


def person(**traits):
    roles = [Role.ADMINISTRATOR, Role.COORDINATOR]
    return UserFactory(username="ada", password=PASSWORD, roles=roles, **traits)


def enter(context, address, user):
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])


def faults(page):
    found = Axe().run(page, options=WCAG).response["violations"]
    return [(page.url, fault["id"], fault["nodes"][0]["html"]) for fault in found]


def pages_of(user, contact):
    yield reverse("account_change_password")
    for name in ("profile", "person-list", "person-add", "customer-list"):
        yield reverse(f"people:{name}")
    for name in ("detail", "edit", "roles", "leave"):
        yield reverse(f"people:person-{name}", args=[user.pk])
    yield reverse("people:customer-detail", args=[contact.customer.pk])
    yield reverse("people:customer-edit", args=[contact.customer.pk])
    yield reverse("people:contact-edit", args=[contact.pk])
    yield reverse("people:setting-list")
    yield reverse("people:setting-edit", args=["company.country"])


@pytest.mark.full
@pytest.mark.parametrize(
    ("theme", "width"),
    [("light", 1280), ("dark", 390), ("dark", 1280), ("light", 390)],
)
def test_pages_of_people_are_accessible_and_fit(page, base_url, theme, width):
    user = person(theme=theme)
    contact = ContactFactory(customer__name="Donaudampfschifffahrtsgesellschaft " * 3)
    enter(page.context, base_url, user)
    page.set_viewport_size({"width": width, "height": 844})

    for address in pages_of(user, contact):
        assert page.goto(address).status == 200
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.full
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_log_in_pages_are_accessible(page, scheme):
    page.emulate_media(color_scheme=scheme)

    for name in ("account_login", "account_logout", "account_reset_password"):
        page.goto(reverse(name))
        assert faults(page) == []


def test_people_log_in_with_the_keyboard_alone(page):
    person(first_name="Ada", last_name="Admin")
    page.goto("/people/profile/")

    page.get_by_label("Log-in name or e-mail address").focus()
    page.keyboard.type("ada")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Your profile")).to_be_visible()


def test_a_customer_is_registered_without_javascript(browser, base_url):
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    enter(context, base_url, person())
    page = context.new_page()

    page.goto("/people/customers/")
    page.get_by_role("link", name="Add a customer").first.click()
    page.get_by_label("Name").fill("Southern Cross Bank")
    page.get_by_label("Time zone").fill("Atlantis")
    page.get_by_role("button", name="Add the customer").click()
    expect(page.get_by_text("“Atlantis” is not a time zone.")).to_be_visible()
    page.get_by_label("Time zone").fill("sydney")
    page.get_by_role("button", name="Add the customer").click()

    expect(page.get_by_role("heading", name="Southern Cross Bank")).to_be_visible()
    assert Customer.objects.get().zone == "Australia/Sydney"
    context.close()


def test_states_are_suggested_for_the_country_chosen(page, base_url):
    enter(page.context, base_url, person())
    page.goto("/people/customers/add/")

    page.get_by_label("Country").select_option("Australia")

    option = page.locator("#id_subdivision-options option[value=NSW]")
    expect(option).to_have_count(1)
