"""People at the customer are invited to the handoff call by a click, and taken off."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.models import Handoff
from engagements.services.handoff_call import (
    contacts_to_invite,
    guests,
    schedule_call,
)
from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.invitations import Meeting
from psdelivery.outbox.models import Attachment, Invitation, Message
from psdelivery.outbox.services.addresses import mark_address_bad
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.models import Contact
from psdelivery.people.services import erase_contact
from psdelivery.registry import RuleRefused
from tests.factories.engagements import NOW, TeamMemberFactory
from tests.factories.handoff import again, begun
from tests.factories.people import ContactFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
CALL = {
    "day": "2027-02-08",
    "clock": "10:00",
    "zone": "Europe/Berlin",
    "minutes": "60",
}


@pytest.fixture
def handoff(consulting):
    return begun(consulting)


@pytest.fixture
def cora(customer):
    return ContactFactory(
        customer=customer, name="Cora Client", email="cora@acme.example"
    )


@pytest.fixture
def bob(customer):
    return ContactFactory(
        customer=customer, name="Bob Client", email="bob@acme.example"
    )


@pytest.fixture
def page(handoff):
    return reverse("engagements:handoff-call", args=[handoff.engagement_id])


@pytest.fixture
def carla(client, coordinator):
    client.force_login(coordinator)
    return coordinator


@pytest.fixture
def post(client, page, carla):
    def call(*contacts, **typed):
        shown = client.get(page).context["form"]
        known = {"attendees": [carla.pk], "contacts": [one.pk for one in contacts]}
        return client.post(page, CALL | known | {"seen": shown["seen"].value()} | typed)

    return call


def to_customer():
    """Each mail to somebody at the customer: address, method and sequence."""
    found = []
    for mail in Message.objects.filter(audience=Audience.CUSTOMER).order_by("pk"):
        lines = bytes(mail.attachments.get().content).decode().splitlines()
        told = dict(line.split(":", 1) for line in lines if ":" in line)
        found.append((mail.to[0], told["METHOD"], told["SEQUENCE"], told["UID"]))
    return sorted(found)


def meeting(people, contacts=()):
    start = datetime(2027, 2, 8, 9, tzinfo=UTC)
    return Meeting(
        kind="handoff",
        title="Handoff",
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        zone="Europe/Berlin",
        attendees=guests(people, contacts),
    )


def test_only_who_works_there_and_has_an_address_is_offered(handoff, cora, customer):
    ContactFactory(customer=customer, email="")
    ContactFactory(customer=customer, is_active=False)
    ContactFactory()

    assert list(contacts_to_invite(handoff)) == [cora]


def test_nobody_of_the_customer_is_invited_by_itself(client, post, page, cora, carla):
    form = client.get(page).context["form"]
    assert form["contacts"].value() is None

    post()

    assert to_customer() == []
    assert Message.objects.filter(audience=Audience.STAFF).exists()


def test_a_contact_is_invited_by_the_click_of_a_person(post, cora, carla):
    post(cora)

    uid = f"{Invitation.objects.get().uid}@"
    ((to, method, sequence, of),) = to_customer()
    assert (to, method, sequence) == ("cora@acme.example", "REQUEST", "0")
    assert of.startswith(uid)
    mail = Message.objects.get(audience=Audience.CUSTOMER)
    assert (mail.created_by, mail.state, mail.reason) == (carla, State.READY, "")


def test_a_change_goes_out_under_the_same_uid_with_the_next_sequence(post, cora, bob):
    post(cora)
    post(cora, bob, clock="11:00")

    found = to_customer()
    assert [one[:3] for one in found] == [
        ("bob@acme.example", "REQUEST", "1"),
        ("cora@acme.example", "REQUEST", "0"),
        ("cora@acme.example", "REQUEST", "1"),
    ]
    assert len({one[3] for one in found}) == 1


def test_who_is_taken_off_gets_a_cancellation_and_the_others_do_not(post, cora, bob):
    post(cora, bob)
    post(bob)

    assert [one[:3] for one in to_customer()] == [
        ("bob@acme.example", "REQUEST", "0"),
        ("bob@acme.example", "REQUEST", "1"),
        ("cora@acme.example", "CANCEL", "1"),
        ("cora@acme.example", "REQUEST", "0"),
    ]
    # Who is off hears of themselves alone.
    (off,) = Message.objects.filter(to=["cora@acme.example"], subject__startswith="Can")
    assert b"bob@" not in bytes(Attachment.objects.get(message=off).content)


def test_a_call_that_is_off_is_cancelled_for_everybody(client, post, cora, handoff):
    post(cora)

    client.post(
        reverse("engagements:handoff-call-cancel", args=[handoff.engagement_id])
    )

    assert ("cora@acme.example", "CANCEL", "1") in [one[:3] for one in to_customer()]


def test_the_form_and_the_tab_show_who_is_invited(client, post, page, cora, handoff):
    post(cora)

    assert client.get(page).context["form"]["contacts"].value() == [cora.pk]
    tab = client.get(handoff.get_absolute_url()).content.decode()
    assert "Invited of Acme: Cora Client" in tab


def test_who_has_another_address_now_hears_at_both(post, cora):
    post(cora)
    Contact.objects.filter(pk=cora.pk).update(email="cora@new.example")

    post(cora)

    assert [one[:3] for one in to_customer()] == [
        ("cora@acme.example", "CANCEL", "1"),
        ("cora@acme.example", "REQUEST", "0"),
        ("cora@new.example", "REQUEST", "1"),
    ]


def test_who_left_is_still_shown_to_be_taken_off(client, post, page, cora):
    post(cora)
    Contact.objects.filter(pk=cora.pk).update(is_active=False)

    assert cora in client.get(page).context["form"].fields["contacts"].queryset
    assert post().status_code == 302
    assert client.get(page).context["form"].fields.get("contacts") is None


def test_an_address_that_mail_does_not_reach_is_told_and_can_be_taken_off(
    client, post, cora, bob, carla
):
    post(cora)
    mark_address_bad(cora.email, by=carla, reason="It bounced", now=NOW)

    refused = post(cora, bob)
    assert refused.status_code == 422
    assert "Mail does not reach cora@acme.example" in refused.content.decode()
    assert Invitation.objects.get().sequence == 0

    assert post(bob).status_code == 302
    assert [one[:2] for one in to_customer()] == [
        ("bob@acme.example", "REQUEST"),
        ("cora@acme.example", "REQUEST"),
    ]


def test_who_was_erased_gets_nothing_more(post, cora, bob, carla):
    post(cora, bob)
    cora.is_active = False
    cora.save()
    erase_contact(cora, by=carla, reason="Asked us to", now=NOW)
    before = list(Message.objects.values_list("pk", flat=True))

    assert post(bob).status_code == 302

    new = Message.objects.exclude(pk__in=before)
    assert not any("erased.invalid" in mail.to[0] for mail in new)


@pytest.mark.parametrize("foreign", ["another", "999999", "x"])
def test_nobody_of_another_customer_is_invited(post, cora, foreign):
    wrong = str(ContactFactory().pk) if foreign == "another" else foreign

    response = post(contacts=[wrong])

    assert response.status_code == 422
    assert not Invitation.objects.exists()


def test_bad_input_keeps_who_was_chosen(post, cora):
    response = post(cora, clock="25:00")

    assert response.status_code == 422
    page = response.content.decode()
    assert f'value="{cora.pk}"' in page
    assert response.context["form"]["contacts"].value() == [str(cora.pk)]


def test_a_call_that_somebody_else_changed_is_shown_and_saved_over_by_the_second_click(
    client, post, page, cora, carla, pm, handoff
):
    post(cora)
    seen = client.get(page).context["form"]["seen"].value()
    schedule_call(again(handoff), meeting([pm, carla], [cora]), by=pm, now=NOW)

    typed = CALL | {"attendees": [carla.pk], "clock": "15:00", "seen": seen}
    response = client.post(page, typed)

    text = response.content.decode()
    assert response.status_code == 409
    assert "changed the call meanwhile" in text
    assert f"{pm.display_name}, {carla.display_name}, Cora Client" in text
    assert 'value="15:00"' in text
    assert Invitation.objects.get().sequence == 1
    typed["seen"] = response.context["form"]["seen"].value()
    assert client.post(page, typed).status_code == 302
    assert Invitation.objects.get().sequence == 2


def test_two_who_schedule_at_once_make_one_call(handoff, carla, pm):
    stale = Handoff.objects.select_related("engagement").get(pk=handoff.pk)
    schedule_call(handoff, meeting([pm]), seen=-1, by=carla, now=NOW)

    with pytest.raises(RuleRefused) as refusal:
        schedule_call(stale, meeting([carla]), seen=-1, by=pm, now=NOW)

    assert [reason.code for reason in refusal.value.reasons] == ["changed"]
    assert Invitation.objects.count() == 1


def test_queries_do_not_grow_with_contacts(
    client, page, carla, customer, cora, django_assert_num_queries
):
    ContactFactory.create_batch(2, customer=customer)
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    ContactFactory.create_batch(27, customer=customer)
    with django_assert_num_queries(len(few)):
        client.get(page)


def test_who_only_reads_the_handoff_invites_nobody(client, handoff, page, cora):
    seller = UserFactory(roles=[Role.ACCOUNT])
    TeamMemberFactory(
        engagement=handoff.engagement, role=EngagementRole.SAL, person=seller
    )
    client.force_login(seller)

    typed = CALL | {"attendees": [seller.pk], "contacts": [cora.pk]}
    assert client.post(page, typed).status_code == 403
    assert not Message.objects.filter(audience=Audience.CUSTOMER).exists()
