"""R-12: the Labs page of a class, its card and its forms."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from psdelivery.history.models import Event
from psdelivery.people.choices import Role
from tests.factories.people import UserFactory
from tests.factories.training import (
    FIRST_DAY,
    SYDNEY,
    CourseFactory,
    local,
    plan_class,
)
from training.models import LabCode, LabExtension
from training.services.labs import (
    CodeDraft,
    ask_extension,
    decide_extension,
    enter_code,
)
from training.services.sessions import add_session

PLANNED = datetime(2027, 2, 1, 9, tzinfo=UTC)
# The window of a class on 6 and 7 April in Sydney opens on 31 March, 14:00 there.
IN_WINDOW = datetime(2027, 4, 1, 1, tzinfo=UTC)
TYPED = {"code": "amber-7", "day": "2027-04-01", "clock": "12:00", "seats": "12"}


@pytest.fixture
def plain(engagement, trainer, coordinator):
    return plan_class(
        engagement, trainer=trainer, by=coordinator, with_certification=False
    )


@pytest.fixture
def weekly(engagement, coordinator):
    delivery = plan_class(engagement, days=1, with_certification=False)
    times = local(FIRST_DAY + timedelta(weeks=2)).moments
    add_session(delivery, times, by=coordinator, now=PLANNED)
    return delivery


@pytest.fixture
def in_window():
    with time_machine.travel(IN_WINDOW, tick=False):
        yield IN_WINDOW


@pytest.fixture
def coordinates(client, coordinator, in_window):
    coordinator.zone = SYDNEY
    coordinator.save()
    client.force_login(coordinator)
    return client


def page(name, record):
    return reverse(f"training:{name}", args=[record.pk])


def entered(delivery, by, code="amber-7"):
    draft = CodeDraft(code, IN_WINDOW, 12)
    return enter_code(delivery, draft, by=by, now=IN_WINDOW)


def shown(response):
    return " ".join(unescape(response.content.decode()).split())


def test_r12_the_window_stands_on_the_clock_of_the_class_and_of_the_reader(
    client, plain, coordinator, in_window
):
    coordinator.zone = "Europe/Berlin"
    coordinator.save()
    client.force_login(coordinator)

    found = shown(client.get(page("delivery-labs", plain)))

    assert "Wed 31 Mar 2027, 14:00 AEDT · 05:00 Berlin" in found
    assert "Tue 6 Apr 2027, 09:00 AEST · 01:00 Berlin" in found
    assert "none yet, window open" in found


def test_the_tab_is_there_with_labs_only(as_coordinator, plain, engagement):
    without = plan_class(engagement, first=FIRST_DAY + timedelta(9), with_labs=False)
    address = page("delivery-labs", plain)

    assert address in shown(as_coordinator.get(plain.get_absolute_url()))
    assert page("delivery-labs", without) not in shown(
        as_coordinator.get(without.get_absolute_url())
    )
    response = as_coordinator.get(page("delivery-labs", without))
    assert "This class has no labs" in shown(response)


def test_the_page_costs_the_same_whatever_was_entered(
    coordinates, plain, coordinator, queries_of
):
    address = page("delivery-labs", plain)
    before = queries_of(coordinates, address)
    code = entered(plain, coordinator)
    for number in range(5):
        LabCode.objects.create(
            delivery=plain,
            code=f"old-{number}",
            generated_at=code.generated_at,
            generated_by=coordinator,
            expires_at=code.expires_at,
            seats=12,
            entered_at=IN_WINDOW,
            retired_at=IN_WINDOW,
            retired_by=coordinator,
            retired_reason="Broken",
        )

    assert queries_of(coordinates, address) <= before


def test_the_card_costs_three_queries(as_coordinator, plain, queries_of):
    with_labs = queries_of(as_coordinator, plain.get_absolute_url())
    plain.with_labs = False
    plain.save()

    assert queries_of(as_coordinator, plain.get_absolute_url()) >= with_labs - 3


def test_r12_the_first_page_of_the_class_says_that_no_code_covers_it(
    as_coordinator, weekly
):
    found = shown(as_coordinator.get(weekly.get_absolute_url()))

    assert "no single code covers it" in found
    assert "No single code covers this class: it lasts from" in found


# Entering a code


def test_a_code_is_entered_on_the_clock_of_who_generated_it(coordinates, plain):
    address = page("lab-code-add", plain)
    form = coordinates.get(address).context["form"]
    assert [str(form[name].value()) for name in ("day", "clock", "seats")] == [
        "2027-04-01",
        "12:00:00",
        "12",
    ]

    response = coordinates.post(address, TYPED, follow=True)

    code = LabCode.objects.get()
    assert code.generated_at == IN_WINDOW
    assert code.expires_at == IN_WINDOW + timedelta(days=7)
    assert "It lives until Thu 8 Apr 2027, 11:00 AEST" in shown(response)
    assert "amber-7" in shown(response)


@pytest.mark.parametrize(
    ("fields", "name", "said"),
    [
        ({"code": " "}, "code", "required"),
        ({"code": "x" * 81}, "code", "80"),
        ({"code": "a\x07b"}, "code", ""),
        ({"day": "2027-03-24"}, "day", "This code died on"),
        ({"day": "2027-03-29"}, "day", "Generate the code from Wed 31 Mar 2027, 14:00"),
        ({"day": "2027-04-02"}, "day", "still to come"),
        ({"day": "9999-01-01"}, "day", "too far off"),
        ({"clock": ""}, "clock", "required"),
        ({"seats": "0"}, "seats", "1"),
        ({"seats": "501"}, "seats", "500"),
    ],
)
def test_r12_what_does_not_fit_is_said_at_its_field(
    coordinates, plain, fields, name, said
):
    response = coordinates.post(page("lab-code-add", plain), TYPED | fields)

    form = response.context["form"]
    assert response.status_code == 422
    assert said in str(form.errors[name])
    kept = {**TYPED, **fields}
    assert form["seats"].value() == kept["seats"]
    assert not LabCode.objects.exists()


def test_r12_a_code_of_another_class_is_refused_at_its_field(
    coordinates, plain, engagement, coordinator
):
    other = plan_class(
        engagement, first=FIRST_DAY - timedelta(1), with_certification=False
    )
    entered(other, coordinator)

    response = coordinates.post(page("lab-code-add", plain), TYPED)

    assert response.status_code == 422
    assert "entered for another class" in str(response.context["form"].errors["code"])


def test_a_second_code_is_refused_before_the_form(coordinates, plain, coordinator):
    entered(plain, coordinator)

    response = coordinates.get(page("lab-code-add", plain))

    assert response.status_code == 409
    assert "retire that one first" in shown(response)


# Who may know it


def test_r12_the_code_is_for_who_works_with_the_class(
    client, plain, coordinator, trainer, in_window
):
    entered(plain, coordinator)
    leader = UserFactory(roles=[Role.LEADERSHIP])
    address = page("delivery-labs", plain)

    for person, knows in ((coordinator, True), (trainer, True), (leader, False)):
        client.force_login(person)
        found = client.get(address)
        assert found.status_code == 200
        assert ("amber-7" in shown(found)) == knows, person


def test_r12_the_code_stands_on_no_other_page(coordinates, plain, coordinator):
    entered(plain, coordinator)
    engagement = plain.engagement
    tabs = ("history", "checklist", "training")
    addresses = [
        plain.get_absolute_url(),
        engagement.get_absolute_url(),
        *[
            reverse("engagements:engagement-tab", args=[engagement.pk, tab])
            for tab in tabs
        ],
        plain.checklist.steps.get(key="lab-code").get_absolute_url(),
        f"{reverse('engagements:engagement-list')}?q=amber",
        f"{reverse('outbox:message-list')}?q=amber",
        reverse("dashboards:my-day"),
    ]

    for address in addresses:
        response = coordinates.get(address, follow=True)
        assert response.status_code == 200, address
        assert "amber-7" not in shown(response), address


# Texts


def test_r12_the_texts_have_code_steps_and_expiry(coordinates, plain, coordinator):
    entered(plain, coordinator)

    found = coordinates.get(page("delivery-labs", plain)).context["texts"]

    assert [text.title for text in found] == ["For chat", "For slides", "For Zoom"]
    for text in found:
        assert "amber-7" in text.text
        assert "expire on Thu 8 Apr 2027, 11:00 (Sydney, AEST)." in text.text
        assert "ownload the credentials" in text.text
    for words in ("Visit", "redeem the code", "open your group"):
        assert words in found[0].text


def test_r12_a_dead_code_stands_in_no_text(client, plain, coordinator):
    entered(plain, coordinator)

    with time_machine.travel(IN_WINDOW + timedelta(days=7), tick=False):
        client.force_login(coordinator)
        response = client.get(page("delivery-labs", plain))

    assert response.context["texts"] == []
    assert "The code of this class died on Thu 8 Apr 2027, 11:00" in shown(response)


@pytest.mark.parametrize(
    ("fixture", "said"),
    [
        ("plain", "can be generated from Wed 31 Mar 2027, 14:00 (Sydney, AEDT) on"),
        ("weekly", "No single invitation code covers this class"),
    ],
)
def test_the_friendly_reminders_say_when_the_code_follows(
    as_coordinator, request, fixture, said
):
    delivery = request.getfixturevalue(fixture)

    response = as_coordinator.get(page("delivery-labs", delivery))

    text = response.context["reminders"]
    assert said in text
    assert "Tue 6 Apr 2027, 09:00–13:00 (Sydney time, AEST)" in text


# Retiring it


def test_a_code_is_retired_with_a_reason(coordinates, plain, coordinator):
    code = entered(plain, coordinator)
    address = page("lab-code-retire", code)

    assert coordinates.post(address, {"reason": ""}).status_code == 422
    response = coordinates.post(address, {"reason": "Does not work"}, follow=True)

    assert "Does not work" in shown(response)
    assert LabCode.objects.get().retired_by == coordinator
    again = coordinates.post(address, {"reason": "Again"})
    assert again.status_code == 422
    assert "retired already" in shown(again)


# The extension


def test_r12_an_extension_is_asked_for_with_a_ready_text(as_coordinator, weekly):
    address = page("lab-extension-ask", weekly)
    response = as_coordinator.get(address)
    text = response.context["request_text"]
    assert "First session: Tue 6 Apr 2027, 09:00 (Sydney, AEST)" in text
    assert "live until: Tue 20 Apr 2027, 13:00 (Sydney, AEST)" in text
    form = response.context["form"]

    typed = {"day": form["day"].value(), "clock": form["clock"].value(), "note": "#1"}
    response = as_coordinator.post(address, typed, follow=True)

    asked = LabExtension.objects.get()
    assert asked.until == datetime(2027, 4, 20, 3, tzinfo=UTC)
    assert asked.note == "#1"
    assert "An extension is asked for" in shown(response)


def test_r12_granting_takes_the_warning_away(as_coordinator, weekly, coordinator):
    until = datetime(2027, 4, 20, 3, tzinfo=UTC)
    asked = ask_extension(weekly, until, by=coordinator, now=PLANNED)
    address = page("lab-extension-decide", asked)
    form = as_coordinator.get(address).context["form"]
    typed = {name: form[name].value() for name in ("answer", "day", "clock")}

    response = as_coordinator.post(address, typed, follow=True)

    found = shown(response)
    assert "granted until Tue 20 Apr 2027, 13:00 (Sydney, AEST)" in found
    assert "An extension is" not in found
    assert "Tue 30 Mar 2027, 10:00 AEDT" in found
    assert as_coordinator.post(address, typed).status_code == 422


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"answer": "granted", "day": "", "clock": "09:00"}, "day"),
        ({"answer": "granted", "day": "2027-01-01", "clock": "09:00"}, "day"),
        ({"answer": "granted", "day": "2029-01-01", "clock": "09:00"}, "day"),
        ({"answer": "granted", "day": "2027-04-20", "clock": ""}, "clock"),
        ({"answer": "perhaps", "day": "2027-04-20", "clock": "09:00"}, "answer"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    as_coordinator, weekly, coordinator, fields, name
):
    until = datetime(2027, 4, 20, 3, tzinfo=UTC)
    asked = ask_extension(weekly, until, by=coordinator, now=PLANNED)

    response = as_coordinator.post(page("lab-extension-decide", asked), fields)

    assert response.status_code == 422
    assert name in response.context["form"].errors
    assert LabExtension.objects.get().decided_at is None


def test_a_refusal_needs_no_moment(as_coordinator, weekly, coordinator):
    until = datetime(2027, 4, 20, 3, tzinfo=UTC)
    asked = ask_extension(weekly, until, by=coordinator, now=PLANNED)

    typed = {"answer": "refused", "note": "Not possible"}
    response = as_coordinator.post(page("lab-extension-decide", asked), typed)

    assert response.status_code == 302
    assert LabExtension.objects.get().state == "refused"
    assert Event.objects.filter(verb="lab-extension-refused").exists()


# Dates are entered


def test_r12_the_list_before_a_move_names_the_code_that_is_lost(
    coordinates, plain, coordinator
):
    entered(plain, coordinator)

    typed = {"days": "7", "reason": "They asked", "cause": "customer"}
    found = shown(coordinates.post(page("delivery-move", plain), typed))

    assert "dies on Thu 8 Apr 2027, 11:00 (Sydney, AEST) and does not cover" in found
    assert "Re-send: Generate the invitation code" in found
    assert "amber-7" not in found


def test_r12_the_list_before_a_session_is_added_says_that_no_code_covers_it(
    as_coordinator, plain
):
    typed = {
        "day": "2027-04-20",
        "start": "09:00",
        "stop": "13:00",
        "zone_name": "Australia/Sydney",
        "platform": "webinar",
    }

    found = shown(as_coordinator.post(page("session-add", plain), typed))

    assert "No single code covers this class: it lasts from Tue 6 Apr 2027" in found


def test_r12_a_grant_for_a_refused_extension_is_a_new_request(weekly, coordinator):
    until = datetime(2027, 4, 20, 3, tzinfo=UTC)
    for answer in (None, until):
        asked = ask_extension(weekly, until, by=coordinator, now=PLANNED)
        decide_extension(asked, answer, by=coordinator, now=PLANNED)

    assert [one.state for one in weekly.lab_extensions.order_by("pk")] == [
        "refused",
        "granted",
    ]


def class_form(*days, **fields):
    rows = {"sessions-TOTAL_FORMS": str(len(days)), "sessions-INITIAL_FORMS": "0"}
    for number, day in enumerate(days):
        rows |= {
            f"sessions-{number}-day": day,
            f"sessions-{number}-start": "09:00",
            f"sessions-{number}-stop": "13:00",
        }
    return {
        "title": "Git, once a week",
        "place": "remote",
        "platform": "webinar",
        "language": "English",
        "seats": "12",
        "zone": SYDNEY,
        "with_labs": "on",
        **rows,
        **fields,
    }


WEEKLY = ("2027-04-06", "2027-04-13", "2027-04-20")


@pytest.mark.parametrize(
    ("days", "fields", "said"),
    [
        (WEEKLY, {}, "No single code covers this class"),
        (WEEKLY[:1], {}, ""),
        (WEEKLY[:1], {"with_certification": "on"}, "With the certification, the labs"),
        (WEEKLY, {"with_labs": ""}, ""),
    ],
)
def test_r12_the_form_of_a_class_says_it_when_the_dates_are_entered(
    as_coordinator, engagement, days, fields, said
):
    course = CourseFactory()
    address = f"{page('delivery-add', engagement)}?course={course.pk}"
    typed = {
        name: value for name, value in class_form(*days, **fields).items() if value
    }

    more = shown(as_coordinator.post(address, typed | {"more": "1"}))
    entered_page = as_coordinator.post(address, typed, follow=True)

    told = [str(message) for message in entered_page.context["messages"]]
    warned = [words for words in told if "extension" in words]
    assert len(warned) == (1 if said else 0)
    if said:
        assert said in more
        assert said in warned[0]
    else:
        assert "No single code covers" not in more


def test_r12_an_edit_that_needs_the_labs_longer_says_so(as_coordinator, plain):
    form = as_coordinator.get(page("delivery-edit", plain)).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    typed |= {f"initial-{name}": form[name].value() or "" for name in form.fields}

    response = as_coordinator.post(
        page("delivery-edit", plain), typed | {"with_certification": "on"}, follow=True
    )

    told = [str(message) for message in response.context["messages"]]
    assert any("With the certification, the labs are needed" in one for one in told)
