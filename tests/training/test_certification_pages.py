from datetime import timedelta

import pytest
from django.urls import reverse

from psdelivery.playbooks.models import Step
from tests.factories.people import UserFactory
from tests.factories.training import (
    NOW,
    SYDNEY,
    make_engagement,
    plan_class,
    submit,
    team_of,
)
from training.choices import Result
from training.models import Submission

pytestmark = pytest.mark.django_db

QUEUE = "training:submission-list"
RELEASE = {"result": "passed", "score": "85", "note": "badge link sent"}


def page(name, pk):
    return reverse(f"training:submission-{name}", args=[pk])


@pytest.fixture
def submission(delivery):
    return submit(delivery, at=NOW - timedelta(hours=100), now=NOW)


TYPED = {
    "attendee_name": "Ada Lovelace",
    "attendee_email": "Ada@customer.example",
    "day": "2027-02-01",
    "clock": "10:00",
    "zone": SYDNEY,
    "response_url": "https://forms.example/1",
    "reviewer": "",
}


def test_entering_a_submission(as_coordinator, delivery, trainer):
    form = as_coordinator.get(page("add", delivery.pk)).context["form"]
    assert form["zone"].value() == SYDNEY

    response = as_coordinator.post(page("add", delivery.pk), TYPED)

    submission = Submission.objects.get()
    assert response.url == submission.get_absolute_url()
    assert f"{submission.submitted_at:%d %b %H:%M}" == "31 Jan 23:00"
    assert submission.attendee_email == "ada@customer.example"
    assert submission.reviewer == trainer
    review = Step.objects.get(checklist=submission.checklist)
    assert review.due_at - submission.submitted_at == timedelta(hours=168)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"day": "2027-02-02"}, "day"),
        ({"clock": "20:01"}, "day"),
        ({"day": "2020-02-02"}, "day"),
        ({"day": "0001-01-01"}, "day"),
        ({"day": "2026-10-04", "clock": "02:30"}, "clock"),
        ({"clock": "25:00"}, "clock"),
        ({"zone": "Mars"}, "zone"),
        ({"attendee_name": ""}, "attendee_name"),
        ({"attendee_name": "bell\x07"}, "attendee_name"),
        ({"attendee_name": "x" * 121}, "attendee_name"),
        ({"attendee_email": "nobody"}, "attendee_email"),
        ({"attendee_email": "a@b.example\nBcc: c@d.example"}, "attendee_email"),
        ({"response_url": "javascript:alert(1)"}, "response_url"),
        ({"reviewer": "999999"}, "reviewer"),
    ],
)
def test_a_submission_that_cannot_be_is_refused(as_coordinator, delivery, fields, name):
    response = as_coordinator.post(page("add", delivery.pk), TYPED | fields)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [name]
    assert not Submission.objects.exists()


def test_a_submission_is_entered_once(as_coordinator, delivery):
    for status in (302, 422):
        response = as_coordinator.post(page("add", delivery.pk), TYPED)
        assert response.status_code == status

    assert "already entered" in response.content.decode()
    assert Submission.objects.count() == 1


def test_a_class_without_certification_says_so(as_coordinator, engagement):
    delivery = plan_class(engagement, with_certification=False)

    response = as_coordinator.post(page("add", delivery.pk), TYPED)

    assert response.status_code == 422
    assert "no certification" in response.content.decode()


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
    client.post(page("release", submission.pk), RELEASE)
    other = submit(delivery, reviewer=UserFactory(roles=["pse"]), now=NOW)

    def shown(**query):
        return list(client.get(reverse(QUEUE), query).context["page"])

    assert shown() == [other]
    assert shown(reviewer="me") == []
    assert shown(state="released") == [submission]
    assert client.get(reverse(QUEUE), {"state": "x"}).status_code == 422


def test_r13_releasing_by_the_reviewer(as_trainer, submission):
    response = as_trainer.post(page("release", submission.pk), RELEASE, follow=True)

    submission.refresh_from_db()
    assert (submission.result, submission.score) == (Result.PASSED, 85)
    assert "85 %" in response.content.decode()
    assert Step.objects.get(checklist=submission.checklist).state == "done"


def test_r13_a_second_release_is_refused_with_the_reason(as_trainer, submission):
    as_trainer.post(page("release", submission.pk), RELEASE)
    again = {"result": "not_passed", "score": "10", "note": ""}

    response = as_trainer.post(page("release", submission.pk), again)

    assert response.status_code == 409
    assert "released before" in response.content.decode()
    submission.refresh_from_db()
    assert submission.result == Result.PASSED


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"score": "79"}, "below the pass mark of 80"),
        ({"result": "not_passed"}, "reaches the pass mark of 80"),
        ({"score": "101"}, "100"),
        ({"score": "-1"}, "0"),
        ({"score": "x"}, "whole number"),
        ({"score": ""}, "required"),
        ({"result": ""}, "required"),
        ({"result": "waiting"}, "valid choice"),
        ({"note": "x" * 2001}, "2000"),
        ({"note": "bell\x07"}, "control characters"),
    ],
)
def test_a_result_that_cannot_be_is_refused(as_trainer, submission, fields, words):
    response = as_trainer.post(page("release", submission.pk), RELEASE | fields)

    assert response.status_code == 422
    assert words in str(response.context["release_form"].errors)
    submission.refresh_from_db()
    assert submission.released_at is None


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


@pytest.mark.parametrize("who", ["", "0", "x", "999999"])
def test_a_review_goes_to_somebody_who_may_review(as_coordinator, submission, who):
    response = as_coordinator.post(page("reviewer", submission.pk), {"reviewer": who})

    assert response.status_code == 422
    assert Submission.objects.get().reviewer == submission.reviewer


def test_who_assigns_does_not_release_and_who_releases_does_not_assign(
    client, submission, coordinator, trainer, at_now
):
    client.force_login(coordinator)
    assert client.post(page("release", submission.pk), RELEASE).status_code == 403
    client.force_login(trainer)
    typed = {"reviewer": trainer.pk}
    assert client.post(page("reviewer", submission.pk), typed).status_code == 403


def test_a_colleague_on_the_class_does_not_release_my_review(
    client, submission, place, at_now
):
    colleague = UserFactory(roles=["pse"], **place)
    Step.objects.filter(key="latest-slides").update(assignee=colleague, pool=None)
    client.force_login(colleague)

    assert client.get(submission.get_absolute_url()).status_code == 200
    assert client.post(page("release", submission.pk), RELEASE).status_code == 403


def test_a_reviewer_from_elsewhere_reaches_the_own_review(
    client, delivery, stranger, at_now
):
    submission = submit(delivery, reviewer=stranger)
    client.force_login(stranger)

    assert client.get(submission.get_absolute_url()).status_code == 200
    assert client.post(page("release", submission.pk), RELEASE).status_code == 302


def test_strangers_do_not_find_a_submission(client, submission, stranger, at_now):
    client.force_login(stranger)

    assert client.get(submission.get_absolute_url()).status_code == 404
    assert client.post(page("release", submission.pk), RELEASE).status_code == 404
    assert list(client.get(reverse(QUEUE)).context["page"]) == []


def test_the_practice_manager_releases_for_the_team(
    client, manager, shipped, place, trainer, at_now
):
    delivery = plan_class(make_engagement(team=team_of(trainer=trainer), **place))
    submission = submit(delivery, at=NOW, now=NOW)
    client.force_login(manager)

    assert client.post(page("release", submission.pk), RELEASE).status_code == 302


def test_the_queue_takes_the_same_queries_for_3_and_30(
    as_coordinator, delivery, queries_of
):
    for number in range(3):
        submit(delivery, at=NOW - timedelta(hours=number), now=NOW)
    few = queries_of(as_coordinator, reverse(QUEUE))

    for number in range(3, 30):
        submit(delivery, at=NOW - timedelta(hours=number), now=NOW)

    assert queries_of(as_coordinator, reverse(QUEUE)) == few
    assert few <= 12
