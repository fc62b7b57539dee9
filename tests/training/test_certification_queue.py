"""The review queue, who reviews, and what is corrected or withdrawn."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from psdelivery.history.models import Event
from psdelivery.people.services.settings import change_setting
from psdelivery.playbooks.models import Step
from tests.factories.people import UserFactory
from tests.factories.training import (
    NOW,
    LabCodeFactory,
    certified,
    give_rubric,
    plan_class,
    submit,
)
from tests.training.certifying import know_days_of, page, typed
from training.choices import Result
from training.models import Submission

pytestmark = pytest.mark.django_db

QUEUE = "training:submission-list"


def test_r13_the_queue_shows_the_time_left_and_whose_it_is(
    as_trainer, delivery, submission, trainer
):
    urgent = submit(delivery, at=NOW - timedelta(hours=160), now=NOW)

    response = as_trainer.get(reverse(QUEUE))

    assert list(response.context["page"]) == [urgent, submission]
    text = response.content.decode()
    assert "in 8 hours" in text
    assert "in 3 days" in text
    assert trainer.display_name in text


def test_the_queue_can_show_mine_and_what_is_released(
    as_coordinator, delivery, submission, client, trainer
):
    client.force_login(trainer)
    client.post(page("release", submission.pk), typed(submission))
    other = submit(delivery, reviewer=UserFactory(roles=["pse"]), now=NOW)

    def shown(**query):
        return list(client.get(reverse(QUEUE), query).context["page"])

    assert shown() == [other]
    assert shown(reviewer="me") == []
    assert shown(state="released") == [submission]
    assert client.get(reverse(QUEUE), {"state": "x"}).status_code == 422


def test_the_coordinator_gives_the_review_to_somebody_else(
    as_coordinator, submission, place
):
    other = UserFactory(roles=["pse"], **place)

    as_coordinator.post(
        page("reviewer", submission.pk), {"reviewer": other.pk, "reason": "away"}
    )

    submission.refresh_from_db()
    assert submission.reviewer == other
    assert Step.objects.get(checklist=submission.checklist).assignee == other


@pytest.mark.parametrize("who", ["0", "x", "999999"])
def test_a_review_goes_to_somebody_who_may_review(as_coordinator, submission, who):
    response = as_coordinator.post(page("reviewer", submission.pk), {"reviewer": who})

    assert response.status_code == 422
    assert Submission.objects.get().reviewer == submission.reviewer


def test_the_queue_takes_the_same_queries_for_3_and_30(
    as_coordinator, delivery, trainer, queries_of
):
    know_days_of([trainer])
    for number in range(3):
        submit(delivery, at=NOW - timedelta(hours=number), now=NOW)
    few = queries_of(as_coordinator, reverse(QUEUE))

    for number in range(3, 30):
        submit(delivery, at=NOW - timedelta(hours=number), now=NOW)

    assert queries_of(as_coordinator, reverse(QUEUE)) == few
    assert few <= 12


def test_the_queue_says_which_lab_dies_first_and_what_will_be_late(
    as_coordinator, delivery, manager, submission
):
    change_setting("certification.review_minutes", 480, by=manager, now=NOW)
    late = submit(delivery, at=NOW - timedelta(hours=200), now=NOW)
    many = [
        submit(delivery, at=NOW - timedelta(hours=100), now=NOW) for _one in range(4)
    ]
    LabCodeFactory(delivery=delivery, expires_at=NOW + timedelta(hours=20))

    response = as_coordinator.get(reverse(QUEUE))

    rows = response.context["rows"]
    assert rows[0].submission == late
    assert not rows[0].lab_comes_first
    assert all(row.lab_comes_first for row in rows[1:])
    text = response.content.decode()
    assert "lab dies on" in text
    assert "more hours in the queue than free" in text
    assert [n.count for n in response.context["numbers"]] == [6, 1, 5, 5]
    for state, count in [("late", 1), ("risk", 5), ("lab", 5)]:
        listed = as_coordinator.get(reverse(QUEUE), {"state": state})
        assert len(listed.context["rows"]) == count
    assert len(many) == 4


def test_the_queue_is_narrowed_to_a_reviewer_and_a_course(
    as_coordinator, delivery, submission, trainer, engagement, place
):
    other = UserFactory(roles=["pse"], **place)
    elsewhere = plan_class(engagement, days=1, first=date(2027, 5, 4))
    theirs = submit(elsewhere, at=NOW, now=NOW, reviewer=other)
    nobodys = submit(elsewhere, at=NOW, now=NOW)

    def shown(**query):
        rows = as_coordinator.get(reverse(QUEUE), query).context["rows"]
        return [row.submission for row in rows]

    assert shown(reviewer=trainer.pk) == [submission]
    assert shown(reviewer=other.pk) == [theirs]
    assert shown(reviewer="nobody") == [nobodys]
    assert shown(course=elsewhere.course_id) == [theirs, nobodys]


def test_several_reviews_are_given_to_one_person(
    as_coordinator, delivery, submission, place
):
    other = UserFactory(roles=["pse"], **place)
    certified(other, delivery.course)
    second = submit(delivery, at=NOW, now=NOW)
    kept = submit(delivery, at=NOW, now=NOW)
    typed_in = {"submissions": [submission.pk, second.pk], "reviewer": other.pk}

    address = f"{reverse('training:submission-assign')}?reviewer=me"
    response = as_coordinator.post(address, typed_in)

    assert response.url == f"{reverse(QUEUE)}?reviewer=me"
    found = {one.pk: one.reviewer for one in Submission.objects.all()}
    assert found[submission.pk] == found[second.pk] == other
    assert found[kept.pk] != other
    assert Event.objects.filter(verb="reviewer-changed").count() == 2


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"submissions": []}, "submissions"),
        ({"submissions": ["999999"]}, "submissions"),
        ({"submissions": ["x"]}, "submissions"),
        ({"reviewer": "999999"}, "reviewer"),
        ({"reason": ""}, "reason"),
        ({"reason": "bell\x07"}, "reason"),
    ],
)
def test_what_cannot_be_given_out_is_refused(
    as_coordinator, submission, stranger, fields, name
):
    body = {"submissions": [submission.pk], "reviewer": stranger.pk, "reason": "ill"}

    response = as_coordinator.post(reverse("training:submission-assign"), body | fields)

    assert response.status_code == 422
    assert name in response.context["hand_out_form"].errors
    assert Submission.objects.get().reviewer == submission.reviewer


def test_a_reviewer_who_is_not_certified_wants_a_reason(
    as_coordinator, submission, stranger
):
    address = page("reviewer", submission.pk)

    refused = as_coordinator.post(address, {"reviewer": stranger.pk, "reason": ""})
    given = as_coordinator.post(address, {"reviewer": stranger.pk, "reason": "ill"})

    assert refused.status_code == 422
    assert "not certified" in refused.content.decode()
    assert given.status_code == 302
    assert Event.objects.get(verb="reviewer-changed").reason == "ill"


def test_a_review_is_given_out_by_load(as_coordinator, submission, place):
    free = UserFactory(roles=["trainer"], **place)
    certified(free, submission.delivery.course)
    change_setting("certification.independent", True, by=None, now=NOW)

    as_coordinator.post(page("reviewer", submission.pk), {"reviewer": ""})

    submission.refresh_from_db()
    assert submission.reviewer == free
    assert "Chosen by load" in Event.objects.get(verb="reviewer-changed").reason


def test_the_address_of_an_attendee_is_corrected(as_coordinator, submission):
    typed_in = {
        "attendee_name": "Ada Byron",
        "attendee_email": "ADA@customer.example",
        "response_url": "",
        "badge_url": "https://badges.example/1",
    }

    as_coordinator.post(page("correct", submission.pk), typed_in)

    submission.refresh_from_db()
    assert submission.attendee_email == "ada@customer.example"
    assert submission.checklist.title.startswith("Ada Byron")
    event = Event.objects.get(verb="submission-corrected")
    assert "ada" not in str(event.changes).lower()


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"attendee_name": ""}, "attendee_name"),
        ({"attendee_email": "nobody"}, "attendee_email"),
        ({"badge_url": "javascript:alert(1)"}, "badge_url"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    as_coordinator, submission, fields, name
):
    body = {"attendee_name": "Ada", "attendee_email": "ada@customer.example"}

    response = as_coordinator.post(page("correct", submission.pk), body | fields)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [name]


def test_the_coordinator_withdraws_and_takes_it_back(as_coordinator, submission):
    without = as_coordinator.post(page("withdraw", submission.pk), {"reason": ""})
    as_coordinator.post(page("withdraw", submission.pk), {"reason": "A test"})
    shown = as_coordinator.get(submission.get_absolute_url()).content.decode()
    again = as_coordinator.post(page("withdraw", submission.pk), {"reason": "x"})
    as_coordinator.post(page("restore", submission.pk))

    assert without.status_code == 422
    assert "nothing is due for it" in shown
    assert again.status_code == 409
    submission.refresh_from_db()
    assert submission.result == Result.WAITING
    assert as_coordinator.post(page("restore", submission.pk)).status_code == 409


def test_the_reviewer_does_not_withdraw(as_trainer, submission):
    response = as_trainer.post(page("withdraw", submission.pk), {"reason": "x"})

    assert response.status_code == 403


def test_the_tab_of_a_class_takes_the_same_queries_for_3_and_30(
    as_coordinator, delivery, trainer, queries_of
):
    know_days_of([trainer])
    address = reverse("training:delivery-certification", args=[delivery.pk])
    for number in range(3):
        submit(delivery, at=NOW - timedelta(hours=number), now=NOW)
    few = queries_of(as_coordinator, address)

    for number in range(3, 30):
        submit(delivery, at=NOW - timedelta(hours=number), now=NOW)

    assert queries_of(as_coordinator, address) == few
    assert few <= 25


def test_the_tab_says_that_a_rubric_is_missing(as_coordinator, delivery):
    address = reverse("training:delivery-certification", args=[delivery.pk])

    assert "has no rubric yet" in as_coordinator.get(address).content.decode()
    give_rubric(delivery.course)
    assert "2 lines, 100 points" in as_coordinator.get(address).content.decode()
