from datetime import timedelta

import pytest
from django.urls import reverse

from psdelivery.comments.models import Comment, Mention
from psdelivery.comments.services import add_comment
from tests.factories.playbooks import ChecklistFactory, StepFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_paul(client, paul):
    client.force_login(paul)
    return client


def tab(engagement):
    return f"{engagement.get_absolute_url()}comments/"


def add_url(record, kind="engagement"):
    return reverse("comments:comment-add", args=[kind, record.pk])


def path_of(name, comment):
    return reverse(f"comments:comment-{name}", args=[comment.pk])


def test_a_comment_is_written_and_shown_cleaned(as_paul, engagement):
    text = "**Ready** <script>alert(1)</script>"

    answer = as_paul.post(add_url(engagement), {"text": text})

    comment = Comment.objects.get()
    assert answer.url == f"{tab(engagement)}#comment-{comment.pk}"
    html = as_paul.get(tab(engagement)).content.decode()
    assert "<strong>Ready</strong>" in html
    assert "<script>alert" not in html


def test_the_hint_names_the_team(as_paul, engagement, pia):
    assert "@pia.pse (" in as_paul.get(tab(engagement)).content.decode()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "required"),
        ("x" * 5001, "5000"),
        ("a\x07b", "control characters"),
        ("@nobody", "Nobody has the log-in name @nobody."),
        ("@stan", "@stan may not see this"),
    ],
)
def test_bad_input_is_told_at_the_field_and_nothing_is_written(
    as_paul, engagement, stranger, text, told
):
    answer = as_paul.post(add_url(engagement), {"text": text})

    assert answer.status_code == 422
    assert told in str(answer.context["form"].errors["text"])
    assert not Comment.objects.exists()


def test_a_stranger_finds_nothing_to_comment_on(client, stranger, engagement):
    client.force_login(stranger)

    for path in (
        add_url(engagement),
        add_url(engagement, kind="no-such"),
        reverse("comments:comment-add", args=["engagement", "9" * 30]),
        reverse("comments:comment-add", args=["engagement", "abc"]),
    ):
        assert client.post(path, {"text": "Hello"}).status_code == 404


def test_a_comment_on_a_step_stands_on_its_page_and_in_the_tab(as_paul, engagement):
    step = StepFactory(checklist=ChecklistFactory(engagement=engagement))

    answer = as_paul.post(add_url(step, kind="step"), {"text": "Waits for legal"})

    assert answer.url.startswith(step.get_absolute_url())
    for page in (step.get_absolute_url(), tab(engagement)):
        assert "Waits for legal" in as_paul.get(page).content.decode()


def test_a_comment_is_changed_and_taken_back(as_paul, subject, engagement, paul, now):
    comment = add_comment(subject, "Redy", by=paul, now=now)

    assert as_paul.get(path_of("edit", comment)).status_code == 200
    as_paul.post(path_of("edit", comment), {"text": "Ready"})
    assert "Ready" in as_paul.get(tab(engagement)).content.decode()
    as_paul.post(path_of("delete", comment))

    html = as_paul.get(tab(engagement)).content.decode()
    assert f"deleted by {paul.display_name}" in html
    assert "Ready" not in html


def test_too_late_is_told(as_paul, subject, paul, now, clock):
    comment = add_comment(subject, "Ready", by=paul, now=now)
    clock.shift(timedelta(minutes=16))

    for ask in (as_paul.get, as_paul.post):
        answer = ask(path_of("edit", comment), {"text": "No"})
        assert answer.status_code == 409
        assert "15 minutes" in answer.content.decode()


def test_comments_of_others_are_only_read(as_paul, subject, pia, now):
    comment = add_comment(subject, "Mine", by=pia, now=now)

    assert as_paul.post(path_of("edit", comment), {"text": "x"}).status_code == 403
    assert as_paul.post(path_of("delete", comment)).status_code == 403
    assert path_of("delete", comment) not in as_paul.get(subject.url).content.decode()


def test_a_mention_is_seen_by_a_click_on_my_day(as_paul, subject, paul, pia, now):
    add_comment(subject, "@paul?", by=pia, now=now)
    mention = Mention.objects.get()
    seen = reverse("comments:mention-seen", args=[mention.pk])

    assert seen in as_paul.get("/").content.decode()
    as_paul.post(seen, {"next": "/"})
    assert seen not in as_paul.get("/").content.decode()


def test_nobody_sees_mentions_for_others(as_paul, subject, paul, pia, now):
    add_comment(subject, "@pia.pse?", by=paul, now=now)
    seen = reverse("comments:mention-seen", args=[Mention.objects.get().pk])

    assert as_paul.post(seen).status_code == 404
    assert Mention.objects.get().seen_at is None


def test_the_tab_costs_the_same_with_3_and_with_30(
    as_paul, subject, paul, pia, now, django_assert_max_num_queries
):
    counts = []
    for number in (3, 27):
        for n in range(number):
            add_comment(subject, f"No. {n}", by=pia if n % 2 else paul, now=now)
        with django_assert_max_num_queries(25) as captured:
            as_paul.get(subject.url)
        counts.append(len(captured))

    assert counts[0] == counts[1]
