from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from psdelivery.access import Action
from psdelivery.history.models import Event
from psdelivery.outbox.models import Message
from psdelivery.people import services
from psdelivery.people.choices import Role, TimeOffKind, TimeOffState
from psdelivery.people.models import TimeOff
from psdelivery.people.queries.time_off import (
    approvers_now,
    decider_of,
    requests_for,
    time_off_within,
)
from psdelivery.people.rules.time_off import TimeOffDraft
from psdelivery.registry import RuleRefused, waiting
from tests.factories.people import PracticeFactory, TimeOffFactory, UserFactory
from tests.told import news_told

pytestmark = pytest.mark.django_db

NEXT_WEEK = {"starts_on": date(2027, 3, 15), "ends_on": date(2027, 3, 19)}


@pytest.fixture
def manager():
    return UserFactory(roles=[Role.PRACTICE_MANAGER], first_name="Mona", last_name="M")


@pytest.fixture
def anna(manager):
    return UserFactory(
        roles=[Role.PSE], first_name="Anna", last_name="A", manager=manager
    )


@pytest.fixture
def ben():
    return UserFactory(roles=[Role.PSE], first_name="Ben", last_name="B")


def draft(**values):
    return TimeOffDraft(**{"kind": TimeOffKind.HOLIDAY, **NEXT_WEEK, **values})


def enter(person, now, **values):
    return services.enter_time_off(person, draft(**values), by=person, now=now)


def mails():
    """Address and subject of each mail, in the order they were queued."""
    return [(one.to[0], one.subject) for one in news_told()]


def codes(refused):
    return [reason.code for reason in refused.value.reasons]


def test_a_holiday_waits_for_the_manager_and_the_deputy_is_told(
    anna, ben, manager, now
):
    time_off = enter(anna, now, deputy=ben)

    assert (time_off.state, time_off.requested_by) == (TimeOffState.REQUESTED, anna)
    assert mails() == [
        (manager.email, f"Please approve: Anna A is away {time_off}"),
        (ben.email, f"You stand in for Anna A: {time_off}"),
    ]
    assert Message.objects.get(to=[manager.email]).reason == "approval"


def test_part_of_a_day_is_approved_and_nobody_stands_in(anna, ben, manager, now):
    enter(anna, now, deputy=ben, hours_per_day=Decimal(2))

    [mail] = Message.objects.all()
    assert mail.to == [manager.email]
    assert "nobody needs to stand in" in mail.text


def test_a_manager_who_stands_in_gets_one_mail_that_says_both(anna, manager, now):
    enter(anna, now)

    [mail] = Message.objects.all()
    assert mail.to == [manager.email]
    assert "You stand in on these days" in mail.text


def test_sickness_counts_at_once_and_no_mail_says_what_it_is(anna, ben, manager, now):
    time_off = enter(anna, now, kind=TimeOffKind.SICKNESS, deputy=ben, note="Flu")

    assert time_off.state == TimeOffState.APPROVED
    assert mails() == [
        (manager.email, f"Anna A is away {time_off}"),
        (ben.email, f"You stand in for Anna A: {time_off}"),
    ]
    written = " ".join(f"{one.text}{one.html}" for one in news_told())
    assert not any(word in written.lower() for word in ("sick", "flu"))


@pytest.mark.parametrize(("days", "waits"), [(0, False), (1, True)])
def test_who_stands_in_today_hears_of_it_today(anna, ben, now, days, waits):
    first = now.date() + timedelta(days=days)
    given = {"starts_on": first, "ends_on": first, "kind": TimeOffKind.SICKNESS}
    enter(anna, now, deputy=ben, **given)

    assert Message.objects.get(to=[ben.email]).kind == (
        "daily" if waits else "time-off"
    )


def test_the_history_tells_the_days_and_never_why(anna, ben, now):
    enter(anna, now, kind=TimeOffKind.SICKNESS, deputy=ben, note="Flu")

    event = Event.objects.get(verb="time-off-entered")
    assert event.actor == anna
    assert event.changes == {
        "person": [None, {"person": anna.pk}],
        "starts_on": [None, "2027-03-15"],
        "ends_on": [None, "2027-03-19"],
        "deputy": [None, {"person": ben.pk}],
        "state": [None, "approved"],
    }
    assert "Anna" not in event.subject_label


def test_what_overlaps_is_refused_and_writes_nothing(anna, now):
    enter(anna, now)

    with pytest.raises(RuleRefused) as refused:
        enter(anna, now, ends_on=date(2027, 3, 15))

    assert codes(refused) == ["overlap"]
    assert (TimeOff.objects.count(), Message.objects.count()) == (1, 1)


def test_what_was_refused_or_cancelled_leaves_its_days_free(anna, manager, now):
    services.cancel_time_off(enter(anna, now), by=anna, now=now)
    again = enter(anna, now)
    services.refuse_time_off(again, reason="Go-live", by=manager, now=now)

    assert enter(anna, now).state == TimeOffState.REQUESTED


def test_approving_tells_the_person(anna, manager, now):
    time_off = enter(anna, now)

    approved = services.approve_time_off(time_off, by=manager, now=now)

    assert (approved.state, approved.decided_by) == ("approved", manager)
    assert mails()[-1] == (anna.email, f"Your time off is approved: {time_off}")
    assert Event.objects.latest("pk").changes == {"state": ["requested", "approved"]}


def test_refusing_needs_a_reason_and_tells_it_to_the_person(anna, ben, manager, now):
    time_off = enter(anna, now, deputy=ben)
    with pytest.raises(RuleRefused):
        services.refuse_time_off(time_off, reason=" ", by=manager, now=now)

    services.refuse_time_off(time_off, reason="Go-live week", by=manager, now=now)

    answer = Message.objects.get(to=[anna.email])
    assert "Go-live week" in answer.text
    assert (ben.email, f"You do not stand in for Anna A: {time_off}") in mails()
    assert Event.objects.latest("pk").reason == "Go-live week"


@pytest.mark.parametrize("decide", ["approve", "refuse"])
def test_nobody_decides_their_own_or_twice(manager, now, decide):
    act = {
        "approve": services.approve_time_off,
        "refuse": lambda *args, **more: services.refuse_time_off(
            *args, reason="No", **more
        ),
    }[decide]
    leader = UserFactory(roles=[Role.LEADERSHIP])
    time_off = enter(manager, now)

    with pytest.raises(RuleRefused) as own:
        act(time_off, by=manager, now=now)
    services.approve_time_off(time_off, by=leader, now=now)
    with pytest.raises(RuleRefused) as twice:
        act(time_off, by=leader, now=now)

    assert (codes(own), codes(twice)) == (["own"], ["decided"])


def test_longer_time_off_is_asked_for_anew_and_shorter_is_not(anna, manager, now):
    time_off = services.approve_time_off(enter(anna, now), by=manager, now=now)

    shorter = services.edit_time_off(
        time_off, draft(ends_on=date(2027, 3, 18)), by=anna, now=now
    )
    assert shorter.state == TimeOffState.APPROVED
    longer = services.edit_time_off(
        time_off,
        draft(ends_on=date(2027, 3, 22)),
        by=anna,
        now=now + timedelta(minutes=1),
    )

    assert (longer.state, longer.decided_by) == (TimeOffState.REQUESTED, None)
    assert mails()[-1] == (manager.email, f"Please approve: Anna A is away {longer}")


def test_another_deputy_is_told_and_the_first_released(anna, ben, now):
    time_off, carl = enter(anna, now, deputy=ben), UserFactory()
    Message.objects.all().delete()

    services.edit_time_off(time_off, draft(deputy=carl), by=anna, now=now)

    assert (carl.email, f"You stand in for Anna A: {time_off}") in mails()
    assert (ben.email, f"You do not stand in for Anna A: {time_off}") in mails()


def test_a_change_of_the_note_alone_tells_nobody(anna, ben, now):
    time_off = enter(anna, now, deputy=ben)
    before = (news_told(), Event.objects.count())

    services.edit_time_off(time_off, draft(deputy=ben, note="Alps"), by=anna, now=now)

    assert (news_told(), Event.objects.count()) == before
    assert TimeOff.objects.get().note == "Alps"


def test_r23_nothing_about_time_off_goes_to_somebody_away(anna, ben, manager, now):
    carl = UserFactory()
    TimeOffFactory(person=manager, deputy=carl)
    TimeOffFactory(person=ben)

    enter(anna, now, deputy=ben)

    assert [to for to, _subject in mails()] == [carl.email]


def test_whoever_enters_it_gets_no_mail_about_it(anna, manager, now):
    services.enter_time_off(anna, draft(deputy=manager), by=manager, now=now)

    assert mails() == []


def test_nobody_is_told_to_stand_in_on_days_that_are_over(anna, ben, now):
    enter(anna, now, deputy=ben, starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 2))

    assert [to for to, _subject in mails()] == [anna.manager.email]


def test_it_waits_on_my_day_of_the_manager_alone(anna, ben, manager, now):
    UserFactory(roles=[Role.LEADERSHIP])
    time_off = enter(anna, now, deputy=ben)

    [item] = waiting.items_for(manager, now)

    assert "Anna A" in item.title
    assert (item.url, item.since) == (time_off.get_absolute_url(), now)
    assert requests_for(anna, now) == requests_for(ben, now) == []
    services.approve_time_off(time_off, by=manager, now=now)
    assert waiting.items_for(manager, now) == []


def test_r23_whoever_stands_in_for_the_manager_decides_in_their_place(
    anna, ben, manager, now
):
    TimeOffFactory(person=manager, deputy=ben)
    time_off = enter(anna, now)

    [item] = waiting.items_for(ben, now)
    decider = decider_of(ben, anna, now)

    assert "For Mona M" in item.why
    assert (decider.by, decider.on_behalf_of) == (ben, manager)
    services.approve_time_off(
        time_off, by=ben, on_behalf_of=decider.on_behalf_of, now=now
    )
    event = Event.objects.latest("pk")
    assert (event.actor, event.on_behalf_of) == (ben, manager)


def test_r23_nobody_decides_their_own_in_place_of_the_manager(anna, manager, now):
    TimeOffFactory(person=manager, deputy=anna)
    enter(anna, now)

    assert decider_of(anna, anna, now) is None
    assert requests_for(anna, now) == []
    assert approvers_now(anna, now) == []


def test_a_manager_reaches_reports_and_practice_and_leadership_everybody(
    anna, ben, manager
):
    practice = PracticeFactory(manager=manager)
    colleague, stranger = UserFactory(practice=practice), UserFactory()
    for person in (anna, colleague, stranger, manager):
        TimeOffFactory(person=person)
    leader = UserFactory(roles=[Role.LEADERSHIP])

    def of(user, action):
        return {row.person for row in time_off_within(user, action)}

    assert of(manager, Action.TIME_OFF_SEE) == {anna, colleague, manager}
    assert of(leader, Action.TIME_OFF_SEE) == {anna, colleague, stranger, manager}
    assert of(ben, Action.TIME_OFF_SEE) == set()


def test_what_waits_takes_the_same_queries_for_3_and_for_30(
    manager, now, django_assert_num_queries
):
    def count(people):
        TimeOff.objects.all().delete()
        for _ in range(people):
            TimeOffFactory(
                person=UserFactory(manager=manager),
                starts_on=date(2027, 4, 1),
                ends_on=date(2027, 4, 2),
                requested_at=datetime(2027, 3, 1, tzinfo=UTC),
            )
        reader = type(manager).objects.get(pk=manager.pk)
        with django_assert_num_queries(5):
            assert len(requests_for(reader, now)) == people

    count(3)
    count(30)
