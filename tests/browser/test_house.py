import pytest
from playwright.sync_api import expect


@pytest.mark.django_db(transaction=True)
def test_the_login_page_loads_everything_under_the_content_policy(page):
    complaints, missing = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: missing.append(request.url))
    page.on("response", lambda r: missing.append(r.url) if r.status >= 400 else None)

    page.goto("/")

    expect(page.locator("input[type=password]")).to_be_visible()
    assert (complaints, missing) == ([], [])
