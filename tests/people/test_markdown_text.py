import pytest

from psdelivery.people.templatetags.markdown_text import markdown

pytestmark = pytest.mark.unit


def test_markdown_becomes_html():
    assert markdown("Send **it**.\n\n- one\n- two") == (
        "<p>Send <strong>it</strong>.</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
    )


def test_links_open_without_telling_where_they_came_from():
    html = markdown("[list](https://example.com/a)")

    assert html == (
        '<p><a href="https://example.com/a" rel="noopener noreferrer">list</a></p>\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://elsewhere.example/p.png)",
        "[x](javascript:alert(1))",
        '<a href="https://example.com" onclick="alert(1)">x</a>',
        "<p style='color:red'>x</p>",
    ],
)
def test_nothing_active_is_left(text):
    html = markdown(text)

    for part in ("<script", "<img", 'href="javascript', "<a href=", "<p style"):
        assert part not in html


def test_headings_begin_below_those_of_the_page():
    html = markdown("# One\n\n## Two")

    assert html == "<h3>One</h3>\n<h4>Two</h4>\n"


def test_a_text_that_begins_with_small_headings_keeps_the_outline():
    assert markdown("### Three") == "<h3>Three</h3>\n"


def test_tables_are_kept_without_their_styles():
    html = markdown("| a |\n|:-:|\n| 1 |")

    assert "<td>1</td>" in html
    assert "style" not in html


@pytest.mark.parametrize("text", ["", None])
def test_no_text_is_nothing(text):
    assert markdown(text) == ""
