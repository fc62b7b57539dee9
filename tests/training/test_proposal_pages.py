"""The pages of proposed dates and of the booking of a trainer."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from scheduling.models import Allocation, ResourceRequest
from tests.factories.engagements import open_gate
from tests.factories.people import UserFactory
from tests.factories.proposals import FIRST, proposed, sure
from tests.factories.training import NOW, CourseFactory
from training.choices import ProposalState
from training.models import DateProposal, Delivery
from training.services.trainer_bookings import book_trainer

pytestmark = pytest.mark.django_db


def at(name, pk):
    return reverse(f"training:{name}", args=[pk])


def typed_option(order, first="", *, trainer="", pattern="weekly", rows=2):
    prefix = f"option-{order}"
    data = {
        f"{prefix}-trainer": trainer,
        f"{prefix}-pattern": pattern,
        f"{prefix}-same_hours": "on",
        f"{prefix}-sessions-TOTAL_FORMS": rows,
        f"{prefix}-sessions-INITIAL_FORMS": 0,
    }
    for number in range(rows):
        data[f"{prefix}-sessions-{number}-day"] = first if number == 0 else ""
        data[f"{prefix}-sessions-{number}-start"] = "10:00"
        data[f"{prefix}-sessions-{number}-stop"] = "14:00"
    return data


def typed(course, *firsts, trainer="", **fields):
    data = {"course": course.pk, "title": "Git", "zone": "Australia/Sydney"}
    data["count"] = 2
    for order in range(3):
        first = firsts[order] if order < len(firsts) else ""
        data |= typed_option(order, first, trainer=trainer if first else "", **fields)
    return data


def test_the_days_follow_the_first_one_by_the_pattern(
    as_coordinator, engagement, trainer
):
    sure(engagement)
    course = CourseFactory()
    data = typed(course, "2027-04-06", "2027-04-13", trainer=trainer.pk)
    answer = as_coordinator.post(at("proposal-add", engagement.pk), data)

    proposal = DateProposal.objects.get()
    assert answer.url == proposal.get_absolute_url()
    first = proposal.options.get(order=0)
    zone = ZoneInfo("Australia/Sydney")
    starts = [one.starts_at.astimezone(zone) for one in first.sessions.all()]
    assert [one.date() for one in starts] == [date(2027, 4, 6), date(2027, 4, 13)]
    assert {one.hour for one in starts} == {10}
    assert Allocation.objects.count() == 2


def test_r12_looking_says_that_no_single_code_covers_the_sessions(
    as_coordinator, engagement
):
    data = typed(CourseFactory(), "2027-04-06", "2027-04-13", pattern="weekly")
    answer = as_coordinator.post(
        at("proposal-add", engagement.pk), data | {"look": "look"}
    )

    assert "extension" in answer.content.decode()


def test_looking_shows_the_days_and_writes_nothing(as_coordinator, engagement):
    data = typed(CourseFactory(), "2027-04-06", "2027-04-13", pattern="daily")
    answer = as_coordinator.post(
        at("proposal-add", engagement.pk), data | {"look": "1"}
    )

    assert answer.status_code == 200
    assert 'value="2027-04-07"' in answer.content.decode()
    assert not DateProposal.objects.exists()


def test_bad_input_is_told_and_kept(as_coordinator, engagement):
    data = typed(CourseFactory(), "2027-04-06", "nonsense")
    answer = as_coordinator.post(at("proposal-add", engagement.pk), data)

    assert answer.status_code == 422
    assert 'value="2027-04-06"' in answer.content.decode()
    assert not DateProposal.objects.exists()


def test_a_course_that_is_not_offered_any_more_is_told_and_chosen_anew(
    as_coordinator, engagement
):
    data = typed(CourseFactory(is_active=False), "2027-04-06")
    answer = as_coordinator.post(at("proposal-add", engagement.pk), data)

    assert answer.status_code == 422
    assert "No dates are proposed" in answer.content.decode()


def test_r2_the_refusal_of_the_stage_leads_to_the_intake(
    as_coordinator, engagement, trainer
):
    data = typed(CourseFactory(), "2027-04-06", "2027-04-13", trainer=trainer.pk)
    answer = as_coordinator.post(at("proposal-add", engagement.pk), data)

    assert answer.status_code == 422
    assert f"/engagements/{engagement.pk}/edit/" in answer.content.decode()


def test_the_page_shows_each_set_with_its_trainer(
    as_coordinator, engagement, trainer, coordinator
):
    proposal = proposed(engagement, trainer, None, by=coordinator)
    text = as_coordinator.get(proposal.get_absolute_url()).content.decode()

    assert "Option A" in text
    assert "Tue 6 Apr 2027, 09:00–13:00" in text
    assert "held softly" in text
    assert "welcome mail" in text


def test_confirming_leads_to_the_class(
    as_coordinator, engagement, trainer, coordinator
):
    proposal = proposed(engagement, trainer, None, by=coordinator)
    data = {
        "option": proposal.options.first().pk,
        "said_by": "Cora",
        "said_on": "2027-02-01",
        "reason": "Taught it before",
        "evidence_link": "https://mail.example/1",
    }
    url = at("proposal-confirm", proposal.pk)
    refused = as_coordinator.post(url, data)
    open_gate(engagement)
    done = as_coordinator.post(url, data)

    assert refused.status_code == 409
    assert done.url == Delivery.objects.get().get_absolute_url()


def test_dates_are_taken_back_with_a_reason(as_coordinator, engagement, coordinator):
    proposal = proposed(engagement, None, None, by=coordinator)
    url = at("proposal-withdraw", proposal.pk)

    assert as_coordinator.post(url, {"reason": ""}).status_code == 422
    assert as_coordinator.post(url, {"reason": "May is better"}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WITHDRAWN
    again = at("proposal-add", engagement.pk) + f"?again={proposal.pk}"
    assert f'value="{FIRST}"' in as_coordinator.get(again).content.decode()


def test_a_coordinator_books_the_days_of_the_trainer(as_coordinator, delivery):
    open_gate(delivery.engagement)
    url = at("delivery-booking", delivery.pk)

    assert as_coordinator.get(url).status_code == 200
    assert as_coordinator.post(url, {"hold": "hard"}).status_code == 302
    assert delivery.trainer_bookings.get().allocation.hold == "hard"


def test_r2_days_are_not_booked_hard_before_the_gate_is_open(as_coordinator, delivery):
    answer = as_coordinator.post(at("delivery-booking", delivery.pk), {"hold": "hard"})

    assert answer.status_code == 409
    assert not Allocation.objects.exists()


def test_who_may_not_book_drafts_a_request(client, delivery, at_now):
    person = UserFactory(roles=["pm"])
    delivery.engagement.team.create(role="pm", person=person)
    client.force_login(person)
    answer = client.post(at("delivery-booking", delivery.pk))

    asked = ResourceRequest.objects.get()
    assert answer.url == asked.get_absolute_url()
    assert (asked.person, asked.state) == (delivery.trainer, "draft")


def test_the_class_says_what_the_booking_lacks(as_coordinator, delivery, coordinator):
    open_gate(delivery.engagement)
    (row,) = book_trainer(delivery, "hard", by=coordinator, now=NOW)
    row.allocation.days.order_by("day").last().delete()
    text = as_coordinator.get(delivery.get_absolute_url()).content.decode()

    assert "The booking does not cover" in text
