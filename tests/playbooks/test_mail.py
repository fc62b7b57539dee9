import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from psdelivery.outbox.models import Message
from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.mail import render_reminders
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.checklists import pause_checklists, set_anchor
from psdelivery.playbooks.services.reminders import scan_reminders
from psdelivery.playbooks.services.steps import complete_step, reopen_step
from tests.factories.engagements import EngagementFactory
from tests.factories.outbox import MessageFactory
from tests.factories.people import CustomerFactory, UserFactory
from tests.factories.playbooks import (
    PlaybookFactory,
    PlaybookStepFactory,
    owners,
    start,
)

pytestmark = pytest.mark.django_db

SYDNEY = ZoneInfo("Australia/Sydney")
SESSION = datetime(2027, 4, 6, 9, tzinfo=SYDNEY)
ON_THE_DAY = datetime(2027, 3, 23, 8, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture
def link_step():
    """The registration link of a class in Sydney, with an owner in Berlin."""
    playbook = PlaybookFactory()
    PlaybookStepFactory(
        playbook=playbook,
        key="link",
        title="Send the registration link",
        instructions="Ask the main contact to pass it on.",
        owner_role=EngagementRole.TC,
        anchor="first_session",
        offset_value=-14,
        calendar="session",
    )
    customer = CustomerFactory(name="Acme", zone="Australia/Sydney", country="AU")
    engagement = EngagementFactory(customer=customer)
    people = owners(
        tc=UserFactory(first_name="Tina", last_name="Tell"),
        coordinator=UserFactory(zone="America/New_York"),
    )
    checklist = start(
        playbook,
        title="Git Basics",
        people=people,
        engagement_id=engagement.pk,
        zone="Australia/Sydney",
        country="AU",
        anchors={"first_session": SESSION},
    )
    return checklist.steps.get()


def mail_of(moment=ON_THE_DAY):
    """The reminder that leaves at that moment, as it is written now."""
    scan_reminders(now=moment)
    message = Message.objects.get()
    return render_reminders([message])[message.pk]


def test_a_reminder_says_what_by_when_why_and_where(link_step, settings):
    settings.SITE_URL = "https://portal.example.com"

    text = mail_of().text

    assert "Send the registration link" in text
    assert "Git Basics" in text
    assert "Tue 23 Mar 2027, end of day Sydney" in text
    assert (
        "Why this date: 14 days before the first session (Tue 6 Apr 2027 09:00): "
        "Tue 23 Mar 2027, end of day Sydney time." in text
    )
    assert "With: Tina Tell" in text
    assert "Ask the main contact to pass it on." in text
    assert f"https://portal.example.com/playbooks/steps/{link_step.pk}/" in text
    assert "The step is yours" in text


def test_the_deadline_is_told_on_the_clock_of_its_owner(link_step):
    assert "14:00 your time (Berlin)" in mail_of().text


def test_an_escalation_is_told_on_the_clock_of_its_reader(link_step):
    moment = datetime(2027, 3, 24, 8, tzinfo=ZoneInfo("America/New_York"))

    mail = mail_of(moment)

    assert "09:00 your time (New York)" in mail.text
    assert "you coordinate this engagement" in mail.text
    assert mail.subject == "Late: Send the registration link (Acme)"


def test_the_subject_names_step_and_customer_in_one_line(link_step):
    link_step.title = "Send\r\nBcc: everybody@example.com"
    link_step.save()

    subject = mail_of().subject

    assert subject == "Due: Send Bcc: everybody@example.com (Acme)"


def test_a_step_without_an_engagement_is_named_alone():
    playbook = PlaybookFactory()
    PlaybookStepFactory(playbook=playbook, title="Renew the certificate")
    people = owners(pc=UserFactory())
    start(playbook, people=people, anchors={"kickoff": date(2027, 3, 20)})

    assert mail_of().subject == "Due: Renew the certificate"


def test_the_mail_has_a_body_for_each_kind_of_reader(link_step):
    mail = mail_of()

    assert re.search(r'<a href="[^"]+/playbooks/steps/', mail.html)
    assert "<strong>Send the registration link</strong>" in mail.html
    assert "**" not in mail.text


def test_r21_nothing_is_said_of_a_step_ticked_meanwhile(link_step):
    scan_reminders(now=ON_THE_DAY)
    complete_step(link_step, Completion(), by=None, now=ON_THE_DAY)

    message = Message.objects.get()
    assert render_reminders([message]) == {message.pk: None}


def test_r21_nothing_is_said_of_a_date_that_has_moved(link_step):
    scan_reminders(now=ON_THE_DAY)
    later = SESSION + timedelta(days=9)
    set_anchor(link_step.checklist, "first_session", later, by=None, now=ON_THE_DAY)

    message = Message.objects.get()
    assert render_reminders([message]) == {message.pk: None}


def test_r21_nothing_is_said_of_a_date_that_is_gone(link_step):
    scan_reminders(now=ON_THE_DAY)
    set_anchor(link_step.checklist, "first_session", None, by=None, now=ON_THE_DAY)

    message = Message.objects.get()
    assert render_reminders([message]) == {message.pk: None}


def test_nothing_is_said_of_an_engagement_on_hold(link_step):
    scan_reminders(now=ON_THE_DAY)
    pause_checklists(link_step.engagement_id)

    message = Message.objects.get()
    assert render_reminders([message]) == {message.pk: None}


def test_a_step_ticked_by_mistake_is_still_told_when_open_again(link_step):
    scan_reminders(now=ON_THE_DAY)
    complete_step(link_step, Completion(), by=None, now=ON_THE_DAY)
    reopen_step(link_step, by=None, now=ON_THE_DAY)

    message = Message.objects.get()
    assert render_reminders([message])[message.pk].subject.startswith("Due: ")


def test_a_message_without_a_reminder_is_not_wanted():
    message = MessageFactory(kind="step-reminder")

    assert render_reminders([message]) == {message.pk: None}


def test_writing_mails_takes_the_same_queries_for_3_and_30():
    counts = []
    for count in (3, 30):
        playbook = PlaybookFactory()
        for _ in range(count):
            PlaybookStepFactory(playbook=playbook, owner_role="pm")
        start(
            playbook,
            people=owners(pm=UserFactory()),
            engagement_id=EngagementFactory().pk,
            anchors={"kickoff": date(2027, 3, 20)},
        )
        scan_reminders(now=ON_THE_DAY)
        messages = list(Message.objects.order_by("-pk"))[:count]
        with CaptureQueriesContext(connection) as queries:
            assert None not in render_reminders(messages).values()
        counts.append(len(queries))

    assert counts[0] == counts[1]
