"""Pages of trainers: the own, a certification, and choosing who teaches (R-14)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from psdelivery.history.models import Event
from psdelivery.people.choices import Role
from psdelivery.playbooks.models import Step
from tests.factories.people import UserFactory
from tests.factories.training import (
    FIRST_DAY,
    NOW,
    SYDNEY,
    CertificationFactory,
    CourseFactory,
    certified,
    plan_class,
)
from training.choices import Place, Platform, StepKey, TrainerState
from training.models import Delivery, TrainerCertification, TrainerProfile
from training.services.certifications import add_certification

pytestmark = pytest.mark.django_db

ADD = "/training/certifications/add/"
MINE = "/training/trainers/me/"
YEAR = timedelta(days=365)


@pytest.fixture
def as_manager(client, manager, at_now):
    client.force_login(manager)
    return client


@pytest.fixture
def course(db):
    return CourseFactory(
        title="Git Basics", slides_version="2027.2", slides_url="https://m.example/s"
    )


@pytest.fixture
def way(shipped, trainer, course, manager):
    trainer.manager = manager
    trainer.save()
    return add_certification(trainer, course, by=manager, now=NOW)


def page(name, entry):
    return reverse(f"training:certification-{name}", args=[entry.pk])


def stored(entry):
    return TrainerCertification.objects.get(pk=entry.pk)


def test_a_manager_puts_somebody_on_the_way(as_manager, shipped, trainer, course):
    answer = as_manager.post(ADD, {"person": trainer.pk, "course": course.pk})

    entry = TrainerCertification.objects.get()
    assert answer.url == entry.get_absolute_url()
    assert (entry.person, entry.state) == (trainer, TrainerState.LEARNING)


def test_a_manager_enters_what_somebody_has_already(
    as_manager, shipped, trainer, course, manager
):
    typed = {
        "person": trainer.pk,
        "course": course.pk,
        "certified_on": "2026-05-04",
        "expires_on": "2028-05-04",
        "note": "Moved from the sheet",
    }

    as_manager.post(ADD, typed)

    entry = TrainerCertification.objects.get()
    assert (entry.certified_on, entry.expires_on) == (
        date(2026, 5, 4),
        date(2028, 5, 4),
    )
    assert (entry.state, entry.confirmed_by) == (TrainerState.CERTIFIED, manager)
    assert entry.note == "Moved from the sheet"


def test_people_of_the_team_are_on_offer_and_oneself_is_not(
    as_manager, trainer, stranger, manager, course
):
    form = as_manager.get(f"{ADD}?person={trainer.pk}").context["form"]

    offered = set(form.fields["person"].queryset)
    assert trainer in offered
    assert offered.isdisjoint({stranger, manager})
    assert form["person"].value() == str(trainer.pk)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"person": ""}, "person"),
        ({"person": "x"}, "person"),
        ({"course": "999999"}, "course"),
        ({"certified_on": "soon"}, "certified_on"),
        ({"certified_on": "2027-02-03"}, "certified_on"),
        ({"expires_on": "2027-02-03"}, "certified_on"),
        ({"certified_on": "2027-01-31", "expires_on": "2027-01-30"}, "expires_on"),
        ({"note": "x" * 301}, "note"),
        ({"note": "bell\x07"}, "note"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    as_manager, shipped, trainer, course, typed, field
):
    given = {"person": trainer.pk, "course": course.pk} | typed

    answer = as_manager.post(ADD, given)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not TrainerCertification.objects.exists()


def test_a_second_entry_is_refused_on_the_form(as_manager, way, trainer, course):
    answer = as_manager.post(ADD, {"person": trainer.pk, "course": course.pk})

    assert answer.status_code == 422
    assert "There is an entry" in answer.text
    assert TrainerCertification.objects.count() == 1


def test_the_page_shows_the_steps_and_who_may_decide(as_manager, way):
    html = as_manager.get(way.get_absolute_url()).text

    assert "Shadow a class of the course" in html
    assert page("edit", way) in html
    assert page("withdraw", way) in html
    assert page("again", way) not in html


def test_the_trainer_sees_the_own_entry_and_decides_nothing(as_trainer, way):
    html = as_trainer.get(way.get_absolute_url()).text

    assert "on the way" in html
    assert page("edit", way) not in html
    assert as_trainer.post(page("edit", way), {}).status_code == 403


def test_the_entry_of_another_is_closed_to_a_trainer(as_trainer):
    entry = CertificationFactory()

    assert as_trainer.get(entry.get_absolute_url()).status_code == 404


def test_r14_the_manager_notes_the_certification(as_manager, way):
    typed = {"certified_on": "2027-02-01", "expires_on": "2029-02-01", "note": "4.8"}

    answer = as_manager.post(page("edit", way), typed, follow=True)

    assert "certified until Thu 1 Feb 2029" in answer.text
    assert stored(way).state == TrainerState.CERTIFIED
    badge = Step.objects.get(checklist=way.checklist_id, key=StepKey.TRAINER_BADGE)
    assert badge.state == "done"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"certified_on": ""}, "certified_on"),
        ({"certified_on": "2027-02-02"}, "certified_on"),
        ({"certified_on": "2027-02-01", "expires_on": "2027-01-01"}, "expires_on"),
        ({"certified_on": "9999-99-99"}, "certified_on"),
    ],
)
def test_days_that_cannot_be_certify_nobody(as_manager, way, typed, field):
    answer = as_manager.post(page("edit", way), typed)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert stored(way).state == TrainerState.LEARNING


def test_withdrawing_and_starting_again(as_manager, way):
    assert as_manager.post(page("withdraw", way), {"reason": ""}).status_code == 422
    assert stored(way).state == TrainerState.LEARNING

    as_manager.post(page("withdraw", way), {"reason": "Long leave"})
    assert stored(way).state == TrainerState.WITHDRAWN
    assert as_manager.get(page("withdraw", way)).status_code == 409

    html = as_manager.get(way.get_absolute_url()).text
    assert page("again", way) in html
    as_manager.post(page("again", way))
    assert stored(way).state == TrainerState.LEARNING
    assert as_manager.post(page("again", way)).status_code == 409


def test_the_own_page_shows_certifications_and_classes(
    as_trainer, way, engagement, trainer, course
):
    delivery = plan_class(engagement, course=course, trainer=trainer)

    html = as_trainer.get(MINE).text

    assert way.get_absolute_url() in html
    assert delivery.get_absolute_url() in html
    assert "not noted" in html
    assert ADD not in html


def test_the_own_account_is_confirmed_on_the_page(as_trainer, shipped, trainer):
    address = reverse("training:demo-account", args=[trainer.pk])

    as_trainer.post(address, {"has_account": "yes"})
    assert TrainerProfile.objects.get(person=trainer).has_demo_account
    html = as_trainer.get(MINE).text
    assert "checked on" in html
    assert as_trainer.post(address, {"has_account": "maybe"}).status_code == 422
    assert TrainerProfile.objects.get(person=trainer).has_demo_account
    as_trainer.post(address, {"has_account": "no"})

    assert not TrainerProfile.objects.get(person=trainer).has_demo_account


def test_nobody_confirms_the_account_of_another(as_manager, trainer):
    address = reverse("training:demo-account", args=[trainer.pk])

    assert as_manager.post(address, {"has_account": "yes"}).status_code == 403
    assert not TrainerProfile.objects.exists()


def test_the_page_of_another_is_linked_from_the_person(as_coordinator, trainer):
    address = reverse("training:trainer-profile", args=[trainer.pk])
    clerk = UserFactory(roles=[Role.FINANCE])

    assert address in as_coordinator.get(trainer.get_absolute_url()).text
    assert as_coordinator.get(address).status_code == 200
    assert "Courses they teach" not in as_coordinator.get(clerk.get_absolute_url()).text


def test_the_page_of_a_trainer_takes_the_same_queries(
    as_coordinator, engagement, trainer, queries_of
):
    address = reverse("training:trainer-profile", args=[trainer.pk])

    def add(count, start):
        for number in range(start, start + count):
            entry = CertificationFactory(person=trainer)
            first = FIRST_DAY + timedelta(days=7 * number)
            if number < 8:
                plan_class(
                    engagement, course=entry.course, trainer=trainer, first=first
                )

    add(3, 0)
    few = queries_of(as_coordinator, address)
    add(27, 3)

    assert queries_of(as_coordinator, address) == few


def choosing(client, address):
    return [
        words
        for _pk, words in client.get(address).context["form"].fields["trainer"].choices
    ]


def test_r14_the_certified_stand_first_in_the_choice_with_words(
    as_coordinator, engagement, course, place
):
    names = ["Zed", "Abe", "Eve", "Lea"]
    people = {
        name: UserFactory(first_name=name, last_name="T", roles=["trainer"], **place)
        for name in names
    }
    certified(people["Zed"], course)
    certified(people["Eve"], course, until=FIRST_DAY - timedelta(days=1))
    CertificationFactory(person=people["Lea"], course=course)
    delivery = plan_class(engagement, course=course)

    address = reverse("training:delivery-trainer", args=[delivery.pk])
    assert choosing(as_coordinator, address) == [
        "Nobody yet",
        "Zed T · certified",
        "Lea T · on the way",
        "Eve T · certification ended on Mon 5 Apr 2027",
        "Abe T · not certified",
    ]


def test_r14_changing_to_an_uncertified_trainer_asks_why_and_keeps_what_was_typed(
    as_coordinator, engagement, course, trainer
):
    delivery = plan_class(engagement, course=course)
    address = reverse("training:delivery-trainer", args=[delivery.pk])

    answer = as_coordinator.post(address, {"trainer": trainer.pk})

    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == ["reason"]
    assert form["trainer"].value() == str(trainer.pk)
    delivery.refresh_from_db()
    assert delivery.trainer is None
    as_coordinator.post(address, {"trainer": trainer.pk, "reason": "Only one free"})
    delivery.refresh_from_db()
    assert delivery.trainer == trainer
    assert Event.objects.get(verb="trainer-changed").reason == "Only one free"


def test_r14_a_certified_trainer_needs_no_reason(
    as_coordinator, engagement, course, trainer
):
    certified(trainer, course)
    delivery = plan_class(engagement, course=course)
    address = reverse("training:delivery-trainer", args=[delivery.pk])

    as_coordinator.post(address, {"trainer": trainer.pk})

    delivery.refresh_from_db()
    assert delivery.trainer == trainer


def typed_class(course, trainer, **fields):
    return {
        "course": course.pk,
        "title": "Git for Acme",
        "trainer": trainer.pk,
        "place": Place.REMOTE,
        "platform": Platform.WEBINAR,
        "language": "English",
        "seats": 10,
        "zone": SYDNEY,
        "sessions-TOTAL_FORMS": 1,
        "sessions-INITIAL_FORMS": 0,
        "sessions-0-day": "2027-04-06",
        "sessions-0-start": "09:00",
        "sessions-0-stop": "13:00",
    } | fields


def test_r14_entering_a_class_asks_why_at_its_field(
    as_coordinator, engagement, course, trainer
):
    certified(trainer, course, until=date(2027, 4, 5))
    address = reverse("training:delivery-add", args=[engagement.pk])

    answer = as_coordinator.post(address, typed_class(course, trainer))

    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == ["reason"]
    # What the choice says counts for the day that was typed.
    words = dict(form.fields["trainer"].choices)[trainer.pk]
    assert "certification ended on Mon 5 Apr 2027" in words
    assert not Delivery.objects.exists()
    as_coordinator.post(address, typed_class(course, trainer, reason="Renews soon"))
    assert Delivery.objects.get().trainer == trainer


def test_the_class_page_says_how_the_trainer_stands_and_leads_to_the_slides(
    as_coordinator, engagement, course, trainer
):
    delivery = plan_class(engagement, course=course, trainer=trainer)

    html = as_coordinator.get(delivery.get_absolute_url()).text

    assert "not certified" in html
    assert "Version 2027.2" in html
    assert course.get_absolute_url() in html


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (StepKey.LATEST_SLIDES, "Slides, version 2027.2"),
        (StepKey.T3_VIDEO, "names no video yet"),
        (StepKey.INTRODUCTION, "Git Basics in the catalogue"),
    ],
)
def test_steps_of_the_trainer_lead_to_the_course_as_it_is_now(
    as_trainer, engagement, course, trainer, key, words
):
    delivery = plan_class(engagement, course=course, trainer=trainer)
    step = Step.objects.get(checklist=delivery.checklist, key=key)

    html = as_trainer.get(step.get_absolute_url()).text

    assert words in html
    assert course.get_absolute_url() in html


def test_the_way_leads_to_the_materials(as_trainer, way):
    step = Step.objects.get(checklist=way.checklist, key=StepKey.TRAINER_MATERIALS)

    html = as_trainer.get(step.get_absolute_url()).text

    assert "https://m.example/s" in html
    assert way.get_absolute_url() in html


def test_a_step_about_something_else_has_nothing_ready(as_trainer, engagement, trainer):
    delivery = plan_class(engagement, trainer=trainer)
    step = Step.objects.get(checklist=delivery.checklist, key=StepKey.LABS_READY)

    assert "Lies ready" not in as_trainer.get(step.get_absolute_url()).text


def test_a_move_past_the_end_of_a_certification_is_said_before(
    as_coordinator, engagement, course, trainer
):
    certified(trainer, course, until=FIRST_DAY + timedelta(days=3))
    delivery = plan_class(engagement, course=course, trainer=trainer)
    address = reverse("training:delivery-move", args=[delivery.pk])
    typed = {"days": "9", "cause": "customer", "reason": "Holiday"}

    html = as_coordinator.post(address, typed).text

    assert "is not certified for Git Basics on Fri 16 Apr 2027" in html
    shorter = as_coordinator.post(address, typed | {"days": "1"}).text
    assert "is not certified" not in shorter
