"""Coverage: who can teach what, where there is one person only, and what is to come."""

from datetime import date, timedelta

import pytest

from tests.factories.people import (
    PersonSkillFactory,
    RegionFactory,
    SkillFactory,
    UserFactory,
)
from tests.factories.training import (
    NOW,
    CertificationFactory,
    CourseFactory,
    DeliveryFactory,
    SessionFactory,
    certified,
    plan_class,
)
from training.choices import DeliveryState, TrainerState
from training.coverage_queries import (
    CoverageFilter,
    classes_ahead,
    course_rows,
    covered_courses,
    covering_people,
)

pytestmark = pytest.mark.django_db

PAGE = "/training/coverage/"
EXPORT = "/training/coverage/export/"
TODAY = date(2027, 2, 1)


@pytest.fixture
def course(db):
    return CourseFactory(title="Git Basics")


def rows(wanted=None):
    people = covering_people(wanted or CoverageFilter())
    found = course_rows(list(covered_courses()), people, {}, TODAY)
    return {row.course.title: row for row in found}


def names(teachers):
    return [teacher.person.first_name for teacher in teachers]


def person(name, **fields):
    return UserFactory(first_name=name, last_name="T", roles=["trainer"], **fields)


def test_a_course_says_how_many_can_teach_it(course):
    CourseFactory(title="Nobody's")
    CourseFactory(title="Off", is_active=False)
    pair = CourseFactory(title="Pair")
    ann, ben = person("Ann"), person("Ben")
    certified(ann, course)
    certified(ann, pair)
    certified(ben, pair, until=TODAY)

    found = rows()

    verdicts = {title: (row.verdict, row.tone) for title, row in found.items()}
    assert verdicts == {
        "Git Basics": ("one person only", "warn"),
        "Nobody's": ("nobody", "bad"),
        "Pair": ("2 people", "good"),
    }
    assert [row.is_thin for row in found.values()] == [True, True, False]


def test_who_lapsed_or_is_on_the_way_does_not_count(course):
    certified(person("Ann"), course, until=TODAY - timedelta(days=1))
    CertificationFactory(person=person("Ben"), course=course)
    CertificationFactory(
        person=person("Cat"), course=course, state=TrainerState.WITHDRAWN
    )
    certified(UserFactory(is_active=False), course)

    row = rows()["Git Basics"]

    assert names(row.certified) == []
    assert (names(row.ended), names(row.learning)) == (["Ann"], ["Ben"])


def test_coverage_is_that_of_a_region_a_practice_or_a_language(course, place):
    language = SkillFactory(group="Languages", name="German")
    ann = person("Ann", **place)
    ben = person("Ben", region=RegionFactory(), practice=place["practice"])
    PersonSkillFactory(person=ben, skill=language, level=2)
    certified(ann, course)
    certified(ben, course)

    def teach(**wanted):
        return names(rows(CoverageFilter(**wanted))["Git Basics"].certified)

    assert teach() == ["Ann", "Ben"]
    assert teach(region=place["region"]) == ["Ann"]
    assert teach(practice=place["practice"]) == ["Ann", "Ben"]
    assert teach(language="German") == ["Ben"]
    assert teach(region=place["region"], language="German") == []


def test_engineers_stand_there_once_they_have_an_entry(course):
    engineer = UserFactory(roles=["pse"])
    trainer = person("Ann")

    assert list(covering_people(CoverageFilter())) == [trainer]
    CertificationFactory(person=engineer, course=course)
    assert set(covering_people(CoverageFilter())) == {trainer, engineer}


def coming(reader, **wanted):
    found = classes_ahead(CoverageFilter(**wanted), reader, NOW)
    return {row.delivery.title: row for one in found.values() for row in one}


def class_on(days, course, title, **fields):
    start = NOW + timedelta(days=days)
    delivery = DeliveryFactory(course=course, title=title, **fields)
    SessionFactory(
        delivery=delivery, starts_at=start, ends_at=start + timedelta(hours=4)
    )
    return delivery


def test_classes_of_the_next_ninety_days_are_told(course, coordinator):
    ann = person("Ann")
    class_on(89, course, "Soon", trainer=ann)
    class_on(91, course, "Later")
    class_on(-2, course, "Over")
    class_on(5, course, "Off", state=DeliveryState.CANCELLED)

    found = coming(coordinator)

    assert set(found) == {"Soon"}
    assert found["Soon"].warning == "not certified"
    assert found["Soon"].url
    certified(ann, course)
    assert coming(coordinator)["Soon"].warning == ""


def test_a_class_that_the_reader_may_not_open_has_no_link(course):
    pm = UserFactory(roles=["pm"])
    class_on(5, course, "Soon")

    assert coming(pm)["Soon"].url == ""


def test_classes_are_narrowed_too(course, coordinator, place):
    near = make_engagement_of(place)
    class_on(5, course, "Here", engagement=near, language="german")
    class_on(5, course, "There")

    assert set(coming(coordinator, region=place["region"])) == {"Here"}
    assert set(coming(coordinator, practice=place["practice"])) == {"Here"}
    assert set(coming(coordinator, language="German")) == {"Here"}


def make_engagement_of(place):
    return DeliveryFactory(
        engagement__region=place["region"], engagement__practice=place["practice"]
    ).engagement


def test_the_page_names_thin_courses_and_says_everything_in_words(
    as_coordinator, course, engagement
):
    ann = person("Ann")
    entry = certified(ann, course, until=date(2027, 9, 1))
    delivery = plan_class(engagement, course=course, trainer=ann)

    html = as_coordinator.get(PAGE).text

    assert "Too few people" in html
    assert "one person only" in html
    assert "certified until Wed 1 Sep 2027" in html
    assert entry.get_absolute_url() in html
    assert delivery.get_absolute_url() in html
    assert "/certifications/add/" not in html


def test_without_courses_the_page_teaches(as_coordinator):
    assert "No courses are offered" in as_coordinator.get(PAGE).text


def test_a_filter_that_is_not_there_is_told(as_coordinator, course):
    answer = as_coordinator.get(f"{PAGE}?region=999999")

    assert answer.status_code == 422
    assert "do not fit" in answer.text
    assert as_coordinator.get(f"{EXPORT}?language=x").status_code == 422


def test_the_file_holds_the_matrix_in_words(as_coordinator, course):
    certified(person("=Ann"), course, until=date(2027, 9, 1))
    person("Ben")

    answer = as_coordinator.get(EXPORT)

    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0] == "Name,Practice,Region,Git Basics"
    assert lines[1].startswith("'=Ann T,")
    assert lines[1].endswith(",certified until Wed 1 Sep 2027")
    assert lines[2].endswith(",")


@pytest.mark.parametrize("role", ["trainer", "finance", "account"])
def test_coverage_is_for_who_staffs_work(client, role):
    client.force_login(UserFactory(roles=[role]))

    assert client.get(PAGE).status_code == 403
    assert client.get(EXPORT).status_code == 403


def test_the_page_takes_the_same_queries_for_3_and_30_rows(
    as_coordinator, queries_of, place
):
    def add(count):
        for _n in range(count):
            one = CourseFactory()
            who = UserFactory(roles=["trainer"], **place)
            certified(who, one)
            class_on(5, one, f"Class {one.pk}", trainer=who)

    add(3)
    few = queries_of(as_coordinator, PAGE)
    add(27)

    assert queries_of(as_coordinator, PAGE) == few
    assert few <= 15
