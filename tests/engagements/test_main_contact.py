from datetime import date, timedelta

import pytest

from engagements.services.intake import IntakeChanges, edit_engagement
from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.adhoc import AdHocStep
from psdelivery.playbooks.services.adhoc import add_step
from psdelivery.playbooks.services.handing import delegate_step
from psdelivery.playbooks.services.steps import set_aside_step
from tests.factories.engagements import NOW
from tests.factories.mails import person, sold, step_of
from tests.factories.people import ContactFactory, UserFactory
from tests.factories.training import plan_class

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def engagement(db):
    return sold(kind="blended")


@pytest.fixture
def paul(engagement):
    return person(engagement, EngagementRole.PM)


@pytest.fixture
def bob(engagement):
    return ContactFactory(customer=engagement.customer, name="Bob Baker")


def name_contact(engagement, contact, by):
    changes = IntakeChanges(engagement={"main_contact": contact})
    edit_engagement(engagement, changes, by=by, now=LATER)


def contact_of(step):
    return Step.objects.get(pk=step.pk).contact


def asked_of(engagement, contact, by):
    asked = AdHocStep(
        title="Open the firewall",
        phase=3,
        owner_role=EngagementRole.CONTACT,
        contact=contact,
        due_day=date(2027, 3, 1),
    )
    return add_step(engagement.checklist, asked, by=by, now=NOW)


def test_open_homework_goes_to_the_new_main_contact(engagement, paul, bob):
    access = step_of(engagement, "customer-access")

    name_contact(engagement, bob, paul)
    assert contact_of(access) == bob
    assert Step.objects.get(pk=access.pk).assignee == paul


def test_one_event_tells_how_much_went_along(engagement, paul, bob):
    name_contact(engagement, bob, paul)

    event = Event.objects.get(verb="homework-followed")
    assert event.changes == {"steps": ["", "3"]}
    assert (event.engagement, event.actor) == (engagement, paul)


def test_what_is_settled_keeps_whose_it_was(engagement, paul, bob):
    access = step_of(engagement, "customer-access")
    cora = access.contact
    set_aside_step(access, by=paul, reason="They have it", now=NOW)

    name_contact(engagement, bob, paul)
    assert contact_of(access) == cora


def test_the_homework_of_a_class_goes_along(engagement, paul, bob):
    delivery = plan_class(engagement, by=paul)
    registrants = delivery.checklist.steps.get(key="registrants-named")

    name_contact(engagement, bob, paul)
    assert contact_of(registrants) == bob


def test_whoever_was_given_the_chasing_keeps_it(engagement, paul, bob):
    access = step_of(engagement, "customer-access")
    colleague = UserFactory()
    delegate_step(access, colleague, by=paul, now=NOW)

    name_contact(engagement, bob, paul)
    assert contact_of(access) == bob
    assert Step.objects.get(pk=access.pk).assignee == colleague


def test_what_somebody_was_asked_by_name_stays_with_them(engagement, paul, bob):
    step = asked_of(engagement, engagement.main_contact, paul)

    name_contact(engagement, bob, paul)
    assert contact_of(step) != bob


def test_what_somebody_was_asked_who_left_goes_along(engagement, paul, bob):
    cora = engagement.main_contact
    step = asked_of(engagement, cora, paul)
    cora.is_active = False
    cora.save()

    name_contact(engagement, bob, paul)
    assert contact_of(step) == bob


def test_without_a_main_contact_the_homework_is_nobodys_by_name(engagement, paul):
    access = step_of(engagement, "customer-access")

    name_contact(engagement, None, paul)
    assert contact_of(access) is None


def test_another_edit_moves_no_homework(engagement, paul):
    changes = IntakeChanges(engagement={"notes": "Call before noon"})
    edit_engagement(engagement, changes, by=paul, now=LATER)

    assert not Event.objects.filter(verb="homework-followed").exists()


def test_the_page_says_how_much_the_new_contact_has_to_do(client, engagement, bob):
    carla = person(engagement, EngagementRole.PC)
    client.force_login(carla)
    url = f"{engagement.get_absolute_url()}edit/"
    forms = client.get(url).context["forms"]
    shown = {
        form.add_prefix(name): form[name].value()
        for form in (forms.what, forms.paper)
        for name in form.fields
    }
    typed = {name: value for name, value in shown.items() if value not in (None, False)}

    answer = client.post(url, typed | {"main_contact": bob.pk}, follow=True)
    text = answer.content.decode()
    assert "3 open steps of the customer are with Bob Baker now." in text
