"""Who has left is erased, and the history stays whole."""

import json

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.template import Context, Template
from django.test import Client

from engagements.models import Acknowledgement
from engagements.services.handoff import hold_handoff
from engagements.services.handoff_questions import ask_question
from psdelivery.history.lines import event_lines
from psdelivery.history.models import Event
from psdelivery.history.services import record
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import BadAddress, Invitation, Message, Recipient
from psdelivery.people import services
from psdelivery.people.choices import Role, SkillLevel, TimeOffKind
from psdelivery.people.models import Contact, PersonSkill, Skill, TimeOff, User
from psdelivery.people.personal_data import personal_data_of
from psdelivery.people.rules import reasons_against_erasing
from psdelivery.playbooks.services.shipped import load_shipped_data
from psdelivery.registry import RuleRefused
from tests.factories.engagements import (
    NOW,
    EngagementFactory,
    TeamMemberFactory,
    registered,
)
from tests.factories.handoff import filled, write
from tests.factories.outbox import MessageFactory
from tests.factories.people import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def grace(administrator):
    return UserFactory(
        username="grace", first_name="Grace", last_name="Hopper",
        email="grace@example.com", roles=[Role.PSE], is_active=False,
        manager=administrator, password="pass",
    )  # fmt: skip


@pytest.fixture
def sheila():
    return ContactFactory(
        name="Sheila Ward", email="sheila@acme.example", phone="+61 2 5550",
        job_title="CTO", is_active=False,
    )  # fmt: skip


def erase(subject, administrator, now):
    service = services.erase_person
    if isinstance(subject, Contact):
        service = services.erase_contact
    return service(subject, by=administrator, reason="Asked us to", now=now)


def lines():
    return event_lines(Event.objects.order_by("pk"), zone="UTC")


def whole_database(*but):
    """Every value of every row of the portal and of Django, in one text."""
    return json.dumps(
        [
            [str(value) for value in row]
            for model in apps.get_models()
            if model not in but
            for row in model._default_manager.values_list()
        ]
    )


def test_nothing_tells_who_it_was(grace, administrator, now):
    EmailAddress.objects.create(user=grace, email=grace.email)
    LogEntry.objects.create(
        user=administrator,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(grace.pk),
        object_repr="Grace Hopper",
        action_flag=CHANGE,
    )
    MessageFactory(to=["Grace@Example.com"], sent=True)
    services.edit_person(grace, {"last_name": "Murray"}, by=administrator, now=now)
    record("tea-made", by=grace, now=now)

    erased = erase(grace, administrator, now)

    left = whole_database().lower()
    assert [word for word in ("grace", "hopper", "murray") if word in left] == []
    assert str(erased) == f"Erased person {grace.pk}"
    assert not erased.has_usable_password()
    assert (erased.erased_at, erased.manager) == (now, None)
    assert not erased.role_set


def test_nothing_tells_who_the_contact_was(sheila, administrator, now):
    engagement = EngagementFactory(customer=sheila.customer, main_contact=sheila)
    record(
        "engagement-edited",
        by=administrator,
        engagement=engagement,
        changes={"main_contact": [None, sheila]},
        now=now,
    )
    services.edit_contact(sheila, {"phone": "+61 2 5551"}, by=administrator, now=now)
    MessageFactory(to=["sheila@acme.example"], cc=["bob@acme.example"], sent=True)

    erase(sheila, administrator, now)

    left = whole_database().lower()
    assert [word for word in ("sheila", "ward", "+61", "cto") if word in left] == []
    assert lines()[0].changes[0].new == f"Erased contact {sheila.pk}"


def test_the_history_stays_whole_and_tells_of_an_erased_person(
    grace, administrator, now
):
    record("tea-made", by=grace, now=now)
    record("tea-poured", by=administrator, on_behalf_of=grace, now=now)
    record("team-changed", by=None, changes={"pse": [None, grace]}, now=now)
    record("tea-praised", by=None, subject=grace, now=now)

    erase(grace, administrator, now)

    name = f"Erased person {grace.pk}"
    made, poured, team, praised, erased = lines()
    assert (made.who, poured.for_whom) == (name, name)
    assert (team.changes[0].new, praised.subject) == (name, name)
    assert (erased.who, erased.subject, erased.reason) == (
        str(administrator), name, "Asked us to",
    )  # fmt: skip


def test_what_a_person_is_called_never_stands_in_the_history(administrator, now):
    person = UserFactory(first_name="Grace")
    values = {"first_name": "Amazing", "email": "new@example.com", "zone": "Asia/Tokyo"}

    services.edit_person(person, values, by=administrator, now=now)

    (line,) = lines()
    withheld = {change.field: change.is_withheld for change in line.changes}
    assert withheld == {"first name": True, "email": True, "zone": False}
    assert "Amazing" not in json.dumps(Event.objects.get().changes)


def test_the_page_says_that_a_withheld_field_changed(administrator, now):
    person = UserFactory()
    services.edit_person(person, {"email": "a@example.com"}, by=administrator, now=now)
    events = Event.objects.with_people()

    html = Template("{% load history %}{% event_list events %}").render(
        Context({"events": events})
    )

    assert "email\n" in html
    assert "changed" in html
    assert "–" not in html


def test_only_who_has_left_is_erased(administrator, now):
    active = UserFactory()

    with pytest.raises(RuleRefused, match="has not left"):
        erase(active, administrator, now)

    active.refresh_from_db()
    assert active.first_name
    assert not Event.objects.exists()


def test_nobody_is_erased_twice(grace, administrator, now):
    erase(grace, administrator, now)

    with pytest.raises(RuleRefused, match="already"):
        erase(grace, administrator, now)

    assert Event.objects.count() == 1


@pytest.mark.unit
def test_reasons_against_erasing():
    codes = [
        [reason.code for reason in reasons_against_erasing(one)]
        for one in (
            User(is_active=True),
            User(is_active=False),
            User(is_active=False, erased_at="2027-01-01"),
            Contact(is_active=True),
            Contact(is_active=False),
        )
    ]

    assert codes == [["active"], [], ["erased"], ["active"], []]


@pytest.mark.parametrize(
    "change",
    [
        lambda who, by, now: services.edit_person(
            who, {"first_name": "New"}, by=by, now=now
        ),
        lambda who, by, now: services.set_roles(who, ["pm"], by=by, now=now),
        lambda who, by, now: services.bring_back(who, by=by, now=now),
    ],
)
def test_nobody_is_put_in_the_place_of_who_was_erased(
    grace, administrator, now, change
):
    erased = erase(grace, administrator, now)

    with pytest.raises(RuleRefused, match="stands for somebody who was erased"):
        change(erased, administrator, now)


def test_an_erased_contact_is_not_edited(sheila, administrator, now):
    erased = erase(sheila, administrator, now)

    with pytest.raises(RuleRefused):
        services.edit_contact(erased, {"name": "New"}, by=administrator, now=now)


def test_sessions_end_and_those_of_others_go_on(client, grace, administrator, now):
    Client().force_login(grace)
    client.force_login(administrator)

    erase(grace, administrator, now)

    (session,) = Session.objects.all()
    assert session.get_decoded()["_auth_user_id"] == str(administrator.pk)


def test_mail_that_has_not_left_goes_to_the_others_or_to_nobody(
    grace, administrator, now
):
    alone = MessageFactory(to=["grace@example.com"])
    with_ann = MessageFactory(to=["grace@example.com", "ann@example.com"])
    copied = MessageFactory(to=["ann@example.com"], cc=["grace@example.com"])
    sending = MessageFactory(
        to=["grace@example.com"], state=State.SENDING, lease_until=now
    )

    erase(grace, administrator, now)

    stored = Message.objects.in_bulk()
    nowhere = f"person-{grace.pk}@erased.invalid"
    assert (stored[alone.pk].state, stored[alone.pk].to) == ("cancelled", [nowhere])
    assert stored[with_ann.pk].recipients == ["ann@example.com"]
    assert stored[copied.pk].recipients == ["ann@example.com"]
    assert (stored[sending.pk].state, stored[sending.pk].to) == ("sending", [nowhere])
    assert stored[with_ann.pk].state == "ready"
    addresses = Recipient.objects.filter(message=with_ann).values_list("address")
    assert list(addresses) == [("ann@example.com",)]


def test_addresses_are_replaced_everywhere_in_the_outbox(grace, administrator, now):
    old = MessageFactory(
        to=["Grace@example.com"], reply_to="grace@example.com", failed=True,
        last_error="550 <grace@example.com>: unknown",
    )  # fmt: skip
    BadAddress.objects.create(address="grace@example.com", since=now, reason="550")
    meeting = Invitation.objects.create(
        kind="handoff", title="Handoff", starts_at=now, ends_at=now.replace(hour=23),
        zone="UTC", organizer=administrator, created_at=now, changed_at=now,
        attendees=[
            {"name": "Grace Hopper", "email": "grace@example.com", "person": grace.pk},
            {"name": "Bob", "email": "bob@acme.example", "person": None},
        ],
    )  # fmt: skip

    erase(grace, administrator, now)

    old.refresh_from_db()
    meeting.refresh_from_db()
    nowhere = f"person-{grace.pk}@erased.invalid"
    assert (old.to, old.reply_to) == ([nowhere], nowhere)
    assert old.last_error == f"550 <{nowhere}>: unknown"
    assert [one["email"] for one in meeting.attendees] == [nowhere, "bob@acme.example"]
    assert not BadAddress.objects.exists()


def test_what_others_wrote_about_the_person_goes(grace, administrator, now):
    skill = Skill.objects.create(name="CI")
    PersonSkill.objects.create(person=grace, skill=skill, level=SkillLevel.LEADS)
    away = TimeOff.objects.create(
        person=grace, kind=TimeOffKind.SICKNESS, note="Broken leg",
        starts_on=now.date(), ends_on=now.date(), requested_at=now,
    )  # fmt: skip

    erase(grace, administrator, now)

    away.refresh_from_db()
    assert (away.kind, away.note) == (TimeOffKind.OTHER, "")
    assert not grace.skills.exists()


def test_a_copy_holds_what_each_place_knows(grace, administrator, now):
    member = TeamMemberFactory(person=grace)
    mail = MessageFactory(to=["grace@example.com"], sent=True)
    record("kettle-filled", by=grace, now=now)
    record("roles-changed", by=administrator, subject=grace, reason="New", now=now)

    data = services.export_personal_data(grace, by=administrator, now=now)

    assert data["person"]["name"] == "Grace Hopper"
    assert data["roles"] == [{"role": "pse"}]
    assert data["teams"][0]["engagement__title"] == member.engagement.title
    assert data["mail_to_them"][0]["subject"] == mail.subject
    assert [event["what"] for event in data["history_by_them"]] == ["kettle filled"]
    assert data["history_about_them"][0]["reason"] == "New"
    assert Event.objects.latest("pk").verb == "personal-data-exported"


def test_a_copy_holds_the_texts_and_handoffs_of_somebody(grace, administrator, now):
    load_shipped_data()
    engagement = registered(by=administrator, title="Rollout")
    TeamMemberFactory(engagement=engagement, person=grace, hours=40)
    handoff = filled(engagement, by=administrator)
    write(handoff, by=grace, goals="Ship every day.")
    ask_question(handoff, "Which tools?", None, by=grace, now=now)
    hold_handoff(handoff, NOW.date(), [grace], by=administrator, now=NOW)
    Acknowledgement.objects.create(handoff=handoff, person=grace, done_at=now)

    data = services.export_personal_data(grace, by=administrator, now=now)

    (text,) = data["texts"]
    assert (text["row__key"], text["text"]) == ("goals", "Ship every day.")
    told = data["handoffs"]
    assert told["acknowledged"][0]["done_at"] == now
    assert told["attended"][0]["handoff__engagement__title"] == "Rollout"
    assert told["questions"][0]["text"] == "Which tools?"


def test_a_copy_of_who_was_erased_tells_no_name(grace, administrator, now):
    MessageFactory(to=["grace@example.com"], sent=True)
    erased = erase(grace, administrator, now)

    told = json.dumps(personal_data_of(erased), default=str).lower()

    assert "grace" not in told
    assert "hopper" not in told


def test_the_commands_do_the_same(grace, sheila, capsys):
    call_command("export_person", "--contact", str(sheila.pk))
    assert json.loads(capsys.readouterr().out)["contact"]["name"] == "Sheila Ward"

    call_command("erase_person", "--person", str(grace.pk), "--reason", "Asked")
    assert capsys.readouterr().out == f"Erased: Erased person {grace.pk}\n"
    with pytest.raises(CommandError, match="already"):
        call_command("erase_person", "--person", str(grace.pk), "--reason", "Asked")
    with pytest.raises(CommandError, match="nobody"):
        call_command("export_person", "--person", "99999")
