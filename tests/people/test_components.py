from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from psdelivery.people.icons import icon_names
from psdelivery.people.templatetags.components import initials_of

pytestmark = pytest.mark.unit


@dataclass
class Reason:
    sentence: str
    fix_url: str = ""
    fix_label: str = ""


class FilterForm(forms.Form):
    q = forms.CharField(label="Customer", required=False)
    status = forms.ChoiceField(choices=[("", "Any"), ("active", "Active")])
    late = forms.BooleanField(required=False)


def render(source, **context):
    return Template("{% load components %}" + source).render(Context(context))


def words(html):
    """The text of a fragment, in one line."""
    return " ".join(strip_tags(html).split())


@pytest.fixture
def address(rf):
    return lambda query: rf.get("/engagements/" + query)


def test_icon_is_hidden_from_screen_readers_unless_it_has_a_label():
    assert 'aria-hidden="true"' in render("{% icon 'check' %}")
    assert 'role="img" aria-label="Late"' in render("{% icon 'check' label='Late' %}")


def test_icon_points_into_the_sprite():
    assert 'href="/static/vendor/bootstrap-icons/icons.svg#check"' in render(
        "{% icon 'check' %}"
    )


def test_unknown_icon_is_refused():
    with pytest.raises(TemplateSyntaxError, match="no icon named 'unicorn'"):
        render("{% icon 'unicorn' %}")


def test_sprite_holds_icons():
    assert {"check", "inbox", "chevron-down"} < icon_names()


def test_icon_label_is_escaped():
    assert "&quot;&gt;" in render("{% icon 'check' label=label %}", label='">')


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("training", "Training"),
        ("consulting", "Consulting"),
        ("blended", "Blended"),
        ("dedicated", "Dedicated engineer"),
        ("internal", "Internal"),
    ],
)
def test_kind_has_its_colour_and_its_word(kind, word):
    html = render("{% badge_kind kind %}", kind=kind)

    assert html == f'<span class="badge-kind kind-{kind}">{word}</span>'


@pytest.mark.parametrize(
    ("status", "tone"),
    [
        ("estimate", "neutral"),
        ("in_setup", "info"),
        ("okay_to_start", "good"),
        ("on_hold", "warn"),
        ("failed", "bad"),
        ("completed", "done"),
        ("never heard of", "neutral"),
    ],
)
def test_status_has_a_tone_and_a_word(status, tone):
    html = render("{% badge_status status 'The word' %}", status=status)

    assert html == f'<span class="badge-status tone-{tone}">The word</span>'


def test_status_without_a_word_is_made_readable():
    assert words(render("{% badge_status 'needs_look' %}")) == "Needs look"


def test_status_tone_can_be_given():
    assert "tone-bad" in render("{% badge_status 'active' tone='bad' %}")


def test_an_icon_kept_for_a_safe_label_is_not_taken_for_an_unsafe_one():
    source = "{% icon 'check' label=label %}"

    safe = render(source, label=SafeString("a &amp; b"))
    unsafe = render(source, label="a &amp; b")

    assert 'aria-label="a &amp; b"' in safe
    assert 'aria-label="a &amp;amp; b"' in unsafe


def test_badge_escapes_its_text_and_takes_an_icon():
    html = render("{% badge text tone='warn' icon='clock' %}", text="<b>3</b> late")

    assert "&lt;b&gt;3&lt;/b&gt; late" in html
    assert "tone-bg-warn" in html
    assert "icons.svg#clock" in html


def test_health_is_told_in_words():
    assert words(render("{% health 'red' %}")) == "Red"
    assert words(render("{% health '' %}")) == "No report"


def test_person_has_initials_and_perhaps_a_link():
    person = SimpleNamespace(pk=8, display_name="Ana Maria <Souza>")

    plain = render("{% person person %}", person=person)
    linked = render("{% person person url='/people/8/' %}", person=person)

    assert "Ana Maria &lt;Souza&gt;" in plain
    assert "<a" not in plain
    assert 'class="avatar avatar-2"' in plain
    assert linked.startswith('<a class="person" href="/people/8/">')


def test_nobody_is_said_in_words():
    assert words(render("{% person None %}")) == "Nobody yet"
    assert words(render("{% person None empty='No lead' %}")) == "No lead"


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Ana Maria Souza", "AS"), ("pse", "P"), ("Jo Park", "JP"), ("", "")],
)
def test_initials_are_those_of_first_and_last_word(name, initials):
    assert initials_of(name) == initials


def test_stat_opens_its_list():
    html = render("{% stat 3 'late' '/steps/?late=1' tone='bad' %}")

    assert 'href="/steps/?late=1"' in html
    assert words(html) == "3 late"


def test_stat_without_a_list_is_no_link():
    assert "<a" not in render("{% stat 0 'late' %}")


def test_stat_of_nothing_is_no_alarm():
    assert "stat-bad" in render("{% stat 1 'late' tone='bad' %}")
    assert "stat-bad" not in render("{% stat 0 'late' tone='bad' %}")


def test_empty_state_teaches_and_offers_one_button():
    html = render("{% empty_state 'No steps' 'They come.' '/new/' 'Add one' %}")

    assert words(html) == "No steps They come. Add one"
    assert html.count("<a ") == 1
    assert "<a" not in render("{% empty_state 'No steps' %}")


def test_reasons_are_sentences_with_links_to_their_cure():
    found = [
        Reason("No lead is named.", "/team/", "Name the lead"),
        Reason("No mail was sent.", "/mail/"),
        Reason("The customer is not ready."),
    ]

    html = render("{% reasons found title='Missing' %}", found=found)

    assert words(html) == (
        "Missing No lead is named. Name the lead No mail was sent. Put it right "
        "The customer is not ready."
    )
    assert html.count("<a ") == 2


def test_no_reasons_show_nothing():
    assert render("{% reasons found title='Missing' %}", found=[]).strip() == ""


def test_refused_fragment_announces_itself():
    html = render_to_string("components/refused.html", {"reasons": [Reason("No.")]})

    assert 'role="alert"' in html
    assert words(html) == "This is not possible yet No."


def test_phase_bar_says_where_it_stands():
    phases = [
        {"title": "Plan", "state": "done"},
        {"title": "Deliver", "state": "current", "url": "/deliver/"},
        SimpleNamespace(title="Close", state="coming"),
    ]

    html = render("{% phase_bar phases %}", phases=phases)

    assert words(html) == "Plan done Deliver now: 2 of 3 Close coming"
    assert html.count('aria-current="step"') == 1
    assert 'aria-label="Phases"' in html
    assert "has-notes" not in html


def test_phase_bar_shows_notes():
    marks = [{"title": "Code", "state": "coming", "note": "Mon 5 Apr"}]

    html = render("{% phase_bar marks label='Countdown' %}", marks=marks)

    assert words(html) == "Code Mon 5 Apr coming"
    assert "has-notes" in html


def test_pages_keep_the_filters_of_the_address(address):
    page = Paginator(range(60), 25).page(2)

    html = render(
        "{% pagination page %}", page=page, request=address("?status=active&page=2")
    )

    assert 'href="?status=active&amp;page=1"' in html
    assert 'href="?status=active&amp;page=3"' in html
    assert "26–50 of 60" in words(html)


def test_one_page_needs_no_pages(address):
    page = Paginator(range(3), 25).page(1)

    assert render("{% pagination page %}", page=page, request=address("")).strip() == ""


@pytest.mark.parametrize(
    ("query", "target"),
    [
        ("", "?sort=due"),
        ("?sort=due", "?sort=-due"),
        ("?sort=-due", "?sort=due"),
        ("?sort=name&amp;q=a&amp;page=3", "?sort=due&amp;q=a"),
    ],
)
def test_sort_link_turns_round_and_leaves_the_page(address, query, target):
    request = address(query.replace("&amp;", "&"))

    html = render("{% sort_link 'due' 'Due' %}", request=request)

    assert f'href="{target}"' in html


def test_sort_link_says_how_the_list_is_sorted(address):
    html = render("{% sort_link 'due' 'Due' %}", request=address("?sort=-due"))

    assert words(html) == "Due, sorted downwards; sort upwards"


def test_filter_form_stands_in_the_address(address):
    request = address("?q=acme&sort=due")

    html = render("{% filter_form form %}", form=FilterForm({"q": "acme"}),
                  request=request)  # fmt: skip

    assert 'method="get"' in html
    assert '<label for="id_q">Customer</label>' in html
    assert 'value="acme"' in html
    assert '<input type="hidden" name="sort" value="due">' in html
    assert "form-select" in html
    assert "form-check-input" in html
    assert "Clear" in words(html)
    assert "hx-get" not in html


def test_filter_form_without_answers_has_nothing_to_clear(address):
    html = render("{% filter_form form %}", form=FilterForm(), request=address(""))

    assert "Clear" not in words(html)


def test_filter_form_with_a_target_swaps_only_that(address):
    html = render("{% filter_form form target='#rows' %}", form=FilterForm(),
                  request=address(""))  # fmt: skip

    assert 'hx-get="/engagements/"' in html
    assert 'hx-target="#rows"' in html
    assert 'hx-push-url="true"' in html


def test_card_wraps_its_content():
    html = render(
        "{% card title='Team' id='team' action_url='/t/' action_label='Edit' %}"
        "<p>{{ name }}</p>{% endcard %}",
        name="<Ana>",
    )

    assert '<section class="panel" id="team">' in html
    assert '<h2 class="panel-title">Team</h2>' in html
    assert "<p>&lt;Ana&gt;</p>" in html
    assert '<a class="panel-action" href="/t/">Edit</a>' in html


def test_flush_card_without_a_title_has_no_header():
    html = render("{% card flush=True tone='warn' %}x{% endcard %}")

    assert "panel-header" not in html
    assert "panel-flush" in html
    assert "panel-warn" in html


def test_page_header_notice_and_fact_hold_their_blocks():
    html = render(
        "{% page_header title='Title' subtitle='Sub' %}<b>go</b>{% endpage_header %}"
        "{% notice tone='warn' title='Gate' %}closed{% endnotice %}"
        "{% fact 'Lead' %}Ana{% endfact %}{% fact 'Units' %} {% endfact %}"
    )

    assert words(html) == "Title Sub go Gate closed LeadAnaUnits–"
    assert "icons.svg#exclamation-triangle" in html


def test_toast_carries_its_tone_and_its_undo():
    message = Message(constants.SUCCESS, "Ticked <it>.", "undo:/steps/1/reopen/")

    html = render_to_string(
        "components/notices.html", {"messages": [message], "csrf_token": "t"}
    )

    assert "toast-good" in html
    assert "Ticked &lt;it&gt;." in html
    assert 'method="post" action="/steps/1/reopen/"' in html
    assert 'name="csrfmiddlewaretoken"' in html
    assert 'aria-live="polite"' in html


def test_toast_of_an_error_has_no_undo():
    message = Message(constants.ERROR, "No.")

    html = render_to_string("components/notices.html", {"messages": [message]})

    assert "toast-bad" in html
    assert "<form" not in html


def test_toasts_of_an_htmx_answer_join_the_others():
    message = Message(constants.INFO, "Saved.")

    html = render_to_string(
        "components/notices.html", {"messages": [message], "oob": True}
    )

    assert 'hx-swap-oob="beforeend:#notices"' in html
    assert 'id="notices"' not in html
