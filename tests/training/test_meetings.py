"""The meeting of a class: set up on one page, whole before its steps are ticked."""

from datetime import timedelta

import pytest
from django.urls import reverse

from psdelivery.history.models import Event
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.moves import undo_move
from psdelivery.registry import RuleRefused
from scheduling.models import HostAccount
from tests.factories.people import UserFactory
from tests.factories.training import FIRST_DAY, NOW, plan_class
from training.choices import Place, Platform, StepKey
from training.queries import steps_of_classes
from training.rules.meetings import (
    default_limit,
    limit_words,
    missing_for_meeting,
    reasons_against_host,
)
from training.services.deliveries import move_delivery
from training.services.meetings import (
    MeetingSetup,
    SessionMeeting,
    set_up_meeting,
)
from training.services.sessions import remove_session

pytestmark = pytest.mark.django_db

SECRET = "https://zoom.example/j/s3cret"
REGISTER = "https://zoom.example/register/s3cret"


@pytest.fixture
def host(db):
    return HostAccount.objects.create(
        name="Zoom 1", has_webinars=True, registrant_limit=100
    )


def setup_for(delivery, host=None, **fields):
    """A whole set-up: account, limit, one registration link, a join link each."""
    sessions = {
        one.pk: SessionMeeting(Platform.WEBINAR, f"{SECRET}/{one.pk}")
        for one in delivery.sessions.all()
    }
    given = {
        "host": host,
        "alternative_host": None,
        "registrant_limit": 12,
        "registration_url": REGISTER,
        "sessions": sessions,
    }
    return MeetingSetup(**{**given, **fields})


def open_keys(delivery):
    keys = (StepKey.MEETING_SET_UP, StepKey.MEETING_EXISTS)
    return sorted(
        steps_of_classes([delivery])
        .open()
        .filter(key__in=keys)
        .values_list("key", flat=True)
    )


def typed(delivery, account, **changes):
    """What the form of the page posts for a whole set-up."""
    fields = {
        "host": account.pk if account else "",
        "alternative_host": "",
        "registrant_limit": "12",
        "registration": "class",
        "registration_url": REGISTER,
    }
    for session in delivery.sessions.all():
        fields |= {
            f"session-{session.pk}-platform": "webinar",
            f"session-{session.pk}-join_url": f"{SECRET}/{session.pk}",
            f"session-{session.pk}-registration_url": "",
        }
    return fields | changes


def page(delivery):
    return reverse("training:delivery-meeting", args=[delivery.pk])


@pytest.mark.unit
def test_the_limit_is_the_seats_or_what_the_account_takes():
    small, any_size = HostAccount(registrant_limit=10), HostAccount()

    assert default_limit(12, None) == default_limit(12, any_size) == 12
    assert default_limit(12, small) == 10
    assert limit_words(10, 12) == (
        "Only 10 can register, while the class has 12 seats."
    )
    assert limit_words(12, 12) == limit_words(None, 12) == ""


@pytest.mark.unit
def test_an_account_without_webinars_or_too_small_is_refused():
    meetings_only = HostAccount(name="Zoom 2", registrant_limit=10)

    found = reasons_against_host(meetings_only, 12, [Platform.WEBINAR])

    assert [one.code for one in found] == ["no-webinars", "registrants"]
    assert reasons_against_host(meetings_only, 10, [Platform.MEETING]) == []


def test_a_whole_set_up_ticks_the_class_and_each_session(delivery, host, coordinator):
    set_up_meeting(delivery, setup_for(delivery, host), by=coordinator, now=NOW)

    assert open_keys(delivery) == []
    delivery.refresh_from_db()
    assert (delivery.host, delivery.registration_url) == (host, REGISTER)
    done = Step.objects.get(checklist=delivery.checklist_id, key="meeting-set-up")
    assert (done.state, done.done_by) == (StepState.DONE, coordinator)


def test_what_is_missing_is_named_and_keeps_the_steps_open(delivery, host, coordinator):
    first, last = delivery.sessions.all()
    half = {
        first.pk: SessionMeeting(Platform.WEBINAR, SECRET),
        last.pk: SessionMeeting(Platform.WEBINAR),
    }

    saved = set_up_meeting(
        delivery, setup_for(delivery, host, sessions=half), by=coordinator, now=NOW
    )

    assert open_keys(delivery) == ["meeting-exists", "meeting-set-up"]
    missing = missing_for_meeting(saved, list(saved.sessions.all()))
    assert [one.sentence for one in missing] == [
        "Wed 7 Apr 2027: the join link of the trainer is missing."
    ]


def test_each_session_may_have_a_registration_of_its_own(delivery, host, coordinator):
    first, last = delivery.sessions.all()
    own = {
        first.pk: SessionMeeting(Platform.WEBINAR, SECRET, f"{REGISTER}/1"),
        last.pk: SessionMeeting(Platform.WEBINAR, SECRET),
    }
    setup = setup_for(delivery, host, registration_url="", sessions=own)

    saved = set_up_meeting(delivery, setup, by=coordinator, now=NOW)
    missing = missing_for_meeting(saved, list(saved.sessions.all()))
    own[last.pk] = SessionMeeting(Platform.WEBINAR, SECRET, f"{REGISTER}/2")
    set_up_meeting(delivery, setup, by=coordinator, now=NOW)

    assert [one.sentence for one in missing] == [
        "Wed 7 Apr 2027: the registration link of the session is missing."
    ]
    assert open_keys(delivery) == []


def test_the_links_are_kept_out_of_the_history(delivery, host, coordinator):
    set_up_meeting(delivery, setup_for(delivery, host), by=coordinator, now=NOW)

    told = Event.objects.filter(engagement=delivery.engagement)
    assert not told.filter(changes__icontains="s3cret").exists()
    changed = told.get(verb="meeting-changed")
    assert changed.changes["links"] == [None, "changed"]


def test_r22_an_account_that_is_taken_is_refused_with_who_and_when(
    delivery, engagement, host, coordinator
):
    set_up_meeting(delivery, setup_for(delivery, host), by=coordinator, now=NOW)
    other = plan_class(engagement, by=coordinator)

    with pytest.raises(RuleRefused) as refusal:
        set_up_meeting(other, setup_for(other, host), by=coordinator, now=NOW)

    (first, *_more) = refusal.value.reasons
    assert f"Zoom 1 is taken: “{delivery.title}”" in first.sentence
    other.refresh_from_db()
    assert (other.host, other.registration_url) == (None, "")
    assert open_keys(other) != []


def test_r22_an_alternative_host_is_taken_at_these_times_too(
    delivery, engagement, host, stranger, coordinator
):
    setup = setup_for(delivery, host, alternative_host=stranger)
    set_up_meeting(delivery, setup, by=coordinator, now=NOW)

    with pytest.raises(RuleRefused) as refusal:
        plan_class(engagement, trainer=stranger, by=coordinator)

    assert "is taken" in refusal.value.reasons[0].sentence


def test_r20_after_a_move_saving_again_ticks_what_came_back(
    delivery, host, coordinator
):
    setup = setup_for(delivery, host)
    set_up_meeting(delivery, setup, by=coordinator, now=NOW)
    move_delivery(
        delivery, 7, by=coordinator, cause="customer", reason="asked", now=NOW
    )
    assert open_keys(delivery) == ["meeting-exists", "meeting-exists", "meeting-set-up"]

    set_up_meeting(delivery, setup, by=coordinator, now=NOW)

    assert open_keys(delivery) == []


def test_r20_a_session_taken_out_and_back_again_has_its_links(
    delivery, host, coordinator
):
    set_up_meeting(delivery, setup_for(delivery, host), by=coordinator, now=NOW)
    last = delivery.sessions.last()
    remove_session(last, by=coordinator, reason="one is enough", now=NOW)

    move = delivery.checklist.moves.get()
    undo_move(move, by=coordinator, now=NOW + timedelta(minutes=5))

    assert delivery.sessions.last().join_url == f"{SECRET}/{last.pk}"


def test_an_on_site_class_has_no_meeting(as_coordinator, engagement):
    delivery = plan_class(engagement, place=Place.ON_SITE, address="1 George St")

    response = as_coordinator.get(page(delivery))

    assert response.status_code == 409
    assert "This class is held on site" in response.content.decode()
    tabs = as_coordinator.get(delivery.get_absolute_url()).context["class_tabs"]
    assert page(delivery) not in [tab.url for tab in tabs]


def test_the_page_proposes_a_limit_and_shows_which_accounts_are_free(
    as_coordinator, delivery, engagement, host, coordinator
):
    other = plan_class(engagement, by=coordinator)
    set_up_meeting(other, setup_for(other, host), by=coordinator, now=NOW)
    HostAccount.objects.create(name="Zoom 2", has_webinars=True, registrant_limit=8)
    HostAccount.objects.create(name="Old", is_active=False)

    response = as_coordinator.get(page(delivery))

    rows = [(row.host.name, row.is_free) for row in response.context["hosts"]]
    assert rows == [("Zoom 2", True), ("Zoom 1", False)]
    shown = response.content.decode()
    assert "Zoom 1 (taken)" in shown
    assert f"“{other.title}”" in shown
    assert response.context["form"]["registrant_limit"].value() == 12


def test_a_whole_page_is_saved_and_says_so(as_coordinator, delivery, host):
    response = as_coordinator.post(page(delivery), typed(delivery, host), follow=True)

    assert "The meeting is set up, and its steps are ticked." in (
        response.content.decode()
    )
    assert open_keys(delivery) == []


def test_fewer_registrants_than_seats_is_warned_of_and_saved(
    as_coordinator, delivery, host
):
    few = typed(delivery, host, registrant_limit="8")

    response = as_coordinator.post(page(delivery), few, follow=True)

    delivery.refresh_from_db()
    assert delivery.registrant_limit == 8
    assert "Only 8 can register, while the class has 12 seats." in (
        response.content.decode()
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("registrant_limit", "0"),
        ("registrant_limit", "101"),
        ("registration_url", "javascript:alert(1)"),
        ("registration", "never"),
        ("host", "999"),
        ("alternative_host", "999"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    as_coordinator, delivery, host, field, value
):
    bad = typed(delivery, host, **{field: value})

    response = as_coordinator.post(page(delivery), bad)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    delivery.refresh_from_db()
    assert (delivery.host, delivery.registration_url) == (None, "")


def test_a_link_at_the_wrong_place_is_refused_there(as_coordinator, delivery, host):
    session = delivery.sessions.first()
    name = f"session-{session.pk}-registration_url"

    both = as_coordinator.post(
        page(delivery), typed(delivery, host, **{name: REGISTER})
    )
    each = as_coordinator.post(
        page(delivery), typed(delivery, host, registration="session")
    )

    assert (both.status_code, each.status_code) == (422, 422)
    assert list(both.context["form"].rows[0].errors) == ["registration_url"]
    assert list(each.context["form"].errors) == ["registration_url"]


def test_r22_a_taken_account_is_refused_at_its_field_and_nothing_is_lost(
    as_coordinator, delivery, engagement, host, coordinator
):
    other = plan_class(engagement, by=coordinator)
    set_up_meeting(other, setup_for(other, host), by=coordinator, now=NOW)

    response = as_coordinator.post(page(delivery), typed(delivery, host))

    shown = response.content.decode()
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["host"]
    assert f"Zoom 1 is taken: “{other.title}”, Tue 6 Apr 2027, 09:00–13:00" in shown
    assert f'value="{REGISTER}"' in shown


def test_two_people_at_the_page_are_told(as_coordinator, delivery, host, coordinator):
    seen = as_coordinator.get(page(delivery)).context["form"]["seen"].value()
    assert "s3cret" not in seen
    set_up_meeting(delivery, setup_for(delivery, host), by=coordinator, now=NOW)

    late = typed(delivery, host, seen=seen, registrant_limit="20")
    response = as_coordinator.post(page(delivery), late)

    delivery.refresh_from_db()
    assert (response.status_code, delivery.registrant_limit) == (422, 12)


def test_the_trainer_finds_the_join_link_on_step_and_class(
    client, delivery, host, trainer, coordinator, at_now
):
    set_up_meeting(delivery, setup_for(delivery, host), by=coordinator, now=NOW)
    session = delivery.sessions.first()
    step = session.checklist.steps.get(key=StepKey.JOIN_LINK)
    client.force_login(trainer)

    for address in (step.get_absolute_url(), delivery.get_absolute_url()):
        assert f'href="{SECRET}/{session.pk}"' in client.get(address).content.decode()


@pytest.mark.parametrize("role", ["leadership", "finance", "account"])
def test_who_is_not_on_the_team_never_sees_the_join_link(
    client, delivery, host, coordinator, at_now, role
):
    set_up_meeting(delivery, setup_for(delivery, host), by=coordinator, now=NOW)
    step = delivery.sessions.first().checklist.steps.get(key=StepKey.JOIN_LINK)
    client.force_login(UserFactory(roles=[role]))

    for address in (step.get_absolute_url(), delivery.get_absolute_url()):
        assert "s3cret/" not in client.get(address).content.decode()


def test_inviting_the_contact_needs_a_contact_and_says_so(as_coordinator, delivery):
    address = reverse("training:delivery-invite", args=[delivery.pk])

    response = as_coordinator.post(address)

    assert response.status_code == 409
    assert "There is no main contact with an e-mail address." in (
        response.content.decode()
    )


def test_the_page_takes_the_same_queries_for_3_and_for_30_accounts(
    as_coordinator, engagement, queries_of
):
    counts = []
    for number, (accounts, days) in enumerate([(3, 1), (30, 8)]):
        for one in range(accounts):
            HostAccount.objects.create(name=f"Zoom {number}-{one}")
        delivery = plan_class(
            engagement, days=days, first=FIRST_DAY + timedelta(days=30 * number)
        )
        counts.append(queries_of(as_coordinator, page(delivery)))

    assert counts[0] == counts[1] <= 25
