"""R-12: all lab codes on one screen."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from psdelivery.people.choices import Role
from psdelivery.playbooks.models import Anchor
from tests.factories.people import CustomerFactory, UserFactory
from tests.factories.playbooks import ChecklistFactory
from tests.factories.training import (
    DeliveryFactory,
    LabCodeFactory,
    LabExtensionFactory,
    SessionFactory,
)
from training.choices import LAB_WINDOW, CodeState
from training.code_queries import in_state, with_codes
from training.models import Delivery
from training.rules.labs import code_state

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 4, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def lab_class(
    engagement=None, *, starts=48, lasts=4, dies=None, opens=None, title=None, **more
):
    """A class by plain models; hours are counted from NOW."""
    given = {"with_certification": False} | more
    given |= {"title": title} if title else {}
    given |= {"engagement": engagement} if engagement else {}
    delivery = DeliveryFactory(checklist=ChecklistFactory(), **given)
    begin = NOW + starts * HOUR
    SessionFactory(delivery=delivery, starts_at=begin, ends_at=begin + lasts * HOUR)
    Anchor.objects.create(
        checklist=delivery.checklist,
        key=LAB_WINDOW,
        moment=None if opens is None else NOW + opens * HOUR,
    )
    if dies is not None:
        expires = NOW + dies * HOUR
        LabCodeFactory(
            delivery=delivery,
            code=f"code-{delivery.pk}",
            generated_at=expires - timedelta(days=7),
            expires_at=expires,
        )
    return delivery


@pytest.fixture
def at_noon(db):
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def reads(client, at_noon):
    """A coordinator of another region: sees all classes, works with all."""
    client.force_login(UserFactory(roles=[Role.COORDINATOR], zone="Australia/Sydney"))
    return client


def titles(response):
    return [entry[0].delivery.title for entry in response.context["rows"]]


def listed(client, **query):
    return client.get(reverse("training:code-list"), query)


def five(engagement=None):
    """One class in each state that has a code or waits for one."""
    lab_class(engagement, title="Dead", dies=-1)
    lab_class(engagement, title="Short", dies=50)
    lab_class(engagement, title="Living", dies=100)
    lab_class(engagement, title="Due", opens=-5, starts=60)
    lab_class(engagement, title="Coming", opens=70, starts=160)
    lab_class(engagement, title="Uncovered", starts=200, lasts=4)


def test_r12_the_first_to_die_stands_on_top(reads):
    five()

    response = listed(reads)

    assert titles(response) == ["Dead", "Short", "Living", "Due", "Coming", "Uncovered"]
    text = response.content.decode()
    for words in ("1 hour ago", "in 2 days", "in 4 days", "code-"):
        assert words in text


@pytest.mark.parametrize("state", CodeState.values)
def test_r12_each_state_is_a_filter_in_the_address(reads, state):
    five()
    words = dict(zip(CodeState.values, ["Living", "Short", "Dead", "Due", "Coming",
                                        "Uncovered"], strict=True))  # fmt: skip

    assert titles(listed(reads, state=state)) == [words[state]]


def test_the_list_is_narrowed_by_words_extension_and_time(reads):
    five()
    asked = lab_class(title="Asked", starts=300)
    LabExtensionFactory(delivery=asked)
    lab_class(title="Over", starts=-90, dies=-20)
    lab_class(title="Over, the code lives", starts=-90, dies=5)
    lab_class(title="Off", starts=10, state="cancelled")
    lab_class(title="Without labs", starts=10, with_labs=False)

    assert titles(listed(reads, extension="asked")) == ["Asked"]
    assert titles(listed(reads, q="shor")) == ["Short"]
    assert "Over" not in titles(listed(reads))
    assert "Over, the code lives" in titles(listed(reads))
    everything = titles(listed(reads, when="all"))
    assert "Over" in everything
    assert {"Off", "Without labs"}.isdisjoint(everything)


@pytest.mark.parametrize(
    ("sort", "first"), [("first", "Dead"), ("-class", "Uncovered"), ("class", "Coming")]
)
def test_the_order_stands_in_the_address(reads, sort, first):
    five()

    assert titles(listed(reads, sort=sort))[0] == first


@pytest.mark.parametrize(
    "query", [{"state": "no such"}, {"extension": "x"}, {"when": "never"}]
)
def test_a_filter_that_does_not_exist_shows_nothing_and_says_so(reads, query):
    five()

    response = listed(reads, **query)

    assert response.status_code == 422
    assert response.context["rows"] == []
    assert "The filters of this address do not fit" in response.content.decode()


def test_an_empty_list_says_what_will_stand_here(reads):
    assert "No class with labs is to come" in listed(reads).content.decode()
    assert "No class fits" in listed(reads, q="x").content.decode()


@pytest.mark.parametrize("address", ["code-list", "code-export"])
def test_the_list_takes_as_many_queries_with_30_rows(reads, queries_of, address):
    url = f"{reverse(f'training:{address}')}?when=all"
    five()
    few = queries_of(reads, url)
    for number in range(24):
        delivery = lab_class(title=f"More {number}", dies=number + 60)
        LabExtensionFactory(delivery=delivery)

    assert queries_of(reads, url) == few


# Who reads it


def test_r12_the_codes_are_for_who_works_with_the_class(client, at_noon):
    lab_class(title="Living", dies=100)
    client.force_login(UserFactory(roles=[Role.LEADERSHIP]))

    response = listed(client)

    assert titles(response) == ["Living"]
    assert "code-" not in response.content.decode().replace("code-list", "").replace(
        "code-export", ""
    )


def test_a_stranger_sees_no_class(client, at_noon, stranger):
    lab_class(title="Living", dies=100)
    client.force_login(stranger)

    assert titles(listed(client)) == []


def test_r12_the_export_has_everything_but_the_codes(reads):
    five()
    customer = CustomerFactory(name="=cmd()")
    Delivery.objects.get(title="Short").engagement.__class__.objects.update(
        customer=customer
    )

    response = reads.get(reverse("training:code-export"), {"state": "short"})

    lines = b"".join(response).decode().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("Short,'=cmd(),2027-04-03 01:00,")
    assert "dies before the last session,2027-04-03 03:00" in lines[1]
    assert "code-" not in "".join(lines)


def test_an_export_whose_filter_does_not_fit_says_so(reads):
    response = reads.get(reverse("training:code-export"), {"state": "no such"})

    assert response.status_code == 422


# The same rule twice: for one class in Python, for many in the database


class TestStates(TestCase):
    @given(
        st.lists(
            st.tuples(
                st.none() | st.integers(-60, 60),
                st.none() | st.integers(-60, 60),
                st.integers(-60, 60),
            ),
            min_size=1,
            max_size=6,
        )
    )
    def test_r12_the_database_says_what_the_rule_says(self, drawn):
        for dies, opens, starts in drawn:
            lab_class(starts=starts, dies=dies, opens=opens)
        found = {
            state: set(
                with_codes(Delivery.objects.all())
                .filter(in_state(state, NOW))
                .values_list("pk", flat=True)
            )
            for state in CodeState.values
        }

        for row in with_codes(Delivery.objects.all()):
            state = code_state(
                row.expires_at, opens=row.opens_at, last_end=row.last_end, now=NOW
            )
            assert [one for one, pks in found.items() if row.pk in pks] == [state]
