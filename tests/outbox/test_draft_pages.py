import pytest
import time_machine
from django.urls import reverse

from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.outbox.services.drafting import prepare_draft
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.choices import StepState
from tests.factories.engagements import NOW
from tests.factories.mails import person, sold, step_of
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def engagement(db):
    return sold()


@pytest.fixture
def carla(engagement, client):
    found = person(engagement, EngagementRole.PC)
    client.force_login(found)
    return found


@pytest.fixture
def welcome(engagement):
    return step_of(engagement, "welcome")


@pytest.fixture
def draft(engagement, carla, welcome):
    return prepare_draft("welcome", engagement, step=welcome, by=carla, now=NOW)


def url(action, message):
    return reverse(f"outbox:draft-{action}", args=[message.pk])


def page_of(client, address):
    return client.get(address).content.decode()


def send(client, draft):
    seen = client.get(draft.get_absolute_url()).context["seen"]
    return client.post(url("send", draft), {"seen": seen}, follow=True)


def edit(client, draft, follow=False, **typed):
    """Type into the form as its page shows it."""
    form = client.get(url("edit", draft)).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return client.post(url("edit", draft), shown | typed, follow=follow)


def test_a_step_with_a_mail_offers_to_prepare_it(client, carla, welcome):
    assert "Prepare the mail" in page_of(client, welcome.get_absolute_url())

    response = client.post(reverse("playbooks:step-mail", args=[welcome.pk]))

    draft = Message.objects.get(step=welcome)
    assert response.url == draft.get_absolute_url()
    assert "Check the draft" in page_of(client, welcome.get_absolute_url())


def test_the_draft_shows_the_mail_as_its_reader_will_see_it(client, draft):
    page = page_of(client, draft.get_absolute_url())

    assert "Hello Cora Client" in page
    assert "<strong>What happens next</strong>" in page
    for address in ("cora@acme.example", "sally@ps.example", "carla@ps.example"):
        assert address in page
    assert "Send it now" in page


def test_r15_who_may_not_mend_what_is_missing_reads_it_without_a_link(
    client, engagement, draft
):
    engagement.main_contact = None
    engagement.save()
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))

    page = page_of(client, draft.get_absolute_url())

    assert "The main contact of Acme is not named." in page
    assert f"/engagements/{engagement.pk}/edit/" not in page


def test_one_click_sends_it(client, draft, carla):
    page = send(client, draft).content.decode()

    draft.refresh_from_db()
    assert (draft.state, draft.approved_by) == (State.READY, carla)
    assert "leaves with the next look" in page


def test_r15_what_is_missing_is_named_with_the_way_to_it(
    client, engagement, carla, welcome
):
    contact, engagement.main_contact = engagement.main_contact, None
    engagement.save()
    client.post(reverse("playbooks:step-mail", args=[welcome.pk]))
    draft = Message.objects.get(step=welcome)

    page = page_of(client, draft.get_absolute_url())
    assert "The main contact of Acme is not named." in page
    assert f"/engagements/{engagement.pk}/edit/#id_main_contact" in page
    assert "Send it now" not in page
    assert client.post(url("send", draft), {"seen": "x"}).status_code == 409

    engagement.main_contact = contact
    engagement.save()
    assert "Make it again" in page_of(client, draft.get_absolute_url())
    client.post(url("remake", draft))
    assert send(client, draft).status_code == 200
    draft.refresh_from_db()
    assert draft.state == State.READY


def test_a_changed_fact_shows_old_and_new_and_names_it(client, engagement, draft):
    engagement.title = "Other"
    engagement.save()

    page = page_of(client, draft.get_absolute_url())

    assert "Changed since it was written: Title of the engagement" in page
    assert "begin with <strong>Rollout</strong>" in page
    assert "begin with <strong>Other</strong>" in page
    response = client.post(url("send", draft), {"seen": "x"})
    assert response.status_code == 409
    draft.refresh_from_db()
    assert draft.state == State.STALE


def test_looking_at_a_draft_writes_nothing(client, engagement, draft):
    engagement.title = "Other"
    engagement.save()
    before = list(Message.objects.values())

    page_of(client, draft.get_absolute_url())

    assert list(Message.objects.values()) == before


def test_the_text_is_changed_by_hand_and_says_so(client, draft):
    typed = {"subject": "Mine", "body": "Hello **Cora** <script>"}

    page = edit(client, draft, follow=True, **typed).content.decode()

    assert "The text was changed by hand." in page
    assert "Hello <strong>Cora</strong> &lt;script&gt;" in page


@pytest.mark.parametrize(
    "wrong", [{"subject": ""}, {"body": ""}, {"subject": "a\nb"}, {"body": "a\x00"}]
)
def test_bad_text_is_told_and_kept(client, draft, wrong):
    typed = {"subject": "Mine", "body": "Hello"} | wrong

    response = edit(client, draft, **typed)

    assert response.status_code == 422
    draft.refresh_from_db()
    assert draft.subject.startswith("Welcome to")


def test_what_has_left_is_not_edited(client, draft):
    send(client, draft)

    assert client.get(url("edit", draft)).status_code == 409


def test_a_text_that_changed_meanwhile_is_read_again(client, draft):
    seen = client.get(draft.get_absolute_url()).context["seen"]
    edit(client, draft, subject="Other", body="Other")

    response = client.post(url("send", draft), {"seen": seen})

    assert response.status_code == 409
    assert "read it again" in response.content.decode()


def test_a_draft_is_discarded(client, draft):
    client.post(reverse("outbox:message-cancel", args=[draft.pk]))

    draft.refresh_from_db()
    assert draft.state == State.CANCELLED


def test_a_mail_without_a_step_is_prepared_from_the_mail_tab(client, engagement, carla):
    page = page_of(client, f"{engagement.get_absolute_url()}mail/")
    address = reverse("outbox:draft-add", args=["welcome", engagement.pk])
    assert address in page
    assert "Welcome to PS, with proposed dates" not in page

    response = client.post(address)

    assert response.url == Message.objects.get(kind="welcome").get_absolute_url()


def test_an_engineer_does_not_write_the_welcome(client, engagement, draft, welcome):
    client.force_login(person(engagement, EngagementRole.PSE))

    assert client.get(draft.get_absolute_url()).status_code == 200
    assert "Send it now" not in page_of(client, draft.get_absolute_url())
    for name in ("edit", "send", "remake"):
        assert client.post(url(name, draft)).status_code == 403
    add = reverse("outbox:draft-add", args=["welcome", engagement.pk])
    assert client.post(add).status_code == 403
    for name in ("step-mail", "step-elsewhere"):
        address = reverse(f"playbooks:{name}", args=[welcome.pk])
        assert client.post(address).status_code == 403


def test_strangers_find_no_draft(client, engagement, draft):
    client.force_login(UserFactory(roles=[Role.PM]))

    for name in ("edit", "send", "remake"):
        assert client.post(url(name, draft)).status_code == 404
    add = reverse("outbox:draft-add", args=["welcome", engagement.pk])
    assert client.post(add).status_code == 404


def test_leadership_reads_drafts_and_sends_none(client, engagement, draft):
    client.force_login(UserFactory(roles=[Role.LEADERSHIP]))

    assert "Send it now" not in page_of(client, draft.get_absolute_url())
    assert client.post(url("send", draft)).status_code == 403


def test_a_step_without_a_mail_says_so(client, engagement, carla):
    step = step_of(engagement, "project-set-up")

    for name in ("step-mail", "step-elsewhere"):
        response = client.post(reverse(f"playbooks:{name}", args=[step.pk]))
        assert response.status_code == 409
    assert "Prepare the mail" not in page_of(client, step.get_absolute_url())


def elsewhere(**changes):
    return {
        "day": "2027-01-31",
        "clock": "10:00",
        "to": "cora@acme.example",
        "subject": "Welcome",
        "text": "Hello Cora",
    } | changes


def test_a_mail_sent_from_elsewhere_closes_the_step(client, carla, welcome):
    address = reverse("playbooks:step-elsewhere", args=[welcome.pk])
    assert "cora@acme.example" in page_of(client, address)

    page = client.post(address, elsewhere(), follow=True).content.decode()

    welcome.refresh_from_db()
    assert welcome.state == StepState.DONE
    assert "Sent elsewhere" in page


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"day": ""}, 422),
        ({"day": "2027-02-02"}, 409),
        ({"clock": "25:00"}, 422),
        ({"to": ""}, 422),
        ({"to": "cora"}, 409),
        ({"text": ""}, 409),
        ({"evidence_link": "javascript:alert(1)"}, 422),
    ],
)
def test_what_lacks_in_it_is_told_and_writes_nothing(
    client, carla, welcome, wrong, status
):
    address = reverse("playbooks:step-elsewhere", args=[welcome.pk])

    response = client.post(address, elsewhere(**wrong))

    assert response.status_code == status
    welcome.refresh_from_db()
    assert welcome.state == StepState.OPEN
    assert not Message.objects.filter(step=welcome).exists()


def test_a_secret_is_shown_to_those_who_work_with_it_only(client, engagement, draft):
    Message.objects.filter(pk=draft.pk).update(kind="registration-link")
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))

    page = page_of(client, draft.get_absolute_url())

    assert "Hello Cora Client" not in page
    assert "holds a secret" in page
