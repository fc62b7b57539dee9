from datetime import date

import pytest
from django.urls import reverse

from engagements.choices import Status
from psdelivery.playbooks.models import Step
from tests.factories.engagements import open_gate
from tests.factories.people import UserFactory
from tests.factories.training import (
    FIRST_DAY,
    SYDNEY,
    CourseFactory,
    make_engagement,
    plan_class,
    team_of,
)
from training.choices import Place, Platform
from training.models import Delivery, Session

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db):
    return CourseFactory(
        title="GitLab with Git Basics", session_count=2, hours_per_session=4, seats=10
    )


def url(engagement):
    return reverse("training:delivery-add", args=[engagement.pk])


def typed(course, *sessions, **fields):
    """What the form posts; a session is (day, start, stop)."""
    data = {
        "course": course.pk,
        "title": "Git for Acme",
        "trainer": "",
        "place": Place.REMOTE,
        "address": "",
        "platform": Platform.WEBINAR,
        "language": "English",
        "seats": 10,
        "with_labs": "on",
        "zone": SYDNEY,
        "sessions-TOTAL_FORMS": max(len(sessions), 2),
        "sessions-INITIAL_FORMS": 0,
    }
    for number in range(max(len(sessions), 2)):
        row = sessions[number] if number < len(sessions) else ("", "09:00", "13:00")
        for name, value in zip(("day", "start", "stop"), row, strict=True):
            data[f"sessions-{number}-{name}"] = value
    return data | fields


def test_the_course_is_chosen_first_and_the_one_sold_stands_in_front(
    as_coordinator, engagement, course
):
    CourseFactory(title="Old course", is_active=False)

    response = as_coordinator.get(url(engagement))

    assert response.status_code == 200
    assert response.context["others"] == [course]
    assert f"?course={course.pk}" in response.content.decode()


@pytest.mark.parametrize("course_id", ["", "0", "999999", "x", "٣", "9" * 30])
def test_an_unknown_course_leads_to_the_choice(as_coordinator, engagement, course_id):
    assert as_coordinator.get(url(engagement), {"course": course_id}).status_code == 200
    response = as_coordinator.post(url(engagement), {"course": course_id})
    assert response.status_code == 422


def test_the_form_begins_with_what_the_course_brings(
    as_coordinator, engagement, course
):
    page = as_coordinator.get(url(engagement), {"course": course.pk})

    form, rows = page.context["form"], page.context["rows"]
    assert form["title"].value() == course.title
    assert form["seats"].value() == 10
    assert form["with_certification"].value() is True
    assert form["zone"].value() == SYDNEY
    assert len(rows.forms) == 2
    assert 'value="09:00"' in str(rows.forms[0]["start"])
    assert 'value="13:00"' in str(rows.forms[0]["stop"])


def test_the_wished_start_is_the_first_day(as_coordinator, engagement, course):
    engagement.wished_start = FIRST_DAY
    engagement.save()

    page = as_coordinator.get(url(engagement), {"course": course.pk})

    rows = page.context["rows"].forms
    assert [row["day"].value() for row in rows] == [FIRST_DAY, None]


def test_the_trainer_of_the_engagement_is_suggested(
    as_coordinator, shipped, course, trainer
):
    engagement = make_engagement(team=team_of(trainer=trainer))

    page = as_coordinator.get(url(engagement), {"course": course.pk})

    assert page.context["form"]["trainer"].value() == trainer.pk
    assert f'<option value="{trainer.pk}" selected>' in page.content.decode()


def test_trainers_and_engineers_are_on_offer(
    as_coordinator, engagement, course, trainer, stranger
):
    UserFactory(roles=["trainer"], is_active=False)
    engineer = UserFactory(roles=["pse"])

    page = as_coordinator.get(url(engagement), {"course": course.pk})

    offered = set(page.context["form"].fields["trainer"].queryset)
    assert offered == {trainer, stranger, engineer}


def test_a_class_is_entered_with_its_sessions_and_steps(
    as_coordinator, engagement, course, trainer
):
    data = typed(
        course,
        ("2027-04-06", "09:00", "13:00"),
        ("2027-04-07", "09:00", "13:00"),
        trainer=trainer.pk,
        reason="Nobody else is free",
        platform=Platform.MEETING,
    )

    response = as_coordinator.post(url(engagement), data)

    delivery = Delivery.objects.get()
    assert response.url == delivery.get_absolute_url()
    assert (delivery.course, delivery.trainer) == (course, trainer)
    assert (delivery.with_labs, delivery.with_certification) == (True, False)
    starts = [f"{s.starts_at:%d %H}" for s in delivery.sessions.all()]
    assert starts == ["05 23", "06 23"]
    assert {s.platform for s in delivery.sessions.all()} == {Platform.MEETING}
    link = Step.objects.get(checklist=delivery.checklist, key="registration-link")
    assert link.due_day == date(2027, 3, 23)


def test_rows_that_nobody_touched_are_left_out(as_coordinator, engagement, course):
    data = typed(
        course, ("", "09:00", "13:00"), ("2027-04-07", "09:00", "13:00"), ("", "", "")
    )

    as_coordinator.post(url(engagement), data)

    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (("2027-04-06", "13:00", "09:00"), "stop"),
        (("2027-04-06", "09:00", "09:00"), "stop"),
        (("2027-04-06", "22:00", "10:01"), "stop"),
        (("2027-04-06", "07:00", "20:00"), "stop"),
        (("2037-04-06", "09:00", "13:00"), "day"),
        (("9999-12-31", "09:00", "13:00"), "day"),
        (("0001-01-01", "09:00", "13:00"), "day"),
        (("2027-02-30", "09:00", "13:00"), "day"),
        (("06.04.2027", "09:00", "13:00"), "day"),
        (("tomorrow\x00", "09:00", "13:00"), "day"),
        # Sydney puts its clocks forward on 3 October 2027.
        (("2027-10-03", "02:30", "06:00"), "start"),
        (("2027-10-03", "01:00", "02:30"), "stop"),
        (("2027-04-06", "25:00", "13:00"), "start"),
        (("2027-04-06", "", "13:00"), "start"),
        (("", "10:00", "13:00"), "day"),
    ],
)
def test_a_session_that_cannot_be_is_refused_at_its_field(
    as_coordinator, engagement, course, row, field
):
    good = ("2027-04-08", "09:00", "13:00")

    response = as_coordinator.post(url(engagement), typed(course, good, row))

    assert response.status_code == 422
    assert not Delivery.objects.exists()
    rows = response.context["rows"].forms
    assert list(rows[1].errors) == [field]
    assert rows[0].errors == {}
    # What was typed is kept.
    assert rows[1][field].value() == row[("day", "start", "stop").index(field)]
    assert response.context["form"]["title"].value() == "Git for Acme"


@pytest.mark.parametrize(
    "second",
    [("2027-04-06", "09:00", "13:00"), ("2027-04-06", "12:00", "14:00")],
)
def test_sessions_that_overlap_are_refused_at_the_second(
    as_coordinator, engagement, course, second
):
    data = typed(course, ("2027-04-06", "09:00", "13:00"), second)

    response = as_coordinator.post(url(engagement), data)

    assert response.status_code == 422
    rows = response.context["rows"].forms
    assert list(rows[1].errors) == ["start"]
    assert not Delivery.objects.exists()


def test_a_time_that_occurs_twice_is_said_to_be_the_first(
    as_coordinator, engagement, course
):
    data = typed(course, ("2027-04-04", "02:30", "06:30"))

    page = as_coordinator.post(url(engagement), data, follow=True)

    assert f"{Session.objects.get().starts_at:%d %H:%M}" == "03 15:30"
    assert "the first is taken" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"zone": "Mars/Base"}, "zone"),
        ({"zone": ""}, "zone"),
        ({"zone": "x" * 100}, "zone"),
        ({"title": ""}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"title": "line\nbreak"}, "title"),
        ({"title": "bell\x07"}, "title"),
        ({"seats": "0"}, "seats"),
        ({"seats": "9" * 12}, "seats"),
        ({"seats": "many"}, "seats"),
        ({"place": "moon"}, "place"),
        ({"platform": "tent"}, "platform"),
        ({"trainer": "999999"}, "trainer"),
        ({"trainer": "x"}, "trainer"),
        ({"address": "Main street 1"}, "address"),
    ],
)
def test_a_class_that_cannot_be_is_refused_at_its_field(
    as_coordinator, engagement, course, fields, name
):
    data = typed(course, ("2027-04-06", "09:00", "13:00"), **fields)

    response = as_coordinator.post(url(engagement), data)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [name]
    assert response.context["rows"].forms[0]["day"].value() == "2027-04-06"
    assert not Delivery.objects.exists()


def test_everything_wrong_is_told_at_once(as_coordinator, engagement, course):
    data = typed(course, ("2027-04-06", "13:00", "09:00"), title="")

    response = as_coordinator.post(url(engagement), data)

    assert "title" in response.context["form"].errors
    assert "stop" in response.context["rows"].forms[0].errors


def test_a_class_without_a_session_is_refused(as_coordinator, engagement, course):
    response = as_coordinator.post(url(engagement), typed(course))

    assert response.status_code == 422
    assert "Say when the first session is." in response.content.decode()


@pytest.mark.parametrize("total", ["x", "-1", "9" * 20, "1000", ""])
def test_a_broken_number_of_rows_is_no_error(as_coordinator, engagement, course, total):
    data = typed(course, **{"sessions-TOTAL_FORMS": total})

    assert as_coordinator.post(url(engagement), data).status_code == 422
    more = as_coordinator.post(url(engagement), data | {"more": "1"})
    assert more.status_code == 200
    assert not Delivery.objects.exists()


def test_more_rows_come_without_javascript_and_keep_what_was_typed(
    as_coordinator, engagement, course
):
    data = typed(course, ("2027-04-06", "10:00", "12:00"), more="1", title="")
    data["trainer"] = "x"

    response = as_coordinator.post(url(engagement), data)

    rows = response.context["rows"].forms
    assert response.status_code == 200
    assert len(rows) == 4
    assert rows[0]["day"].value() == "2027-04-06"
    assert rows[0]["start"].value() == "10:00"
    assert response.context["form"]["title"].value() == ""
    assert response.context["form"]["with_labs"].value() is True
    assert response.context["form"]["with_certification"].value() is False
    assert not Delivery.objects.exists()


def test_the_second_click_finds_the_class_already_there(
    as_coordinator, engagement, course
):
    data = typed(course, ("2027-04-06", "09:00", "13:00"))
    as_coordinator.post(url(engagement), data)

    response = as_coordinator.post(url(engagement), data)

    assert response.status_code == 422
    assert "entered for this time already" in response.content.decode()
    assert Delivery.objects.count() == 1


def test_r2_the_form_says_that_no_date_may_be_promised_yet(
    as_coordinator, engagement, course, coordinator
):
    closed = as_coordinator.get(url(engagement), {"course": course.pk})
    open_gate(engagement, by=coordinator)
    opened = as_coordinator.get(url(engagement), {"course": course.pk})

    assert "promise no date" in closed.content.decode()
    assert "promise no date" not in opened.content.decode()


def test_a_class_is_not_entered_on_a_closed_engagement(as_coordinator, engagement):
    engagement.status = Status.CLOSED
    engagement.save()

    assert as_coordinator.get(url(engagement)).status_code == 409
    assert as_coordinator.post(url(engagement), {}).status_code == 409


def test_a_consulting_engagement_has_no_classes(as_coordinator, shipped):
    engagement = make_engagement(kind="consulting")

    assert as_coordinator.get(url(engagement)).status_code == 409


def test_strangers_do_not_find_the_page_and_wrong_roles_may_not(
    client, engagement, stranger, course
):
    client.force_login(stranger)
    assert client.get(url(engagement)).status_code == 404
    client.force_login(UserFactory(roles=["leadership"]))
    assert client.get(url(engagement)).status_code == 403
    client.force_login(UserFactory(roles=["pm"]))
    assert client.get(url(engagement)).status_code == 403

    data = typed(course, ("2027-04-06", "09:00", "13:00"))
    assert client.post(url(engagement), data).status_code == 403
    assert not Delivery.objects.exists()


def test_entering_a_class_takes_the_same_queries_for_three_and_thirty_others(
    as_coordinator, engagement, course, django_assert_max_num_queries
):
    plan_class(engagement, course=course)

    with django_assert_max_num_queries(16):
        as_coordinator.get(url(engagement), {"course": course.pk})
