from decimal import Decimal

import pytest
from django.urls import reverse

from psdelivery.history.models import Event
from tests.factories.people import UserFactory
from tests.factories.training import NOW, CourseFactory, certified, plan_class
from training.models import Course
from training.services.courses import free_key
from training.services.shipped import course_fields, load_courses

pytestmark = pytest.mark.django_db

LIST = "/training/courses/"
ADD = "/training/courses/add/"
TYPED = {
    "title": "GitLab Duo",
    "session_count": "2",
    "hours_per_session": "3.5",
    "seats": "12",
    "has_labs": "on",
    "has_certification": "on",
    "certification_title": "Duo Associate",
    "introduction_url": "https://example.com/intro",
    "slides_version": "2027.2",
    "slides_url": "https://example.com/slides",
    "video_url": "https://example.com/t3",
    "is_active": "on",
}


@pytest.fixture
def as_manager(client, manager, at_now):
    client.force_login(manager)
    return client


def edit(course):
    return reverse("training:course-edit", args=[course.pk])


def test_the_shipped_courses_are_listed(as_manager):
    load_courses()

    response = as_manager.get(LIST)

    assert response.status_code == 200
    assert len(response.context["page"]) == Course.objects.count() > 5
    assert ADD in response.content.decode()


def test_the_coordinator_looks_and_does_not_edit(as_coordinator):
    course = CourseFactory()

    text = as_coordinator.get(LIST).content.decode()

    assert course.title in text
    assert ADD not in text
    assert edit(course) not in text
    assert as_coordinator.get(edit(course)).status_code == 403
    assert as_coordinator.post(ADD, TYPED).status_code == 403
    assert Course.objects.count() == 1


@pytest.mark.parametrize("role", ["trainer", "pm", "finance", "account"])
def test_the_register_is_closed_to_others(client, role):
    client.force_login(UserFactory(roles=[role]))

    assert client.get(LIST).status_code == 403


def test_adding_a_course(as_manager, manager):
    as_manager.post(ADD, TYPED)

    course = Course.objects.get()
    assert (course.key, course.hours_per_session) == ("gitlab-duo", Decimal("3.5"))
    assert course.edited_at == NOW
    assert (course.slides_version, course.slides_url, course.video_url) == (
        "2027.2",
        "https://example.com/slides",
        "https://example.com/t3",
    )
    assert Event.objects.get(verb="course-added").actor == manager


def test_a_taken_key_gets_a_number(db):
    assert free_key("Git & more!") == "git-more"
    CourseFactory(key="git-more")
    CourseFactory(key="git-more-2")

    assert free_key("Git more") == "git-more-3"
    assert free_key("日本語") == "course"


def test_an_edited_course_is_not_overwritten_by_the_shipped_one(as_manager):
    load_courses()
    course = Course.objects.get(key="ci-cd")

    as_manager.post(edit(course), TYPED | {"title": "CI for us"})
    load_courses()

    course.refresh_from_db()
    assert (course.title, course.seats, course.key) == ("CI for us", 12, "ci-cd")
    event = Event.objects.get(verb="course-edited")
    assert event.changes["title"] == ["GitLab CI/CD", "CI for us"]


def test_editing_a_course_leaves_its_classes_as_they_are(as_manager, engagement):
    delivery = plan_class(engagement, course=CourseFactory())

    as_manager.post(edit(delivery.course), TYPED | {"seats": "99", "title": "New"})

    delivery.refresh_from_db()
    assert (delivery.seats, delivery.course.seats) == (12, 99)
    assert delivery.title != "New"


def test_a_course_that_is_not_offered_stands_last(as_manager):
    CourseFactory(title="A", is_active=False)
    CourseFactory(title="B")

    shown = [course.title for course in as_manager.get(LIST).context["page"]]

    assert shown == ["B", "A"]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"title": ""}, "title"),
        ({"title": " "}, "title"),
        ({"title": "taken"}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "tab\tbell\x07"}, "title"),
        ({"session_count": "0"}, "session_count"),
        ({"session_count": "21"}, "session_count"),
        ({"hours_per_session": "13"}, "hours_per_session"),
        ({"hours_per_session": "0"}, "hours_per_session"),
        ({"hours_per_session": "NaN"}, "hours_per_session"),
        ({"hours_per_session": "1e400"}, "hours_per_session"),
        ({"seats": "501"}, "seats"),
        ({"introduction_url": "javascript:alert(1)"}, "introduction_url"),
        ({"slides_url": "javascript:alert(1)"}, "slides_url"),
        ({"video_url": "slides"}, "video_url"),
        ({"slides_version": "x" * 41}, "slides_version"),
        ({"has_certification": ""}, "certification_title"),
    ],
)
def test_a_course_that_cannot_be_is_refused(as_manager, fields, name):
    CourseFactory(title="Taken")

    response = as_manager.post(ADD, TYPED | fields)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [name]
    assert Course.objects.count() == 1


def test_the_list_takes_the_same_queries_for_3_and_30_rows(as_manager, queries_of):
    CourseFactory.create_batch(3)
    few = queries_of(as_manager, LIST)
    CourseFactory.create_batch(27)

    assert queries_of(as_manager, LIST) == few
    assert few <= 12


def test_the_file_of_courses_may_name_slides_and_video():
    entry = {
        "title": "Git",
        "sessions": 2,
        "hours_per_session": 4,
        "seats": 12,
        "labs": True,
        "certification": False,
        "slides_version": "7",
        "slides_url": "https://example.com/slides",
        "video_url": "https://example.com/t3",
    }

    fields = course_fields(entry)

    assert (fields["slides_version"], fields["slides_url"], fields["video_url"]) == (
        "7",
        "https://example.com/slides",
        "https://example.com/t3",
    )
    assert course_fields(entry | {"slides_url": ""})["slides_url"] == ""


@pytest.mark.parametrize("role", ["trainer", "coordinator", "finance"])
def test_the_page_of_a_course_is_for_everybody(client, at_now, role):
    course = CourseFactory(
        slides_version="2027.2",
        slides_url="https://example.com/slides",
        video_url="https://example.com/t3",
    )
    reader = UserFactory(roles=[role])
    client.force_login(reader)

    html = client.get(course.get_absolute_url()).text

    assert "Version 2027.2" in html
    assert "https://example.com/slides" in html
    assert "https://example.com/t3" in html
    assert ("Who can teach it" in html) is (role == "coordinator")
    assert edit(course) not in html


def test_the_page_of_a_course_names_who_can_teach_it(as_manager, trainer):
    course = CourseFactory()
    certified(trainer, course)

    html = as_manager.get(course.get_absolute_url()).text

    assert "one person only" in html
    assert trainer.display_name in html
    assert edit(course) in html
