from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.choices import Kind, Status
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.models import Skill
from scheduling.choices import RequestKind, RequestState
from scheduling.models import ResourceRequest
from tests.factories.engagements import EngagementFactory, TeamMemberFactory
from tests.factories.people import SkillFactory, UserFactory
from tests.factories.scheduling import MONDAY, NOW, asked_for, booked, startable
from tests.scheduling.typed_requests import days, rows, typed

pytestmark = pytest.mark.django_db

ADD = "scheduling:request-add"
LIST = "scheduling:request-list"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def pm():
    return UserFactory(roles=[Role.PM])


@pytest.fixture
def coordinator():
    return UserFactory(roles=[Role.COORDINATOR])


@pytest.fixture
def engagement(pm):
    engagement = startable()
    TeamMemberFactory(engagement=engagement, role=EngagementRole.PM, person=pm)
    return engagement


def form_url(kind="engagement", **subject):
    query = "&".join(f"{name}={value}" for name, value in subject.items())
    return f"{reverse(ADD)}?kind={kind}&{query}"


def page(name, asked):
    return reverse(f"scheduling:request-{name}", args=[asked.pk])


def test_the_form_first_asks_what_it_is_about(client, pm):
    client.force_login(pm)

    shown = client.get(reverse(ADD)).content.decode()

    assert all(str(kind.label) in shown for kind in RequestKind)


def test_an_engineer_asks_for_internal_time_and_own_changes_only(client):
    client.force_login(UserFactory(roles=[Role.PSE]))

    shown = client.get(reverse(ADD)).content.decode()

    assert "Internal, creditable" in shown
    assert "kind=engagement" not in shown
    assert "Planning inquiry" not in shown


def test_a_pm_asks_for_an_engineer_with_a_skill(client, pm, engagement):
    skill = SkillFactory(name="GitLab CI")
    client.force_login(pm)
    skills = rows("skills", [{"skill": skill.pk, "level": 3}], spare=2)

    answer = client.post(form_url(engagement=engagement.pk), typed(**skills))

    asked = ResourceRequest.objects.get()
    assert answer.status_code == 302
    assert answer.url == asked.get_absolute_url()
    assert asked.state == RequestState.SUBMITTED
    assert asked.engagement == engagement
    assert asked.requested_by == pm
    assert asked.hours_per_day == Decimal(8)
    assert [(one.skill, one.level) for one in asked.skills.all()] == [(skill, 3)]
    assert asked.step is not None


def test_a_draft_is_kept_and_sent_later(client, pm, engagement):
    client.force_login(pm)
    data = typed()
    del data["send"]

    client.post(form_url(engagement=engagement.pk), data)
    asked = ResourceRequest.objects.get()
    assert asked.state == RequestState.DRAFT
    client.post(page("submit", asked), {"version": asked.version})

    asked.refresh_from_db()
    assert asked.state == RequestState.SUBMITTED


def test_nobody_else_reads_a_draft(client, engagement, coordinator):
    asked = asked_for(engagement, state=RequestState.DRAFT)
    client.force_login(coordinator)

    assert client.get(asked.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (days((MONDAY, "2027-03-14")), "The last day lies before the first."),
        ({"hours_per_day": "0"}, "Hours are more than zero."),
        ({"hours_per_day": "25"}, "A day has up to 24 hours."),
        ({"hours_per_day": "7.1"}, "Hours are counted in quarters"),
        ({"hours_per_day": ""}, "Say hours a day or in total"),
        ({"hours_total": "40"}, "Say hours a day or in total"),
        (days((MONDAY, "2037-03-14")), "Ask for two years at most"),
        (days(("2027-03-20", "2027-03-21")), "weekends or public holidays"),
        (days((MONDAY, "2027-03-19"), ("2027-03-19", "2027-03-22")), "overlap"),
        (days(), "Say on which days."),
        (days(("2027-02-01", "2027-02-05")), "These days are over."),
        ({"any_days": "9"}, "These are only 5 days."),
        ({"hours_per_day": "", "hours_total": "121"}, "5 days have no 121 hours."),
        ({"zone_overlap": "4"}, "Say in which time zone."),
        (days(("", "2027-03-19")), "Say on which day it begins."),
        (rows("skills", [{"skill": "", "level": "3"}]), "Say which skill."),
        ({"role": "contact"}, "Select a valid choice"),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_written(
    client, pm, engagement, change, words
):
    client.force_login(pm)

    answer = client.post(form_url(engagement=engagement.pk), typed(**change))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ResourceRequest.objects.exists()


def test_what_was_typed_stays_when_it_is_refused(client, pm, engagement):
    client.force_login(pm)
    data = typed(note="Bring the <cable>.", hours_per_day="25")

    answer = client.post(form_url(engagement=engagement.pk), data)

    assert "Bring the &lt;cable&gt;." in answer.content.decode()
    assert 'value="2027-03-19"' in answer.content.decode()


def test_a_holiday_only_range_is_told_by_the_customers_calendar(client, pm):
    # 26 and 29 March 2027 are Good Friday and Easter Monday in Germany.
    engagement = startable(customer__country="DE", customer__zone="Europe/Berlin")
    TeamMemberFactory(engagement=engagement, role=EngagementRole.PM, person=pm)
    client.force_login(pm)
    easter = days(("2027-03-26", "2027-03-29"))

    answer = client.post(form_url(engagement=engagement.pk), typed(**easter))

    assert answer.status_code == 422
    assert "weekends or public holidays" in answer.content.decode()


def test_somebody_who_left_is_not_on_offer(client, pm, engagement):
    gone = UserFactory(is_active=False)
    client.force_login(pm)

    answer = client.post(form_url(engagement=engagement.pk), typed(person=gone.pk))

    assert answer.status_code == 422
    assert "Select a valid choice" in answer.content.decode()


def test_a_foreign_engagement_is_out_of_reach(client, pm):
    foreign = startable()
    client.force_login(pm)

    assert client.get(form_url(engagement=foreign.pk)).status_code == 403
    assert client.get(form_url(engagement=999_999)).status_code == 404
    assert client.get(form_url(engagement="x")).status_code == 200


def test_engagements_of_mine_are_found_by_words(client, pm, engagement):
    foreign = startable()
    client.force_login(pm)

    shown = client.get(form_url(q=engagement.customer.name)).content.decode()

    assert f"engagement={engagement.pk}" in shown
    assert f"engagement={foreign.pk}" not in shown


def test_internal_time_is_asked_for_oneself(client, coordinator):
    pse = UserFactory(roles=[Role.PSE])
    standing = EngagementFactory(
        kind=Kind.INTERNAL, status=Status.ACTIVE, title="Creditable time"
    )
    client.force_login(pse)
    data = typed(task="mentoring", person=pse.pk, engagement=standing.pk)

    client.post(form_url("creditable"), data | {"coordinator": coordinator.pk})

    asked = ResourceRequest.objects.get()
    assert (asked.task, asked.role) == ("mentoring", EngagementRole.PSE)
    assert asked.step.assignee == coordinator


def test_an_engineer_asks_for_nobody_elses_internal_time(client):
    standing = EngagementFactory(kind=Kind.INTERNAL, status=Status.ACTIVE)
    client.force_login(UserFactory(roles=[Role.PSE]))
    other = UserFactory(roles=[Role.PSE])
    data = typed(task="mentoring", person=other.pk, engagement=standing.pk)

    assert client.post(form_url("creditable"), data).status_code == 422


def test_a_planning_inquiry_needs_no_engagement(client, pm, coordinator):
    client.force_login(pm)
    client.post(form_url("planning"), typed(about="Migration for Acme"))
    inquiry = ResourceRequest.objects.get()
    assert inquiry.engagement is None

    client.force_login(coordinator)
    answer = {"reason": "Two people in April.", "version": inquiry.version}
    client.post(page("answer", inquiry), answer)

    inquiry.refresh_from_db()
    assert inquiry.state == RequestState.ANSWERED


def test_whose_booking_it_is_asks_for_its_change(client, engagement):
    pse = UserFactory(roles=[Role.PSE])
    booking = booked(pse, engagement)
    client.force_login(pse)
    url = form_url("change", allocation=booking.pk)
    later = days(("2027-03-22", "2027-03-26"))
    data = {
        "cause": "customer",
        "booking": "soft",
        "hours_total": "40",
        "person": pse.pk,
        "send": "1",
        **later,
    }

    assert 'value="2027-03-15"' in client.get(url).content.decode()
    assert client.post(url, data).status_code == 302

    asked = ResourceRequest.objects.get()
    assert (asked.allocation, asked.cause) == (booking, "customer")
    assert client.get(url).status_code == 409


def test_a_release_needs_a_cause_and_a_reason(client, pm, engagement):
    booking = booked(engagement=engagement)
    client.force_login(pm)
    url = form_url("release", allocation=booking.pk)
    empty = {"send": "1", **days()}

    assert client.post(url, empty).status_code == 422
    assert not ResourceRequest.objects.exists()
    data = empty | {"cause": "us", "note": "Done early."}
    assert client.post(url, data).status_code == 302


def test_what_is_released_lies_within_the_booking(client, pm, engagement):
    booking = booked(engagement=engagement)
    client.force_login(pm)
    data = {"send": "1", "cause": "us", "note": "Done early."}
    outside = days(("2027-03-18", "2027-03-22"))

    answer = client.post(
        form_url("release", allocation=booking.pk), data | outside
    ).content.decode()

    assert "The booking is" in answer


def test_two_who_edit_are_told_and_nothing_is_lost(client, pm, engagement):
    asked = asked_for(engagement, requested_by=pm)
    client.force_login(pm)
    data = typed(version="1", note="Mine")
    ResourceRequest.objects.filter(pk=asked.pk).update(version=2)

    answer = client.post(page("edit", asked), data)

    asked.refresh_from_db()
    assert answer.status_code == 409
    assert asked.note == ""
    assert "Mine" in answer.content.decode()
    again = client.post(page("edit", asked), data | {"version": "2"})
    assert again.status_code == 302
    asked.refresh_from_db()
    assert asked.note == "Mine"


def test_a_coordinator_takes_it_up_and_refuses_it(client, coordinator, engagement):
    asked = asked_for(engagement)
    following = asked_for(engagement)
    client.force_login(coordinator)

    client.post(page("review", asked), {"version": 1})
    asked.refresh_from_db()
    assert asked.state == RequestState.UNDER_REVIEW
    empty = client.post(page("refuse", asked), {"reason": "", "version": 2})
    assert empty.status_code == 422
    answer = client.post(page("refuse", asked), {"reason": "No.", "version": 2})

    # Handling one brings up the next.
    assert answer.url == following.get_absolute_url()
    asked.refresh_from_db()
    assert asked.state == RequestState.REFUSED


def test_the_second_coordinator_gets_409_with_who_did_what(client, engagement):
    first, second = (
        UserFactory(roles=[Role.COORDINATOR]),
        UserFactory(roles=[Role.COORDINATOR]),
    )
    asked = asked_for(engagement)
    client.force_login(first)
    client.post(page("refuse", asked), {"reason": "No.", "version": 1})
    client.force_login(second)

    answer = client.post(page("refuse", asked), {"reason": "Me too.", "version": 1})

    assert answer.status_code == 409
    assert first.display_name in answer.content.decode()


def test_the_page_says_who_acts_next(client, coordinator, engagement):
    asked = asked_for(engagement)
    client.force_login(coordinator)

    shown = client.get(asked.get_absolute_url()).content.decode()

    assert "Next: coordination answers" in shown
    assert "I take it" in shown


def test_the_list_is_filtered_by_its_address(client, coordinator, pm, engagement):
    person = UserFactory()
    waits = asked_for(engagement, requested_by=pm, person=person)
    ended = asked_for(engagement, state=RequestState.REFUSED)
    client.force_login(coordinator)

    def ids(**query):
        page = client.get(reverse(LIST), query).context["page"]
        return {asked.pk for asked in page.object_list}

    assert ids() == {waits.pk}
    assert ids(state="ended") == {ended.pk}
    assert ids(state="all") == {waits.pk, ended.pk}
    assert ids(state="all", kind="planning") == set()
    assert ids(ball="coordination") == {waits.pk}
    assert ids(person=person.pk) == {waits.pk}
    assert ids(region=engagement.region_id) == {waits.pk}
    assert ids(mine="on") == set()
    assert ids(q=pm.last_name) == {waits.pk}
    assert client.get(reverse(LIST), {"kind": "x"}).status_code == 422


def test_coordinators_see_their_region_first(client, coordinator):
    near, far = startable(), startable()
    later = asked_for(far, answer_due_at=NOW)
    own = asked_for(near, answer_due_at=NOW + timedelta(days=2))
    coordinator.region = near.region
    coordinator.save()
    client.force_login(coordinator)

    page = client.get(reverse(LIST)).context["page"]

    assert [asked.pk for asked in page.object_list] == [own.pk, later.pk]


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PSE])
def test_the_list_asks_the_same_for_3_and_for_25_rows(client, role):
    reader = UserFactory(roles=[role])
    client.force_login(reader)
    for _number in range(3):
        asked_for(person=reader)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(LIST))
    for _number in range(22):
        asked_for(person=reader)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse(LIST))

    assert len(many) == len(few) <= 12


def test_requests_are_commented_on_and_readers_mentioned(client, coordinator, pm):
    asked = asked_for(requested_by=pm)
    client.force_login(coordinator)
    url = reverse("comments:comment-add", args=["request", asked.pk])

    answer = client.post(url, {"text": f"@{pm.username} Would April do?"})

    assert answer.status_code == 302
    assert "Would April do?" in client.get(asked.get_absolute_url()).content.decode()
    assert pm.mentions.count() == 1


def test_r2_the_form_says_what_hard_bookings_wait_for(client, pm, engagement):
    closed = EngagementFactory()
    TeamMemberFactory(engagement=closed, role=EngagementRole.PM, person=pm)
    client.force_login(pm)
    words = "Until this is on file only soft bookings are possible"

    shown = client.get(form_url(engagement=closed.pk)).content.decode()

    assert words in shown
    assert "The customer&#x27;s signature is not on file." in shown
    assert words not in client.get(form_url(engagement=engagement.pk)).content.decode()


def test_the_page_asks_the_same_for_few_and_many_ranges(client, coordinator):
    client.force_login(coordinator)
    week = timedelta(days=7)
    few = asked_for(days=[(MONDAY, MONDAY)])
    many = asked_for(days=[(MONDAY + week * n,) * 2 for n in range(12)])
    for number in range(12):
        SkillFactory(name=f"Skill {number}")
    for skill in Skill.objects.all():
        many.skills.create(skill=skill, level=2)

    def asked(one):
        with CaptureQueriesContext(connection) as found:
            client.get(one.get_absolute_url())
        return len(found)

    asked(few)
    assert asked(many) == asked(few) <= 25
