"""R-13: the rubric of a course, and what its points make of a submission."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from psdelivery.history.models import Event
from psdelivery.registry import RuleRefused
from tests.factories.people import UserFactory
from tests.factories.shipped import ship_mails
from tests.factories.training import (
    NOW,
    CourseFactory,
    give_rubric,
    marking,
    release,
    submit,
)
from training.choices import Result
from training.models import Course, Criterion
from training.rules.rubric import Marking, Points, RubricLine, result_of, total_of
from training.services.releasing import points_of, release_result, save_marks
from training.services.rubrics import lines_of, save_rubric
from training.services.shipped import load_courses, load_rubrics

pytestmark = pytest.mark.django_db


def line(points, pk):
    return Criterion(pk=pk, title=f"Line {pk}", points=points)


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("points", "most", "result"),
    [
        (80, 100, Result.PASSED),
        (79, 100, Result.NOT_PASSED),
        # 79.9 % is below 80.
        (799, 1000, Result.NOT_PASSED),
        (4, 5, Result.PASSED),
        (0, 10, Result.NOT_PASSED),
    ],
)
def test_r13_the_result_follows_from_the_points(points, most, result):
    total = total_of([line(most, 1)], {1: Points(points)})

    assert result_of(total, pass_mark=80) == result


@pytest.mark.unit
@given(
    rubric=st.lists(st.tuples(st.integers(1, 100), st.integers(0, 100)), min_size=1),
    pass_mark=st.integers(1, 100),
)
def test_r13_who_passes_has_the_share_of_points(rubric, pass_mark):
    lines = [line(most, pk) for pk, (most, _got) in enumerate(rubric, 1)]
    got = {pk: Points(min(got, most)) for pk, (most, got) in enumerate(rubric, 1)}

    total = total_of(lines, got)

    enough = total.points * 100 >= pass_mark * total.most
    assert (result_of(total, pass_mark=pass_mark) == Result.PASSED) == enough
    assert total.is_complete


def test_r13_every_line_must_be_marked(delivery, trainer):
    submission = submit(delivery)
    _first, second = give_rubric(delivery.course)
    marks = marking(submission)
    del marks.points[second.pk]

    with pytest.raises(RuleRefused) as refusal:
        release_result(submission, marks, by=trainer, now=NOW)

    assert codes(refusal) == ["not-marked"]
    assert "Line 2" in refusal.value.reasons[0].sentence
    assert not submission.marks.exists()


def test_r13_no_result_without_a_rubric(delivery, trainer):
    submission = submit(delivery)

    with pytest.raises(RuleRefused) as refusal:
        release_result(submission, Marking(), by=trainer, now=NOW)

    assert codes(refusal) == ["no-rubric"]
    url = reverse("training:course-rubric", args=[delivery.course_id])
    assert refusal.value.reasons[0].fix_url == url
    submission.refresh_from_db()
    assert submission.released_at is None


def test_points_of_another_line_or_too_many_are_refused(delivery, trainer):
    submission = submit(delivery)
    (own,) = give_rubric(delivery.course, 10)
    (foreign,) = give_rubric(CourseFactory(), 10)

    for points in ({own.pk: Points(11)}, {foreign.pk: Points(1)}):
        with pytest.raises(RuleRefused):
            save_marks(submission, Marking(points), by=trainer, now=NOW)

    assert not submission.marks.exists()


def test_a_line_with_other_points_is_marked_anew(delivery, trainer, manager):
    submission = submit(delivery)
    one, two = give_rubric(delivery.course)
    save_marks(submission, marking(submission), by=trainer, now=NOW)
    lines = [RubricLine("Line 1", 60, key=one.pk), RubricLine("Line 2", 50, key=two.pk)]

    save_rubric(delivery.course, lines, by=manager, now=NOW)

    assert points_of(submission, lines_of(delivery.course)) == {one.pk: Points(60)}
    with pytest.raises(RuleRefused):
        release_result(submission, Marking(), by=trainer, now=NOW)


def test_a_line_that_was_used_leaves_without_its_marks(delivery, trainer, manager):
    ship_mails()
    released = release(submit(delivery), by=trainer)
    one, two = delivery.course.criteria.all()

    save_rubric(
        delivery.course, [RubricLine("Only", 10, key=two.pk)], by=manager, now=NOW
    )

    assert [found.pk for found in lines_of(delivery.course)] == [two.pk]
    one.refresh_from_db()
    assert not one.is_active
    assert [mark.most for mark in released.marks.all()] == [60, 40]


def test_the_history_tells_what_the_rubric_was(manager):
    course = CourseFactory()
    (one,) = give_rubric(course, 10)

    save_rubric(course, [RubricLine("New", 20, key=one.pk)], by=manager, now=NOW)
    save_rubric(course, [RubricLine("New", 20, key=one.pk)], by=manager, now=NOW)

    event = Event.objects.get(verb="rubric-edited")
    assert event.changes == {"rubric": [["Line 1 (10)"], ["New (20)"]]}


def test_shipped_rubrics_go_to_courses_without_one():
    load_courses()
    own = Course.objects.get(key="ci-cd")
    (mine,) = give_rubric(own, 7)

    load_rubrics()
    again = load_rubrics()

    assert again == 0
    assert lines_of(own) == [mine]
    certified = Course.objects.filter(has_certification=True).exclude(pk=own.pk)
    assert {sum(one.points for one in lines_of(each)) for each in certified} == {100}
    assert not Criterion.objects.filter(course__has_certification=False).exists()


def rows(*lines, badge="", **more):
    """The body of the form of a rubric; `lines` are fields of its rows."""
    body = {"lines-TOTAL_FORMS": len(lines), "lines-INITIAL_FORMS": 0}
    for number, fields in enumerate(lines):
        body |= {f"lines-{number}-{name}": value for name, value in fields.items()}
    return body | {"badge_url": badge} | more


@pytest.fixture
def course():
    return CourseFactory()


@pytest.fixture
def address(course):
    return reverse("training:course-rubric", args=[course.pk])


@pytest.fixture
def as_manager(client, manager, at_now):
    client.force_login(manager)
    return client


def test_a_manager_writes_a_rubric(as_manager, course, address):
    body = rows(
        {"title": "Second", "points": "40", "order": "2"},
        {"title": "First", "points": "60", "order": "1", "help": "20 each"},
        {"title": "", "points": ""},
        badge="https://badges.example/git",
    )

    response = as_manager.post(address, body)

    assert response.status_code == 302
    assert [(one.title, one.points) for one in lines_of(course)] == [
        ("First", 60),
        ("Second", 40),
    ]
    course.refresh_from_db()
    assert course.badge_url == "https://badges.example/git"
    assert "100 now" in as_manager.get(address).content.decode()


def test_lines_are_changed_and_taken_away(as_manager, course, address):
    one, two = give_rubric(course)
    body = rows(
        {"key": one.pk, "title": "Better", "points": "70", "order": "1"},
        {"key": two.pk, "title": two.title, "points": two.points, "remove": "on"},
    )

    as_manager.post(address, body)

    assert [(line.pk, line.title) for line in lines_of(course)] == [(one.pk, "Better")]


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "", "points": "10"},
        {"title": "A", "points": ""},
        {"title": "A", "points": "0"},
        {"title": "A", "points": "101"},
        {"title": "x" * 201, "points": "10"},
        {"title": "bell\x07", "points": "10"},
        {"title": "A", "points": "10", "order": "-1"},
    ],
)
def test_a_line_that_cannot_be_is_refused(as_manager, course, address, fields):
    give_rubric(course, 10)

    response = as_manager.post(address, rows(fields))

    assert response.status_code == 422
    assert [one.points for one in lines_of(course)] == [10]


@pytest.mark.parametrize(
    "body",
    [
        rows({"title": "", "points": ""}),
        rows({"title": "A", "points": "10"}, badge="javascript:alert(1)"),
        {"badge_url": ""},
    ],
)
def test_a_rubric_is_not_emptied_by_mistake(as_manager, course, address, body):
    give_rubric(course, 10)

    assert as_manager.post(address, body).status_code == 422
    assert len(lines_of(course)) == 1


def test_nobody_overwrites_the_rubric_of_somebody_else(
    as_manager, course, address, manager
):
    (one,) = give_rubric(course, 10)
    seen = as_manager.get(address).context["form"]["seen"].value()
    theirs = [RubricLine("Theirs", 20, key=one.pk)]
    save_rubric(course, theirs, by=UserFactory(), now=NOW)
    body = rows({"key": one.pk, "title": "Mine", "points": "30"}, seen=seen)

    refused = as_manager.post(address, body)

    assert refused.status_code == 422
    assert "Somebody else changed this rubric" in refused.content.decode()
    assert lines_of(course)[0].title == "Theirs"
    again = body | {"seen": refused.context["form"].data["seen"]}
    assert as_manager.post(address, again).status_code == 302
    assert lines_of(course)[0].title == "Mine"


def test_trainers_do_not_write_rubrics(as_trainer, address):
    assert as_trainer.get(address).status_code == 403
