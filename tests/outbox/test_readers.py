"""Who gets a draft is changed on its page: checked, kept, told."""

import pytest
import time_machine
from django.urls import reverse

from psdelivery.history.lines import event_lines
from psdelivery.history.models import Event
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.outbox.rules.messages import MAX_RECIPIENTS
from psdelivery.outbox.rules.readers import (
    Readers,
    addresses_in,
    reasons_against_readers,
)
from psdelivery.outbox.services.drafting import (
    draft_as_seen,
    edit_draft,
    prepare_draft,
    remake_draft,
    send_draft,
    sight_before_click,
)
from psdelivery.outbox.services.readers import swap_reader
from psdelivery.outbox.services.sending import send_due
from psdelivery.people.choices import EngagementRole
from psdelivery.people.services import erase_contact
from psdelivery.registry import RuleRefused
from tests.factories.engagements import NOW
from tests.factories.mails import person, sold
from tests.factories.people import ContactFactory
from tests.factories.training import make_engagement, plan_class, submit

pytestmark = pytest.mark.django_db
CORA, BOB = "cora@acme.example", "bob@acme.example"


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def engagement():
    return sold()


@pytest.fixture
def carla(engagement, client):
    found = person(engagement, EngagementRole.PC)
    client.force_login(found)
    return found


@pytest.fixture
def draft(engagement, carla):
    return prepare_draft("welcome", engagement, by=carla, now=NOW)


@pytest.fixture
def choose(draft, carla):
    """Let the draft go to these, its text as it is."""

    def call(*to, cc=()):
        known = Message.objects.get(pk=draft.pk)
        readers = Readers.of(to, cc)
        body = known.source["body"]
        return edit_draft(
            known, known.subject, body, readers=readers, by=carla, now=NOW
        )

    return call


def address(draft):
    return reverse("outbox:draft-edit", args=[draft.pk])


def post(client, draft, **typed):
    form = client.get(address(draft)).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return client.post(address(draft), shown | typed)


def stored(draft):
    return Message.objects.get(pk=draft.pk)


def codes(call, *args, **kwargs):
    with pytest.raises(RuleRefused) as refusal:
        call(*args, **kwargs)
    return [reason.code for reason in refusal.value.reasons]


@pytest.mark.unit
def test_addresses_are_told_apart_by_commas_or_semicolons():
    assert addresses_in(" a@x.example; b@x.example ,,c@x.example ") == [
        "a@x.example", "b@x.example", "c@x.example",
    ]  # fmt: skip


@pytest.mark.unit
def test_each_address_counts_once_and_who_is_written_to_gets_no_copy():
    readers = Readers.of(["A@x.example", "a@X.example"], ["a@x.example", "b@x.example"])

    assert readers == Readers(("A@x.example",), ("b@x.example",))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("to", "cc", "fields"),
    [
        ([CORA], [], []),
        ([CORA], [BOB], []),
        ([], [BOB], ["to"]),
        (["Cora <cora@acme.example>"], [], ["to"]),
        (["cora"], ["bob"], ["to", "cc"]),
        (["cora@acme.example\r\nBcc: eve@x.example"], [], ["to"]),
        (["cora@acme.example\nBcc: eve@x.example"], [BOB], ["to"]),
        ([CORA], ["b\u2028ob@acme.example"], ["cc"]),
        ([f"a{n}@x.example" for n in range(MAX_RECIPIENTS + 1)], [], ["to"]),
        ([f"a{n}@x.example" for n in range(MAX_RECIPIENTS)], [BOB], ["to"]),
    ],
)
def test_who_cannot_get_it_is_refused_at_the_field(to, cc, fields):
    found = reasons_against_readers(Readers.of(to, cc))

    assert [reason.code for reason in found] == fields


def test_the_form_shows_who_gets_it_and_who_usually_does(client, draft):
    page = client.get(address(draft)).content.decode()

    assert f'value="{CORA}"' in page
    assert f"Usually: {CORA}" in page
    assert "sally@ps.example, chris@ps.example, petra@ps.example" in page


def test_readers_changed_on_the_page_are_those_who_get_it(client, draft, now, smtp):
    response = post(client, draft, to=f"{BOB}, {CORA}", cc="")

    assert response.url == draft.get_absolute_url()
    draft = stored(draft)
    assert (draft.to, draft.cc) == ([BOB, CORA], [])
    assert set(draft.recipient_rows.values_list("address", flat=True)) == {BOB, CORA}
    page = client.get(draft.get_absolute_url())
    assert "Who gets it was changed by hand" in page.content.decode()
    assert f"Usually: to {CORA}" in page.content.decode()
    client.post(
        reverse("outbox:draft-send", args=[draft.pk]), {"seen": page.context["seen"]}
    )
    send_due(NOW, 10)
    (one,) = smtp.received
    assert set(one.recipients) == {BOB, CORA}
    assert one.mail["Cc"] is None


def test_only_the_readers_were_changed_so_the_text_counts_as_it_was(choose, draft):
    choose(BOB)

    assert "edited" not in stored(draft).source
    assert not Event.objects.filter(verb="draft-edited").exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"to": ""}, "at least one recipient"),
        ({"to": "cora"}, "Not an e-mail address: cora."),
        ({"cc": "bob@"}, "Not an e-mail address: bob@."),
        ({"to": f"{CORA}\r\nBcc: eve@x.example"}, "characters that cannot be shown"),
        ({"to": f"{CORA}%0aBcc:eve@x.example"}, "Not an e-mail address"),
        ({"to": ", ".join(f"a{n}@x.example" for n in range(60))}, "at most 50"),
        ({"to": "x" * 14_000}, "at most 13000 characters"),
    ],
)
def test_bad_readers_are_told_at_the_field_and_nothing_is_lost(
    client, draft, typed, words
):
    response = post(client, draft, body="My own words", **typed)

    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "My own words" in page
    assert stored(draft).to == [CORA]
    assert not Event.objects.filter(verb="recipients-changed").exists()


def test_the_history_tells_of_people_by_number_and_of_no_address(
    choose, draft, engagement
):
    ContactFactory(customer=engagement.customer, name="Bob Client", email=BOB)

    choose(BOB, "nobody@x.example", cc=["sally@ps.example"])

    event = Event.objects.get(verb="recipients-changed")
    assert "@" not in str(event.changes)
    (line,) = event_lines([event], zone="UTC")
    # PostgreSQL keeps the fields in an order of its own.
    assert {(c.field, c.old, c.new) for c in line.changes} == {
        ("to", "Cora Client", "Bob Client, another address"),
        ("copy to", "Sally Sales, Chris Success, Petra Lead", "Sally Sales"),
    }


def test_chosen_as_usual_it_follows_the_engagement_again(choose, draft, engagement):
    choose(BOB)
    choose(CORA, cc=["sally@ps.example", "chris@ps.example", "petra@ps.example"])

    assert "readers" not in stored(draft).source


def test_readers_stay_when_the_text_is_made_again(choose, draft, engagement, carla):
    choose(BOB)
    engagement.title = "Other"
    engagement.save()

    remade = remake_draft(stored(draft), by=carla, now=NOW)

    assert remade.to == [BOB]
    assert "Other" in remade.text


def test_readers_of_a_draft_that_is_out_of_date_do_not_make_it_true(
    choose, draft, engagement
):
    Message.objects.filter(pk=draft.pk).update(state=State.STALE)
    engagement.title = "Other"
    engagement.save()

    choose(BOB)

    assert stored(draft).state == State.STALE
    assert stored(draft).to == [BOB]


def test_a_draft_whose_readers_changed_is_not_sent_unseen(choose, draft, carla):
    seen = sight_before_click(draft)
    choose(BOB)

    assert codes(send_draft, stored(draft), seen=seen, by=carla, now=NOW) == ["unseen"]


def test_two_who_edit_at_once_are_told_and_nothing_typed_is_lost(
    client, draft, carla, choose
):
    form = client.get(address(draft)).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    choose(BOB)

    response = client.post(address(draft), shown | {"subject": "Mine"})

    page = response.content.decode()
    assert response.status_code == 409
    assert "changed this draft meanwhile" in page
    assert 'value="Mine"' in page
    assert BOB in page
    assert stored(draft).to == [BOB]
    again = {name: response.context["form"][name].value() for name in form.fields}
    assert client.post(address(draft), again).status_code == 302
    assert (stored(draft).subject, stored(draft).to) == ("Mine", [CORA])


def test_what_was_seen_is_the_text_and_the_readers(choose, draft):
    before = draft_as_seen(draft)

    assert draft_as_seen(choose(BOB)) != before


def test_without_a_contact_the_text_can_still_be_written(client, engagement, carla):
    engagement.main_contact = None
    engagement.save()
    draft = prepare_draft("welcome", engagement, by=carla, now=NOW)

    response = post(client, draft, body="Hello whoever you are")

    assert response.status_code == 302
    assert stored(draft).to == []


def test_a_result_goes_to_nobody_else(client, carla):
    delivery = plan_class(make_engagement())
    submission = submit(delivery)
    draft = prepare_draft("certification-passed", submission, by=carla, now=NOW)

    page = client.get(address(draft)).content.decode()
    assert 'name="to"' not in page
    assert post(client, draft, body="Well done").status_code == 302

    readers = Readers.of([BOB])
    assert codes(
        edit_draft, draft, "x", "y", readers=readers, by=carla, now=NOW
    ) == ["fixed"]  # fmt: skip


def test_who_takes_over_gets_answers_and_copies_instead(choose, draft):
    choose(CORA, cc=["paul@ps.example", "carla@ps.example"])

    swap_reader(stored(draft), "carla@ps.example", "paul@ps.example")

    draft = stored(draft)
    assert (draft.cc, draft.reply_to) == (["paul@ps.example"], "paul@ps.example")
    assert draft.source["readers"]["cc"] == ["paul@ps.example"]
    assert not draft.recipient_rows.filter(address="carla@ps.example").exists()


def test_an_erased_contact_is_no_reader_any_more(choose, draft, engagement, carla):
    bob = ContactFactory(customer=engagement.customer, email=BOB, is_active=False)
    choose(CORA, BOB)

    erase_contact(bob, by=carla, reason="Asked us to", now=NOW)

    assert stored(draft).to == [CORA]
    assert BOB not in str(stored(draft).source)
