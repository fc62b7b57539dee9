from datetime import timedelta

import pytest
from django.urls import reverse

from psdelivery.outbox.models import Message
from psdelivery.playbooks.models import Step
from tests.factories.people import UserFactory
from tests.factories.training import (
    NOW,
    SYDNEY,
    make_engagement,
    plan_class,
    ready_to_release,
    submit,
    team_of,
)
from tests.training.certifying import page, typed
from training.choices import Result
from training.models import Submission

pytestmark = pytest.mark.django_db

QUEUE = "training:submission-list"


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


def test_r13_releasing_by_the_reviewer(as_trainer, submission):
    response = as_trainer.post(
        page("release", submission.pk), typed(submission), follow=True
    )

    submission.refresh_from_db()
    assert (submission.result, submission.score) == (Result.PASSED, 85)
    assert "85 %" in response.content.decode()
    assert Step.objects.get(checklist=submission.checklist).state == "done"


def test_r13_a_second_release_is_refused_with_the_reason(as_trainer, submission):
    as_trainer.post(page("release", submission.pk), typed(submission))

    response = as_trainer.post(page("release", submission.pk), typed(submission, 1, 0))

    assert response.status_code == 409
    assert "released before" in response.content.decode()
    submission.refresh_from_db()
    assert submission.result == Result.PASSED


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (("61", "1"), "60"),
        (("-1", "1"), "0"),
        (("x", "1"), "whole number"),
        (("", "1"), "Not marked yet"),
        (("9" * 30, "1"), "60"),
    ],
)
def test_points_that_cannot_be_are_refused(as_trainer, submission, points, words):
    response = as_trainer.post(
        page("release", submission.pk), typed(submission, *points)
    )

    assert response.status_code == 422
    assert words in str(response.context["marking_form"].errors)
    submission.refresh_from_db()
    assert submission.released_at is None
    assert not submission.marks.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"note": "x" * 2001}, "2000"),
        ({"note": "bell\x07"}, "control characters"),
        ({"badge_url": "javascript:alert(1)"}, "valid URL"),
    ],
)
def test_what_goes_with_the_marks_is_checked(as_trainer, submission, fields, words):
    response = as_trainer.post(
        page("release", submission.pk), typed(submission, **fields)
    )

    assert response.status_code == 422
    assert words in str(response.context["marking_form"].errors)
    assert Submission.objects.get().released_at is None


def test_who_assigns_does_not_release_and_who_releases_does_not_assign(
    client, submission, coordinator, trainer, at_now
):
    client.force_login(coordinator)
    assert (
        client.post(page("release", submission.pk), typed(submission)).status_code
        == 403
    )
    client.force_login(trainer)
    given = {"reviewer": trainer.pk}
    assert client.post(page("reviewer", submission.pk), given).status_code == 403


def test_a_colleague_on_the_class_does_not_release_my_review(
    client, submission, place, at_now
):
    colleague = UserFactory(roles=["pse"], **place)
    Step.objects.filter(key="latest-slides").update(assignee=colleague, pool=None)
    client.force_login(colleague)

    assert client.get(submission.get_absolute_url()).status_code == 200
    assert (
        client.post(page("release", submission.pk), typed(submission)).status_code
        == 403
    )


def test_a_reviewer_from_elsewhere_reaches_the_own_review(
    client, delivery, stranger, at_now
):
    submission = submit(ready_to_release(delivery), reviewer=stranger)
    client.force_login(stranger)

    assert client.get(submission.get_absolute_url()).status_code == 200
    client.post(page("release", submission.pk), typed(submission))

    submission.refresh_from_db()
    assert submission.released_at == NOW


def test_strangers_do_not_find_a_submission(client, submission, stranger, at_now):
    client.force_login(stranger)

    assert client.get(submission.get_absolute_url()).status_code == 404
    assert (
        client.post(page("release", submission.pk), typed(submission)).status_code
        == 404
    )
    assert list(client.get(reverse(QUEUE)).context["page"]) == []


def test_the_practice_manager_releases_for_the_team(
    client, manager, shipped, place, trainer, coordinator, at_now
):
    team = team_of(tc=coordinator, trainer=trainer)
    delivery = plan_class(make_engagement(team=team, **place))
    submission = submit(ready_to_release(delivery), at=NOW, now=NOW)
    client.force_login(manager)

    client.post(page("release", submission.pk), typed(submission))

    submission.refresh_from_db()
    assert submission.released_at == NOW
    # Nobody was named.
    assert submission.reviewer == manager


def test_r13_after_a_release_the_next_review_is_brought_up(
    as_trainer, delivery, submission
):
    later, sooner = (
        submit(delivery, at=NOW - timedelta(hours=hours), now=NOW) for hours in (1, 90)
    )

    first = as_trainer.post(
        page("release", submission.pk), typed(submission), follow=True
    )
    second = as_trainer.post(page("release", sooner.pk), typed(sooner))

    assert first.redirect_chain[-1][0] == sooner.get_absolute_url()
    text = first.content.decode()
    assert "Released: passed with 85 %. The mail leaves." in text
    assert f"Next: {sooner.attendee_name}." in text
    assert second.url == later.get_absolute_url()
    last = as_trainer.post(page("release", later.pk), typed(later))
    assert last.url == reverse(QUEUE)


def test_marks_are_saved_and_go_on_later(as_trainer, submission):
    given = typed(submission)
    last = list(given)[-1]

    response = as_trainer.post(
        page("release", submission.pk), given | {last: "", "save": "1"}, follow=True
    )

    assert "50 of 100 points so far" in response.content.decode()
    submission.refresh_from_db()
    assert submission.released_at is None
    form = as_trainer.get(submission.get_absolute_url()).context["marking_form"]
    assert [line.points.value() for line in form.lines] == [50, None]


def test_a_note_wants_its_points(as_trainer, submission):
    line = submission.delivery.course.criteria.last()
    given = typed(submission) | {f"points-{line.pk}": "", f"word-{line.pk}": "hm"}

    response = as_trainer.post(page("release", submission.pk), given | {"save": "1"})

    assert response.status_code == 422
    assert "Give points too" in response.content.decode()
    assert not submission.marks.exists()


def test_nobody_overwrites_the_marks_of_somebody_else(
    client, as_trainer, submission, manager, delivery
):
    delivery.engagement.team.create(role="pse", person=manager)
    seen = as_trainer.get(submission.get_absolute_url()).context["marking_form"]
    mine = typed(submission, 10, 10) | {"seen": seen["seen"].value()}
    as_trainer.post(page("release", submission.pk), mine | {"save": "1"})
    client.force_login(manager)

    theirs = typed(submission, 20, 20) | {"seen": seen["seen"].value()}
    refused = client.post(page("release", submission.pk), theirs)

    assert refused.status_code == 422
    text = refused.content.decode()
    assert "Somebody else marked this meanwhile" in text
    assert "saved: 10" in text
    assert [mark.points for mark in submission.marks.all()] == [10, 10]
    now_seen = refused.context["marking_form"].data["seen"]
    again = client.post(page("release", submission.pk), theirs | {"seen": now_seen})
    assert again.status_code == 302
    submission.refresh_from_db()
    assert submission.score == 40


def test_r13_a_course_without_a_rubric_says_so_and_where_it_is_mended(
    client, as_trainer, submission, manager
):
    submission.delivery.course.criteria.all().delete()
    address = reverse("training:course-rubric", args=[submission.delivery.course_id])

    response = as_trainer.post(page("release", submission.pk), {"note": ""})

    assert response.status_code == 422
    assert "has no rubric yet" in response.content.decode()
    assert Submission.objects.get().released_at is None
    # A trainer may not write it; the link is for who may.
    assert address not in response.content.decode()
    submission.delivery.engagement.team.create(role="pse", person=manager)
    client.force_login(manager)
    assert address in client.get(submission.get_absolute_url()).content.decode()


def test_r15_the_page_names_what_the_mail_lacks_before_the_click(
    as_trainer, submission
):
    submission.delivery.engagement.team.filter(role="tc").delete()

    page_before = as_trainer.get(submission.get_absolute_url()).content.decode()
    response = as_trainer.post(page("release", submission.pk), typed(submission))

    words = "Nobody coordinates this engagement"
    assert words in page_before
    assert response.status_code == 422
    assert words in response.content.decode()
    submission.refresh_from_db()
    assert submission.released_at is None
    assert not submission.marks.exists()
    assert not Message.objects.filter(kind__startswith="certification").exists()
