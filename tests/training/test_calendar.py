"""The training calendar: whole weeks, the reader's days, both days past midnight."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from tests.factories.training import NOW, SessionFactory, plan_class
from training.rules.calendar import days_touched, span_of
from training.services.deliveries import cancel_delivery

CALENDAR = "training:delivery-calendar"


def entries(response):
    return {
        day.day: [entry.session for entry in day.entries]
        for day in response.context["days"]
        if day.entries
    }


@pytest.mark.unit
@pytest.mark.parametrize(
    ("view", "day", "first", "last"),
    [
        ("week", date(2027, 4, 7), date(2027, 4, 5), date(2027, 4, 11)),
        ("month", date(2027, 4, 7), date(2027, 3, 29), date(2027, 5, 2)),
        # February 2027 begins on a Monday and has four whole weeks.
        ("month", date(2027, 2, 28), date(2027, 2, 1), date(2027, 2, 28)),
        ("month", date(2027, 12, 31), date(2027, 11, 29), date(2028, 1, 2)),
    ],
)
def test_a_span_is_made_of_whole_weeks(view, day, first, last):
    span = span_of(view, day)

    assert (span.first, span.last) == (first, last)
    assert [len(week) for week in span.weeks] == [7] * (len(span.days) // 7)


@pytest.mark.unit
def test_the_spans_beside_are_the_next_ones():
    month = span_of("month", date(2027, 1, 31))
    assert (month.previous, month.next) == (date(2026, 12, 31), date(2027, 2, 1))

    week = span_of("week", date(2027, 1, 1))
    assert (week.previous, week.next) == (date(2026, 12, 25), date(2027, 1, 8))


@pytest.mark.unit
def test_r22_a_session_past_midnight_counts_on_both_days():
    begins = datetime(2027, 4, 6, 20, tzinfo=UTC)

    past = days_touched(begins, datetime(2027, 4, 6, 23, tzinfo=UTC), "Europe/Berlin")
    until = days_touched(begins, datetime(2027, 4, 6, 22, tzinfo=UTC), "Europe/Berlin")

    assert past == [date(2027, 4, 6), date(2027, 4, 7)]
    assert until == [date(2027, 4, 6)]


@pytest.mark.django_db
class TestPage:
    def test_sessions_stand_on_the_days_of_the_reader(
        self, as_coordinator, coordinator, delivery
    ):
        coordinator.zone = "America/New_York"
        coordinator.save()
        first, second = delivery.sessions.all()

        response = as_coordinator.get(reverse(CALENDAR), {"day": "2027-04-06"})

        # 09:00 in Sydney is the evening before in New York.
        assert entries(response) == {
            date(2027, 4, 5): [first],
            date(2027, 4, 6): [second],
        }
        assert "1 of 2" in response.content.decode()

    def test_the_week_shows_the_countdown_of_each_class(self, as_coordinator, delivery):
        response = as_coordinator.get(
            reverse(CALENDAR), {"view": "week", "day": "2027-04-06"}
        )

        assert "Registration link" in response.content.decode()
        assert response.context["span"].first == date(2027, 4, 5)

    def test_what_was_called_off_is_shown_only_when_asked_for(
        self, as_coordinator, delivery, coordinator
    ):
        cancel_delivery(delivery, by=coordinator, reason="too few", now=NOW)
        asked = {"day": "2027-04-06"}

        assert not entries(as_coordinator.get(reverse(CALENDAR), asked))
        also = as_coordinator.get(reverse(CALENDAR), {**asked, "cancelled": "on"})
        assert len(entries(also)) == 2

    def test_the_filters_narrow_and_stay_in_the_addresses_beside(
        self, as_coordinator, engagement, delivery, trainer, coordinator
    ):
        plan_class(engagement, first=date(2027, 4, 13), by=coordinator)

        asked = {"day": "2027-04-06", "trainer": str(trainer.pk)}
        response = as_coordinator.get(reverse(CALENDAR), asked)

        found = {s.delivery for day in entries(response).values() for s in day}
        assert found == {delivery}
        assert f"trainer={trainer.pk}" in response.context["places"]["next"]
        assert "day=2027-05-01" in response.context["places"]["next"]

    @pytest.mark.parametrize(
        "asked", [{"day": "x"}, {"day": "9999-12-31"}, {"view": "year"}, {"trainer": 0}]
    )
    def test_an_address_that_does_not_fit_says_so(
        self, as_coordinator, delivery, asked
    ):
        response = as_coordinator.get(reverse(CALENDAR), asked)

        assert response.status_code == 422
        assert response.context["is_empty"]

    def test_a_stranger_sees_no_class_of_others(self, client, stranger, delivery):
        client.force_login(stranger)

        response = client.get(reverse(CALENDAR), {"day": "2027-04-06"})

        assert not entries(response)

    def test_the_queries_do_not_grow_with_the_sessions(
        self, as_coordinator, engagement, coordinator, queries_of
    ):
        address = f"{reverse(CALENDAR)}?day=2027-04-06"
        for day in (5, 12, 19):
            plan_class(engagement, first=date(2027, 4, day), by=coordinator)
        few = queries_of(as_coordinator, address)
        for number in range(27):
            SessionFactory(
                delivery__engagement=engagement,
                starts_at=datetime(2027, 4, 1 + number, 9, tzinfo=UTC),
                ends_at=datetime(2027, 4, 1 + number, 13, tzinfo=UTC),
            )

        assert queries_of(as_coordinator, address) == few <= 12
