import pytest
from hypothesis import given
from hypothesis import strategies as st

from psdelivery.outbox.markdown import render_mail_markdown
from psdelivery.outbox.rules.templates import (
    Placeholder,
    fill_line,
    fill_text,
    missing_placeholders,
    placeholders_in,
    plain_in_markdown,
    reasons_against_template,
)

pytestmark = pytest.mark.unit
DECLARED = {
    "name": Placeholder(title="Name"),
    "late": Placeholder(title="Late", is_optional=True),
    "link": Placeholder(title="Link", is_secret=True),
}


def codes(subject, body):
    return [one.code for one in reasons_against_template(subject, body, DECLARED)]


def test_placeholders_are_found_once_each_in_their_order():
    text = "{{ link }} {{name}} {{  link  }} {{ Nope }} { name }"

    assert placeholders_in(text) == ["link", "name"]


@pytest.mark.parametrize(
    ("subject", "body", "refused"),
    [
        ("Hello {{ name }}", "{{ link }} {{late}}", []),
        ("{{ nobody }}", "x", ["subject"]),
        ("x", "{{ nobody }} {{ nothing }}", ["body", "body"]),
        ("x", "{{ name|upper }}", ["body"]),
        ("x", "{% if name %}", ["body"]),
        ("x", "{{ name }", ["body"]),
        ("x", "}}", ["body"]),
        ("{{ link }}", "x", ["subject"]),
    ],
)
def test_r15_a_text_that_could_not_be_filled_is_not_saved(subject, body, refused):
    assert codes(subject, body) == refused


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({}, ["name", "link"]),
        ({"name": "Ann", "link": ""}, ["link"]),
        ({"name": "Ann", "link": " \n"}, ["link"]),
        ({"name": "Ann", "link": "https://x.example"}, []),
    ],
)
def test_r15_what_is_missing_is_named_and_the_optional_is_not(facts, missing):
    text = "{{ name }} {{ late }} {{ link }}"

    assert missing_placeholders(text, facts, DECLARED) == missing


def test_r15_a_placeholder_that_nobody_declared_is_missing():
    assert missing_placeholders("{{ other }}", {}, DECLARED) == ["other"]


def test_a_subject_stays_one_line():
    facts = {"name": "Ann\r\nBcc: eve@example.com"}

    assert fill_line("To {{ name }}", facts) == "To Ann Bcc: eve@example.com"


def test_what_is_missing_stays_to_be_seen():
    assert fill_line("To {{name}}", {}) == "To {{name}}"
    assert fill_text("To {{name}}", {}) == "To {{name}}"


def test_a_paragraph_with_an_empty_optional_is_left_out():
    text = "One\r\n\r\nSorry: {{ late }}\nso it is\n\n\nTwo"

    assert fill_text(text, {}, ["late"]) == "One\n\nTwo"
    assert "Sorry: x" in fill_text(text, {"late": "x"}, ["late"])


def test_several_lines_become_a_list_where_they_stand_alone():
    facts = {"name": "Tue 11 May\n\n  Wed 12 May \n"}

    assert fill_text("Dates:\n{{ name }}", facts) == (
        "Dates:\n- Tue 11 May\n- Wed 12 May"
    )
    assert fill_text("On {{ name }}.", facts) == "On Tue 11 May; Wed 12 May."


def test_markdown_of_colleagues_stays_as_written_where_it_stands_alone():
    fact = "- one\r\n- **two**\r\n\r\nAnd more."

    whole = fill_text("So:\n\n{{ name }}", {"name": fact}, markdown=["name"])
    inside = fill_text("So {{ name }}", {"name": fact}, markdown=["name"])

    assert whole == "So:\n\n- one\n- **two**\n\nAnd more."
    assert "\\*\\*two" in inside


def test_r15_braces_in_markdown_of_colleagues_are_no_placeholder():
    fact = {"name": "We use {{ values }} and {% if %}."}

    filled = fill_text("{{ name }}", fact, markdown=["name"])

    assert missing_placeholders(filled, {}, {}) == []
    assert "We use {{ values }} and {% if %}." in render_mail_markdown(filled)[0]


def test_r15_empty_markdown_of_colleagues_is_missing():
    assert fill_text("{{ name }}", {"name": " "}, markdown=["name"]) == "{{ name }}"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{{ link }}", "<https://x.example/a_b_%28c%29>"),
        ("[Register]({{ link }})", "[Register](https://x.example/a_b_%28c%29)"),
        ("<{{ link }}>", "<https://x.example/a_b_%28c%29>"),
    ],
)
def test_a_link_can_be_clicked_wherever_it_stands(text, filled):
    found = fill_text(text, {"link": "https://x.example/a_b_(c)"})

    assert found == filled
    assert 'href="https://x.example/a_b_%28c%29"' in render_mail_markdown(found)[1]


@pytest.mark.parametrize(
    "name",
    [
        "1. FC Köln",
        "2) Two",
        "# Heading",
        "- dash",
        "> quote",
        "**bold** _em_ `code`",
        "[click](javascript:alert(1))",
        "[click](https://evil.example)",
        "![x](https://evil.example/p.png)",
        "<script>alert(1)</script>",
        "<https://evil.example>",
        "AT&amp;T & Söhne \\ Co",
        "{{ link }} {% evil %}",
        "https://evil.example and more",
        "***",
        "---",
    ],
)
def test_a_fact_shows_as_typed_and_does_nothing(name):
    text, html = render_mail_markdown(fill_text("{{ name }},\n\nhello", {"name": name}))

    assert text.splitlines()[0] == f"{name},"
    for tag in ("<h", "<ol", "<ul", "<block", "<strong", "<em", "<code", "<a ", "<hr"):
        assert tag not in html
    assert "<script" not in html
    assert "<img" not in html


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1))
def test_any_fact_in_a_sentence_reads_as_it_is(name):
    text, html = render_mail_markdown(f"Hello {plain_in_markdown(name.strip())} there")

    assert text == f"Hello {name.strip()} there\n"
    assert html.count("<") == 2
