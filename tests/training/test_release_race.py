"""R-13: a result is released once, with one mail, whoever clicks at the same time."""

import pytest

from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.models import Message
from psdelivery.playbooks.models import Step
from psdelivery.registry import RuleRefused
from tests.factories.training import (
    NOW,
    marking,
    ready_to_release,
    release,
    submit,
)
from tests.together import at_once, elsewhere, move_to_disk
from training.choices import Result
from training.models import Mark, Submission
from training.services import releasing
from training.services.releasing import mail_result, release_result

MAILS = Message.objects.filter(kind__startswith="certification-")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("score", "kind", "words"),
    [
        (85, "certification-passed", "you have passed"),
        (79, "certification-not-passed", "not enough to pass"),
    ],
)
def test_r13_the_mail_leaves_with_the_result(delivery, trainer, score, kind, words):
    submission = submit(delivery, attendee_email="ada@customer.example")

    release(submission, score, by=trainer)

    mail = MAILS.get()
    assert (mail.kind, mail.state, mail.audience) == (
        kind,
        State.READY,
        Audience.CUSTOMER,
    )
    assert mail.to == ["ada@customer.example"]
    assert mail.approved_by == trainer
    assert words in mail.text
    assert f"{score} %" in mail.text


@pytest.mark.django_db
def test_the_badge_stands_in_the_mail_of_who_has_passed(delivery, trainer):
    delivery.course.badge_url = "https://badges.example/course"
    delivery.course.save()

    release(submit(delivery), by=trainer)
    release(submit(delivery), by=trainer, badge_url="https://badges.example/own")
    release(submit(delivery), 10, by=trainer)

    texts = [mail.text for mail in MAILS.order_by("created_at", "pk")]
    assert sum("badges.example/course" in text for text in texts) == 1
    assert sum("badges.example/own" in text for text in texts) == 1


@pytest.mark.django_db
def test_without_a_badge_the_mail_does_not_promise_one(delivery, trainer):
    release(submit(delivery), by=trainer)

    assert "badge" not in MAILS.get().text.lower()


@pytest.mark.django_db
def test_r15_nothing_is_released_when_its_mail_cannot_leave(delivery, trainer):
    submission = submit(delivery)
    delivery.engagement.team.all().delete()

    with pytest.raises(RuleRefused) as refusal:
        release(submission, by=trainer)

    assert "no-coordinator" in {one.code for one in refusal.value.reasons}
    submission.refresh_from_db()
    assert submission.result == Result.WAITING
    assert not submission.marks.exists()
    assert Step.objects.get(checklist=submission.checklist_id).is_open
    assert not MAILS.exists()


@pytest.mark.django_db
def test_r13_a_release_that_dies_before_its_mail_leaves_nothing(
    delivery, trainer, monkeypatch
):
    submission = submit(ready_to_release(delivery))

    def die(*args, **kwargs):
        raise SystemExit

    monkeypatch.setattr(releasing, "mail_result", die)
    with pytest.raises(SystemExit):
        release_result(submission, marking(submission), by=trainer, now=NOW)
    monkeypatch.undo()

    submission.refresh_from_db()
    assert submission.released_at is None
    assert not Mark.objects.exists()
    release_result(submission, marking(submission), by=trainer, now=NOW)
    assert MAILS.count() == 1


@pytest.mark.django_db
def test_r13_the_same_result_has_one_mail_however_often_it_is_asked_for(
    delivery, trainer
):
    submission = release(submit(delivery), by=trainer)

    mail_result(submission, by=trainer, now=NOW)

    assert MAILS.count() == 1


@pytest.mark.django_db(transaction=True)
def test_r13_two_reviewers_at_once_release_one_result(
    delivery, trainer, manager, tmp_path, monkeypatch
):
    submission = submit(ready_to_release(delivery))
    move_to_disk(tmp_path, monkeypatch)
    people, scores = [trainer, manager, trainer, manager], [90, 40, 85, 10]

    def click(number):
        try:
            given = marking(submission, scores[number])
            release_result(submission, given, by=people[number], now=NOW)
        except RuleRefused as refusal:
            return refusal.reasons[0].code
        return "won"

    answers = at_once(click, count=len(people))

    assert sorted(answers) == ["released", "released", "released", "won"]
    winner = answers.index("won")
    found = elsewhere(lambda: Submission.objects.get(pk=submission.pk))
    assert found.score == scores[winner]
    assert elsewhere(lambda: [one.approved_by for one in MAILS.all()]) == [
        people[winner]
    ]
    points = elsewhere(lambda: sum(mark.points for mark in Mark.objects.all()))
    assert points == scores[winner]
