import pytest
from django.urls import reverse

from engagements.models import TeamMember
from psdelivery.history.models import Event
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.people.choices import EngagementRole, Role
from tests.factories.engagements import EngagementFactory
from tests.factories.outbox import MessageFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
LIST = reverse("outbox:message-list")


@pytest.fixture
def as_role(client):
    def log_in(*roles, **fields):
        user = UserFactory(roles=roles, **fields)
        client.force_login(user)
        return user

    return log_in


@pytest.fixture
def coordinator(as_role):
    return as_role(Role.COORDINATOR)


def subjects(response):
    return {message.subject for message in response.context["page"].object_list}


def url(action, message):
    return reverse(f"outbox:message-{action}", args=[message.pk])


def test_the_list_shows_to_whom_and_what_became_of_it(client, coordinator):
    MessageFactory(subject="Send the link", to=["bob@example.com"], failed=True)

    page = client.get(LIST).content.decode()

    assert "Send the link" in page
    assert "bob@example.com" in page
    assert "Failed" in page


def test_the_list_says_that_mail_is_kept_here(client, coordinator):
    assert "nothing leaves the portal" in client.get(LIST).content.decode()


def test_the_list_names_the_mail_server(client, coordinator, settings):
    settings.EMAIL_URL, settings.EMAIL_HOST = "smtp://mx.example.com", "mx.example.com"

    page = client.get(LIST).content.decode()

    assert "mx.example.com" in page
    assert "nothing leaves the portal" not in page


def test_an_empty_list_explains_itself(client, coordinator):
    assert "No mail here" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"one", "two"}),
        ({"state": "failed"}, {"one"}),
        ({"kind": "account"}, {"two"}),
        ({"q": "TWO"}, {"two"}),
        ({"q": "Bob@"}, {"one"}),
        ({"engagement": "999"}, set()),
        ({"state": "failed", "kind": "account"}, set()),
    ],
)
def test_every_filter_is_in_the_address(client, coordinator, query, found):
    MessageFactory(subject="one", to=["bob@example.com"], failed=True)
    MessageFactory(subject="two", kind="account", sent=True)

    assert subjects(client.get(LIST, query)) == found


@pytest.mark.parametrize(
    "query",
    [
        {"state": "lost"},
        {"kind": "nothing"},
        {"engagement": "x"},
        {"engagement": "9" * 30},
        {"q": "x" * 101},
        {"q": "a\x00b"},
    ],
)
def test_a_filter_that_does_not_fit_is_told(client, coordinator, query):
    MessageFactory()

    response = client.get(LIST, query)

    assert response.status_code == 422
    assert subjects(response) == set()


@pytest.mark.parametrize("number", ["0", "-1", "99", "x", "9" * 30])
def test_any_page_number_shows_a_page(client, coordinator, number):
    MessageFactory(subject="one")

    assert subjects(client.get(LIST, {"page": number})) == {"one"}


def test_open_states_are_counted(client, coordinator):
    MessageFactory.create_batch(2, failed=True)
    MessageFactory(sent=True)

    counts = client.get(LIST).context["counts"]

    assert counts == [(State.FAILED, 2)]


@pytest.mark.parametrize("number", [3, 30])
def test_the_list_costs_the_same_queries(
    client, coordinator, number, django_assert_num_queries
):
    for _ in range(number):
        MessageFactory(engagement=EngagementFactory())

    # Session, person, roles, counts, number of rows, rows.
    with django_assert_num_queries(6):
        client.get(LIST)


def test_a_very_long_list_is_cut_and_says_so(client, coordinator, monkeypatch):
    monkeypatch.setattr("psdelivery.outbox.views.messages.MOST_LISTED", 2)
    MessageFactory.create_batch(3)

    assert "The newest 2 are listed" in client.get(LIST).content.decode()


def test_the_page_of_a_message_tells_everything(client, coordinator):
    message = MessageFactory(
        subject="Send the link",
        text="Open https://portal.example.com/s/1 <now>",
        cc=["bob@example.com"],
        reply_to="carol@example.com",
        why="You own this step.",
        failed=True,
    )

    page = client.get(message.get_absolute_url()).content.decode()

    for words in ("Send the link", "&lt;now&gt;", "bob@example.com"):
        assert words in page
    assert "carol@example.com" in page
    assert "You own this step." in page
    assert "550 no such person" in page


def test_the_page_without_text_says_when_it_is_written(client, coordinator):
    message = MessageFactory(text="", subject="")

    page = client.get(message.get_absolute_url()).content.decode()

    assert "written at the moment the mail leaves" in page


@pytest.mark.parametrize(
    ("role", "state", "is_shown"),
    [
        (Role.COORDINATOR, State.KEPT, False),
        (Role.ADMINISTRATOR, State.KEPT, True),
        (Role.ADMINISTRATOR, State.READY, False),
    ],
)
def test_secret_text_is_for_administrators_and_only_when_kept(
    client, as_role, role, state, is_shown
):
    as_role(role)
    message = MessageFactory(text="reset-token-123", is_secret=True, state=state)

    page = client.get(message.get_absolute_url()).content.decode()

    assert ("reset-token-123" in page) is is_shown
    assert ("holds a secret" in page) is not is_shown


def test_a_failed_message_is_sent_again(client, coordinator):
    message = MessageFactory(failed=True)

    response = client.post(url("retry", message), follow=True)

    message.refresh_from_db()
    assert message.state == State.READY
    assert "leaves with the next look" in response.content.decode()
    assert Event.objects.get().actor == coordinator


def test_a_message_is_cancelled(client, coordinator):
    message = MessageFactory()

    assert client.post(url("cancel", message)).status_code == 302

    message.refresh_from_db()
    assert message.state == State.CANCELLED


def test_a_message_in_doubt_is_confirmed(client, coordinator):
    message = MessageFactory(customer=True, state=State.NEEDS_LOOK)

    assert "Did it arrive?" in client.get(message.get_absolute_url()).content.decode()
    client.post(url("confirm", message))

    message.refresh_from_db()
    assert message.state == State.SENT


@pytest.mark.parametrize("action", ["retry", "cancel", "confirm"])
def test_what_its_state_forbids_is_refused_with_the_reason(client, coordinator, action):
    message = MessageFactory(sent=True)

    response = client.post(url(action, message))

    assert response.status_code == 409
    assert "A message that is sent" in response.content.decode()
    assert not Event.objects.exists()


@pytest.mark.parametrize("action", ["retry", "cancel", "confirm"])
def test_decisions_are_posted(client, coordinator, action):
    assert client.get(url(action, MessageFactory(failed=True))).status_code == 405


def test_buttons_fit_the_state(client, coordinator):
    page = client.get(MessageFactory(sent=True).get_absolute_url()).content.decode()

    assert "Send again" not in page
    assert "Cancel this mail" not in page


def test_leadership_reads_everything_and_decides_nothing(client, as_role):
    as_role(Role.LEADERSHIP)
    message = MessageFactory(failed=True)

    page = client.get(message.get_absolute_url())

    assert page.status_code == 200
    assert "Send again" not in page.content.decode()
    assert client.post(url("retry", message)).status_code == 403


def test_an_administrator_mends_failed_mail(client, as_role):
    as_role(Role.ADMINISTRATOR)
    message = MessageFactory(failed=True)

    assert client.post(url("retry", message)).status_code == 302


def test_own_is_what_is_addressed_to_me(client, as_role):
    as_role(Role.PSE, email="pia@example.com")
    mine = MessageFactory(subject="mine", to=["x@example.com"], cc=["Pia@example.com"])
    foreign = MessageFactory(subject="foreign", to=["opia@example.com"])

    assert subjects(client.get(LIST)) == {"mine"}
    assert client.get(mine.get_absolute_url()).status_code == 200
    assert client.get(foreign.get_absolute_url()).status_code == 404
    assert client.post(url("cancel", foreign)).status_code == 404


def test_own_is_also_what_my_engagements_send(client, as_role):
    me = as_role(Role.PM)
    mine, foreign = EngagementFactory(), EngagementFactory()
    TeamMember.objects.create(engagement=mine, person=me, role=EngagementRole.PM)
    MessageFactory(subject="about mine", engagement=mine)
    other = MessageFactory(subject="about others", engagement=foreign, failed=True)

    assert subjects(client.get(LIST)) == {"about mine"}
    assert client.post(url("retry", other)).status_code == 404


def test_an_account_manager_has_no_outbox(client, as_role):
    as_role(Role.ACCOUNT)

    assert client.get(LIST).status_code == 403


def test_a_stranger_is_asked_to_log_in(client):
    message = MessageFactory()

    for address in (LIST, message.get_absolute_url(), url("retry", message)):
        assert client.get(address).status_code == 302


def test_no_message_is_changed_by_reading(client, coordinator):
    before = list(Message.objects.values())

    client.get(LIST)

    assert list(Message.objects.values()) == before
