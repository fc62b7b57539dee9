"""R-11: links of one contact that are due within three days go into one mail."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from engagements.choices import Condition
from engagements.models import Engagement
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.outbox.services.claims import tell_sent
from psdelivery.outbox.services.drafting import send_draft, sight_before_click
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.registry import RuleRefused
from tests.factories.engagements import meet
from tests.factories.people import ContactFactory
from tests.factories.shipped import ship_mails
from tests.factories.training import NOW, plan_class
from training.link_mail import KIND, links_with, prepare_links
from training.models import Session
from training.rules.links import DueLink, told_together
from training.services.deliveries import enter_registration_link

LINK = "https://zoom.example.com/register/{}"


def due(number, days=0.0, *, customer=1, contact=1):
    at = datetime(2027, 3, 23, tzinfo=UTC) + timedelta(days=days)
    return DueLink(number, customer, contact, at)


@pytest.mark.unit
def test_r11_links_within_three_days_of_one_contact_are_told_together():
    this = due(1)
    near = [due(2, 3), due(3, -3)]
    far = [due(4, 3.1), due(5, contact=2), due(6, customer=2)]

    found = told_together(this, [this, *near, *far])

    assert [link.delivery_id for link in found] == [3, 1, 2]


@pytest.mark.unit
def test_r11_a_link_alone_is_told_alone():
    assert told_together(due(1), [due(2, 4)]) == [due(1)]


@pytest.mark.django_db
class TestMail:
    @pytest.fixture
    def classes(self, engagement, coordinator, trainer, at_now):
        """Two classes on 6 and 8 April, a third two weeks later; links entered."""
        meet(engagement, *Condition, by=coordinator, now=NOW)
        ship_mails()
        contact = ContactFactory(customer=engagement.customer)
        Engagement.objects.filter(pk=engagement.pk).update(main_contact=contact)
        engagement.refresh_from_db()
        days = (date(2027, 4, 6), date(2027, 4, 8), date(2027, 4, 22))
        made = [
            plan_class(engagement, first=day, by=coordinator, title=f"Class {n}")
            for n, day in enumerate(days)
        ]
        for number, delivery in enumerate(made):
            enter_registration_link(
                delivery, LINK.format(number), by=coordinator, now=NOW
            )
            delivery.refresh_from_db()
        return made

    def step(self, delivery):
        return Step.objects.get(
            checklist=delivery.checklist_id, key="registration-link"
        )

    def test_r11_the_classes_near_each_other_are_offered_together(self, classes):
        first, second, third = classes

        assert links_with(first) == links_with(second) == [first, second]
        assert links_with(third) == [third]

    def test_r11_one_mail_tells_both_links_and_ticks_both_steps(
        self, classes, coordinator
    ):
        first, second, third = classes
        draft = prepare_links(first, by=coordinator, now=NOW)

        assert draft.state == State.DRAFT
        for number in (0, 1):
            assert LINK.format(number) in draft.text
        assert LINK.format(2) not in draft.text
        assert prepare_links(second, by=coordinator, now=NOW) == draft
        draft.refresh_from_db()

        sent = send_draft(
            draft, seen=sight_before_click(draft), by=coordinator, now=NOW
        )
        tell_sent(sent, by=coordinator, now=NOW)

        assert self.step(first).state == self.step(second).state == StepState.DONE
        assert self.step(third).is_open
        assert Message.objects.filter(kind=KIND).count() == 1

    def test_r15_with_one_link_missing_the_mail_names_where_to_enter_it(
        self, classes, coordinator
    ):
        first, second, _third = classes
        enter_registration_link(second, "", by=coordinator, now=NOW)

        draft = prepare_links(first, by=coordinator, now=NOW)
        with pytest.raises(RuleRefused) as refused:
            send_draft(draft, seen=sight_before_click(draft), by=coordinator, now=NOW)

        mended_at = [reason.fix_url for reason in refused.value.reasons]
        assert reverse("training:delivery-link", args=[second.pk]) in mended_at

    def test_sessions_with_links_of_their_own_are_each_told(self, classes, coordinator):
        first, _second, _third = classes
        enter_registration_link(first, "", by=coordinator, now=NOW)
        for number, session in enumerate(first.sessions.all()):
            Session.objects.filter(pk=session.pk).update(
                registration_url=f"https://zoom.example.com/own/{number}"
            )

        draft = prepare_links(first, by=coordinator, now=NOW)

        assert "https://zoom.example.com/own/0" in draft.text
        assert "https://zoom.example.com/own/1" in draft.text

    def test_the_page_offers_it_and_leads_to_the_draft(self, classes, as_coordinator):
        first, second, third = classes

        page = as_coordinator.get(first.get_absolute_url())
        assert "One mail for several classes" in page.content.decode()
        alone = as_coordinator.get(third.get_absolute_url())
        assert "One mail for several classes" not in alone.content.decode()

        answer = as_coordinator.post(reverse("training:links-mail", args=[second.pk]))
        assert answer.url == Message.objects.get(kind=KIND).get_absolute_url()

    def test_a_link_alone_is_refused(self, classes, as_coordinator):
        third = classes[2]

        answer = as_coordinator.post(reverse("training:links-mail", args=[third.pk]))

        assert answer.status_code == 409
        assert not Message.objects.filter(kind=KIND).exists()
