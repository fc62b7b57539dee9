import pytest
from hypothesis import given
from hypothesis import strategies as st

from psdelivery.outbox.markdown import render_mail_markdown

pytestmark = pytest.mark.unit


def test_both_bodies_say_the_same():
    text, html = render_mail_markdown(
        "**Send the link**\n\n[Open the step](https://portal.example.com/s/1)\n\n* one"
    )

    assert text == (
        "Send the link\n\nOpen the step: https://portal.example.com/s/1\n\n* one\n"
    )
    assert "<strong>Send the link</strong>" in html
    assert '<a href="https://portal.example.com/s/1">Open the step</a>' in html
    assert "<li>one</li>" in html


def test_a_link_that_shows_its_address_is_not_doubled():
    assert render_mail_markdown("[https://a.example](https://a.example)")[0] == (
        "https://a.example\n"
    )


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![x](https://tracker.example/p.png)",
        "<a href='data:text/html,x'>x</a>",
    ],
)
def test_nothing_active_reaches_the_html(evil):
    html = render_mail_markdown(evil)[1]

    assert not any(tag in html for tag in ("<script", "<img", "<a href"))


@given(st.text())
def test_any_text_renders(text):
    plain, html = render_mail_markdown(text)

    assert plain.endswith("\n")
    assert "<script" not in html
