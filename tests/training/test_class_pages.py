from datetime import date, timedelta

import pytest
from django.urls import reverse

from engagements.choices import Status
from engagements.models import Engagement
from psdelivery.history.models import Event
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from tests.confirming import confirmed
from tests.factories.engagements import open_gate
from tests.factories.people import UserFactory
from tests.factories.training import (
    NOW,
    make_engagement,
    plan_class,
    submit,
    team_of,
)
from training.choices import DeliveryState, Place
from training.models import Delivery
from training.services.deliveries import cancel_delivery

pytestmark = pytest.mark.django_db

ACTIONS = ["edit", "move", "link", "trainer", "cancel"]
SECRET = "https://zoom.example/register/s3cret"


def page(name, pk):
    return reverse(f"training:{name}", args=[pk])


def action(name, delivery):
    return page(f"delivery-{name}", delivery.pk)


def first_start(delivery):
    return delivery.sessions.first().starts_at


def test_the_page_shows_class_sessions_countdown_and_steps(as_trainer, delivery):
    response = as_trainer.get(delivery.get_absolute_url())

    text = response.content.decode()
    marks = [(mark.title, mark.note) for mark in response.context["marks"]]
    assert marks == [
        ("Dates", "Tue 9 Mar"),
        ("Meeting", "Sun 21 Mar"),
        ("Registration link", "Tue 23 Mar"),
        ("Labs and code", "Fri 2 Apr"),
        ("Day 1", "Tue 6 Apr"),
        ("Last session", "Wed 7 Apr"),
        ("Next steps", "Fri 9 Apr"),
        ("Certifications", "Wed 28 Apr"),
    ]
    assert response.context["marks"][0].state == "current"
    # The trainer reads in Berlin; the class is in Sydney.
    assert "Tue 6 Apr 2027, 01:00 CEST" in text
    assert "09:00 Sydney" in text
    assert "Tue 23 Mar 2027, end of day Sydney" in text
    assert "14:00 your time (Berlin)" in text


def test_the_countdown_goes_on_as_steps_are_done(as_coordinator, delivery):
    for key in ("times-confirmed", "meeting-set-up"):
        Step.objects.filter(key=key).update(
            state="done", done_at=NOW, next_reminder_at=None
        )

    marks = as_coordinator.get(delivery.get_absolute_url()).context["marks"]

    assert [mark.state for mark in marks[:4]] == ["done", "done", "current", "coming"]


def test_a_late_mark_says_so(as_coordinator, delivery):
    Step.objects.filter(key="times-confirmed").update(due_at=NOW)

    marks = as_coordinator.get(delivery.get_absolute_url()).context["marks"]

    assert marks[0].note == "Tue 9 Mar, late"


def test_r11_a_class_entered_inside_14_days_says_late_by_design(
    as_coordinator, engagement
):
    delivery = plan_class(engagement, first=date(2027, 2, 10))

    text = as_coordinator.get(delivery.get_absolute_url()).content.decode()

    assert "late by design: send it today" in text


def test_r2_the_page_says_that_no_date_may_be_promised_yet(
    as_coordinator, delivery, coordinator
):
    closed = as_coordinator.get(delivery.get_absolute_url())
    open_gate(delivery.engagement, by=coordinator)
    opened = as_coordinator.get(delivery.get_absolute_url())

    assert "promise no date" in closed.content.decode()
    assert "promise no date" not in opened.content.decode()


def test_a_class_called_off_shows_no_countdown_and_no_actions(
    as_coordinator, delivery, coordinator
):
    cancel_delivery(delivery, by=coordinator, reason="too few", now=NOW)

    response = as_coordinator.get(delivery.get_absolute_url())

    assert response.context["marks"] == []
    assert action("move", delivery) not in response.content.decode()
    for name in ("edit", "move", "cancel"):
        assert as_coordinator.get(action(name, delivery)).status_code == 409
    assert as_coordinator.get(page("session-add", delivery.pk)).status_code == 409


ASKED = {"days": "9", "first_day": "", "cause": "customer", "reason": "asked"}


def test_moving_to_a_new_first_day(as_coordinator, delivery):
    typed = ASKED | {"days": "", "first_day": "2027-04-15"}

    confirmed(as_coordinator, action("move", delivery), typed)

    assert first_start(delivery).date() == date(2027, 4, 14)
    assert Event.objects.get(verb="delivery-moved").reason == "asked"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"days": "", "first_day": ""}, "days"),
        ({"days": "9", "first_day": "2027-04-15"}, "days"),
        ({"days": "0"}, "days"),
        ({"days": "x"}, "days"),
        ({"days": "99999"}, "days"),
        ({"first_day": "2027-04-06"}, "first_day"),
        ({"first_day": "2027-02-30"}, "first_day"),
        ({"first_day": "2050-01-01"}, "first_day"),
        ({"first_day": "0001-01-01"}, "first_day"),
        ({"days": "9", "cause": ""}, "cause"),
        ({"days": "9", "cause": "weather"}, "cause"),
        ({"days": "9", "reason": ""}, "reason"),
        ({"days": "9", "reason": "   "}, "reason"),
        ({"days": "9", "reason": "x" * 301}, "reason"),
        ({"days": "9", "reason": "bell\x07"}, "reason"),
    ],
)
def test_a_move_that_cannot_be_is_refused(as_coordinator, delivery, typed, field):
    before = first_start(delivery)

    response = as_coordinator.post(
        action("move", delivery), {"reason": "asked", "cause": "us", **typed}
    )

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert first_start(delivery) == before


def test_editing_a_class(as_coordinator, delivery):
    form = as_coordinator.get(action("edit", delivery)).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    typed |= {"title": "Git for Acme", "place": Place.ON_SITE, "address": "Main St 1"}
    typed |= {f"initial-{name}": form[name].value() or "" for name in form.fields}
    typed["with_labs"] = ""

    response = as_coordinator.post(action("edit", delivery), typed)

    delivery.refresh_from_db()
    assert response.status_code == 302
    assert (delivery.title, delivery.place) == ("Git for Acme", Place.ON_SITE)
    open_keys = set(delivery.checklist.steps.open().values_list("key", flat=True))
    assert "on-site-logistics" in open_keys
    assert open_keys.isdisjoint({"lab-code", "meeting-set-up"})


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"title": ""}, "title"),
        ({"seats": "-1"}, "seats"),
        ({"place": "remote", "address": "Main St 1"}, "address"),
        ({"language": "x" * 41}, "language"),
    ],
)
def test_an_edit_that_cannot_be_is_refused(as_coordinator, delivery, fields, name):
    typed = {"title": "New", "place": "remote", "language": "English", "seats": "3"}

    response = as_coordinator.post(action("edit", delivery), typed | fields)

    assert response.status_code == 422
    assert name in response.context["form"].errors
    assert Delivery.objects.get().title == delivery.title


def test_two_people_editing_a_class_are_told(as_coordinator, delivery):
    typed = {
        "title": "Mine",
        "initial-title": delivery.title,
        "place": "remote",
        "language": "English",
        "seats": "12",
    }
    Delivery.objects.update(title="Theirs")

    response = as_coordinator.post(action("edit", delivery), typed)

    assert response.status_code == 422
    assert "Theirs" in str(response.context["form"].errors["title"])
    assert Delivery.objects.get().title == "Theirs"


def test_the_registration_link_stands_on_the_page_and_not_in_the_history(
    as_coordinator, delivery
):
    typed = {"registration_url": SECRET}

    shown = as_coordinator.post(action("link", delivery), typed, follow=True)

    assert SECRET in shown.content.decode()
    assert not Event.objects.filter(changes__icontains="s3cret").exists()


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "ftp://x.example/a", "no link", "https://", "x" * 501],
)
def test_a_link_that_is_none_is_refused(as_coordinator, delivery, link):
    typed = {"registration_url": link}

    response = as_coordinator.post(action("link", delivery), typed)

    assert response.status_code == 422
    assert response.context["form"]["registration_url"].value() == link
    assert Delivery.objects.get().registration_url == ""


def test_changing_the_trainer(as_coordinator, delivery, place):
    other = UserFactory(roles=["pse"], **place)

    typed = {"trainer": other.pk, "reason": "ill"}
    as_coordinator.post(action("trainer", delivery), typed)

    delivery.refresh_from_db()
    assert delivery.trainer == other
    assert Step.objects.get(key="latest-slides").assignee == other


def test_a_trainer_who_has_left_stays_on_offer_until_changed(
    as_coordinator, delivery, trainer
):
    User.objects.filter(pk=trainer.pk).update(is_active=False)

    form = as_coordinator.get(action("trainer", delivery)).context["form"]

    assert trainer in form.fields["trainer"].queryset


@pytest.mark.parametrize("who", ["0", "x", "999999"])
def test_somebody_who_may_not_teach_is_refused(
    as_coordinator, delivery, coordinator, who, trainer
):
    for typed in (who, coordinator.pk):
        response = as_coordinator.post(action("trainer", delivery), {"trainer": typed})
        assert response.status_code == 422

    delivery.refresh_from_db()
    assert delivery.trainer == trainer


def test_calling_off_needs_a_reason(as_coordinator, delivery):
    refused = as_coordinator.post(action("cancel", delivery), {"reason": " "})
    assert refused.status_code == 422
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.PLANNED

    as_coordinator.post(action("cancel", delivery), {"reason": "too few"})
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.CANCELLED


def test_strangers_do_not_find_a_class(client, delivery, stranger, at_now):
    client.force_login(stranger)
    session = delivery.sessions.first()
    addresses = [action(name, delivery) for name in [*ACTIONS, "detail"]]
    addresses += [page("session-add", delivery.pk), page("session-edit", session.pk)]
    addresses += [page("session-remove", session.pk)]
    addresses += [page("submission-add", delivery.pk)]

    assert {client.get(address).status_code for address in addresses} == {404}


@pytest.mark.parametrize("role", ["leadership", "pm"])
def test_who_may_only_see_does_not_change_a_class(client, delivery, role, at_now):
    client.force_login(UserFactory(roles=[role]))
    typed = {"days": "9", "reason": "x", "registration_url": SECRET}
    before = first_start(delivery)

    for name in ACTIONS:
        assert client.get(action(name, delivery)).status_code == 403
        assert client.post(action(name, delivery), typed).status_code == 403

    assert first_start(delivery) == before
    assert Delivery.objects.get().registration_url == ""


def test_leadership_sees_a_class_without_its_buttons(client, delivery, at_now):
    client.force_login(UserFactory(roles=["leadership"]))

    response = client.get(delivery.get_absolute_url())

    assert response.status_code == 200
    assert action("move", delivery) not in response.content.decode()


@pytest.mark.parametrize("role", ["finance", "account", "administrator"])
def test_work_pages_are_closed_to_other_offices(client, delivery, role, at_now):
    client.force_login(UserFactory(roles=[role]))

    assert client.get(delivery.get_absolute_url()).status_code == 403
    assert client.get(reverse("training:delivery-list")).status_code == 403


def test_an_unknown_class_is_not_found(as_coordinator):
    assert as_coordinator.get(page("delivery-detail", 999_999)).status_code == 404
    assert as_coordinator.get(page("session-edit", 999_999)).status_code == 404


def test_the_page_takes_the_same_queries_for_three_and_thirty_submissions(
    as_coordinator, delivery, queries_of
):
    def fill(*hours):
        for number in hours:
            submit(delivery, at=NOW - timedelta(hours=number), now=NOW)

    fill(1, 2, 3)
    few = queries_of(as_coordinator, delivery.get_absolute_url())
    fill(*range(4, 31))

    assert queries_of(as_coordinator, delivery.get_absolute_url()) == few


def test_the_page_takes_the_same_queries_for_one_and_eight_sessions(
    as_coordinator, engagement, queries_of
):
    short, long = plan_class(engagement, days=1), plan_class(engagement, days=8)

    few = queries_of(as_coordinator, short.get_absolute_url())

    assert queries_of(as_coordinator, long.get_absolute_url()) == few


def test_a_manager_of_the_team_may_change_a_class(
    client, manager, place, shipped, trainer, at_now
):
    engagement = make_engagement(team=team_of(trainer=trainer), **place)
    delivery = plan_class(engagement)
    client.force_login(manager)

    response = confirmed(
        client, action("move", delivery), ASKED | {"days": "1"}, follow=True
    )

    assert response.status_code == 200
    assert first_start(delivery).date() == date(2027, 4, 6)


def test_a_second_click_does_not_move_the_class_twice(as_coordinator, delivery):
    form = as_coordinator.get(action("move", delivery)).context["form"]
    typed = ASKED | {"seen": form["seen"].value()}
    confirmed(as_coordinator, action("move", delivery), typed)

    response = as_coordinator.post(action("move", delivery), typed)

    assert response.status_code == 422
    assert "Somebody else changed this meanwhile" in response.content.decode()
    assert first_start(delivery).date() == date(2027, 4, 14)
    # Having seen how it is, it may be meant.
    typed["seen"] = response.context["form"]["seen"].value()
    again = confirmed(as_coordinator, action("move", delivery), typed)
    assert again.status_code == 302


@pytest.mark.parametrize("name", ["trainer", "link"])
def test_two_people_changing_the_same_are_told(
    as_coordinator, delivery, stranger, trainer, name
):
    form = as_coordinator.get(action(name, delivery)).context["form"]
    typed = {"trainer": "", "registration_url": "", "seen": form["seen"].value()}
    Delivery.objects.update(trainer=stranger, registration_url=SECRET)

    response = as_coordinator.post(action(name, delivery), typed)

    assert response.status_code == 422
    delivery.refresh_from_db()
    assert (delivery.trainer, delivery.registration_url) == (stranger, SECRET)
    typed["seen"] = response.context["form"]["seen"].value()
    assert as_coordinator.post(action(name, delivery), typed).status_code == 302


def test_on_hold_nothing_of_a_class_is_late(as_coordinator, delivery):
    Step.objects.filter(key__in=["times-confirmed", "registration-link"]).update(
        due_at=NOW - timedelta(days=1)
    )
    late = as_coordinator.get(delivery.get_absolute_url())
    Engagement.objects.update(status=Status.ON_HOLD)
    held = as_coordinator.get(delivery.get_absolute_url())

    assert late.context["link"].words == "late"
    assert "late" in late.context["marks"][0].note
    assert held.context["link"].words != "late"
    assert "late" not in held.context["marks"][0].note
    assert "The engagement is on hold" in held.content.decode()
