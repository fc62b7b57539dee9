from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.views import defaults
from django.views.csrf import csrf_failure

pytestmark = pytest.mark.unit


@pytest.fixture
def request_(rf):
    request = rf.get("/nowhere/")
    request.user = SimpleNamespace(is_authenticated=False, theme="auto")
    return request


@pytest.mark.parametrize(
    ("view", "status", "sentence"),
    [
        (defaults.bad_request, 400, "This request was not understood"),
        (defaults.permission_denied, 403, "This is not open to you"),
        (defaults.page_not_found, 404, "There is nothing here"),
    ],
)
def test_error_page_is_kind_and_leads_home(request_, view, status, sentence):
    answer = view(request_, Exception())

    page = answer.content.decode()
    assert answer.status_code == status
    assert f"<h1>{sentence}</h1>" in page
    assert 'href="/"' in page


def test_refusal_tells_its_reason(request_):
    page = defaults.permission_denied(request_, Exception("Only for finance."))

    assert "Only for finance." in page.content.decode()


def test_page_of_a_broken_server_needs_nothing_from_it(request_):
    answer = defaults.server_error(request_)

    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()


def test_form_without_its_token_is_explained(request_):
    answer = csrf_failure(request_)

    assert answer.status_code == 403
    assert "This page was open for too long" in answer.content.decode()


def test_refused_move_is_a_page_with_reasons_and_a_way_back(request_):
    reason = SimpleNamespace(sentence="No lead is named.", fix_url="/t/", fix_label="")

    page = render_to_string(
        "409.html", {"reasons": [reason], "back_url": "/engagements/1/"}, request_
    )

    assert "No lead is named." in page
    assert 'href="/engagements/1/"' in page
