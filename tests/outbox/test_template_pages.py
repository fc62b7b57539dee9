import pytest
from django.urls import reverse

from psdelivery.outbox.models import MailTemplate
from psdelivery.people.choices import EngagementRole, Role
from tests.factories.engagements import EngagementFactory, TeamMemberFactory
from tests.factories.people import ContactFactory, CustomerFactory, UserFactory
from tests.factories.shipped import ship_mails

pytestmark = pytest.mark.django_db
LIST = reverse("outbox:template-list")
DETAIL = reverse("outbox:template-detail", args=["welcome"])
EDIT = reverse("outbox:template-edit", args=["welcome"])
RESET = reverse("outbox:template-reset", args=["welcome"])


@pytest.fixture(autouse=True)
def loaded(db):
    ship_mails()


@pytest.fixture
def as_role(client):
    def log_in(*roles, **fields):
        user = UserFactory(roles=roles, **fields)
        client.force_login(user)
        return user

    return log_in


@pytest.fixture
def manager(as_role):
    return as_role(Role.LEADERSHIP)


@pytest.fixture
def engagement():
    customer = CustomerFactory(name="Acme <b>")
    contact = ContactFactory(customer=customer, name="Cora Client")
    engagement = EngagementFactory(
        customer=customer, main_contact=contact, title="Rollout"
    )
    TeamMemberFactory(
        engagement=engagement,
        role=EngagementRole.PC,
        person=UserFactory(first_name="Carla", last_name="Coordinates"),
    )
    return engagement


def typed(**changes):
    return {
        "subject": "Welcome, {{ contact_name }}",
        "body": "Hello {{ contact_name }}",
        "note": "Short",
        "seen": "1",
    } | changes


def test_the_list_says_what_each_mail_is_for(client, manager):
    page = client.get(LIST).content.decode()

    assert "Welcome to PS" in page
    assert "as shipped" in page


def test_the_page_shows_the_mail_of_a_real_engagement(client, manager, engagement):
    page = client.get(DETAIL, {"record": engagement.pk}).content.decode()

    assert "Hello Cora Client" in page
    assert "Carla Coordinates" in page
    assert "Acme &lt;b&gt;" in page
    assert "Nobody of the account team is named" in page


def test_a_record_is_found_by_words(client, manager, engagement):
    EngagementFactory(title="Other")

    choices = client.get(DETAIL, {"q": "roll"}).context["choices"]

    assert choices == [engagement]


@pytest.mark.parametrize("query", [{"record": "x"}, {"record": "9" * 30}])
def test_a_record_that_cannot_be_is_told(client, manager, query):
    assert client.get(DETAIL, query).status_code == 422


def test_a_foreign_record_is_no_preview(client, as_role, engagement):
    as_role(Role.PRACTICE_MANAGER)

    assert client.get(DETAIL, {"record": engagement.pk}).context["letter"] is None


def test_an_unknown_mail_is_not_found(client, manager):
    for name in ("template-detail", "template-edit"):
        assert client.get(reverse(f"outbox:{name}", args=["none"])).status_code == 404


def test_a_coordinator_reads_and_does_not_edit(client, as_role, engagement):
    as_role(Role.COORDINATOR)

    page = client.get(DETAIL).content.decode()

    assert "Hello Cora Client" in page
    assert "Edit the text" not in page
    for response in (client.get(EDIT), client.post(EDIT, typed()), client.post(RESET)):
        assert response.status_code == 403


def test_others_do_not_see_the_texts(client, as_role):
    as_role(Role.PSE)

    assert client.get(LIST).status_code == 403


def test_a_manager_saves_a_new_version(client, manager):
    response = client.post(EDIT, typed(), follow=True)

    page = response.content.decode()
    assert "Version 2" in page
    assert "Short" in page


def test_a_preview_writes_nothing(client, manager, engagement):
    body = typed(preview="1", record=engagement.pk, subject="See {{ contact_name }}")

    page = client.post(EDIT, body).content.decode()

    assert "See Cora Client" in page
    assert MailTemplate.objects.filter(kind="welcome").count() == 1


@pytest.mark.parametrize("more", [{}, {"preview": "1"}])
def test_r15_an_unknown_placeholder_is_told_and_kept(client, manager, more):
    response = client.post(EDIT, typed(body="Hi {{ typo }}", **more))

    assert response.status_code == 409
    page = response.content.decode()
    assert "no placeholder “typo”" in page
    assert "Hi {{ typo }}" in page
    assert MailTemplate.objects.filter(kind="welcome").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": ""},
        {"subject": "x" * 201},
        {"subject": "a\x00b"},
        {"body": ""},
        {"body": "x" * 20_001},
        {"seen": "x"},
    ],
)
def test_bad_input_is_told_and_writes_nothing(client, manager, wrong):
    response = client.post(EDIT, typed(**wrong))

    assert response.status_code == 422
    assert MailTemplate.objects.filter(kind="welcome").count() == 1


def test_a_version_that_was_not_seen_is_told_and_saved_over_by_the_second_click(
    client, manager
):
    client.post(EDIT, typed())

    response = client.post(EDIT, typed(body="Hi {{ contact_name }}"))

    assert response.status_code == 409
    shown = response.context["form"]["seen"].value()
    again = client.post(EDIT, typed(body="Hi {{ contact_name }}", seen=shown))
    assert again.status_code == 302


def test_one_goes_back_to_an_earlier_version_and_to_the_shipped(client, manager):
    client.post(EDIT, typed())
    restore = reverse("outbox:template-restore", args=["welcome", 1])

    assert client.post(restore).status_code == 302
    assert client.post(reverse("outbox:template-restore", args=["welcome", 9])
    ).status_code == 404  # fmt: skip
    client.post(EDIT, typed(seen="3"))
    page = client.post(RESET, follow=True).content.decode()

    assert "Take it as shipped" not in page
    notes = MailTemplate.objects.filter(kind="welcome").values_list("note", flat=True)
    assert list(notes) == ["As shipped", "Short", "As in version 1", "Short", ""]


def test_an_earlier_version_can_be_read(client, manager):
    client.post(EDIT, typed())

    page = client.get(DETAIL, {"version": 1}).content.decode()

    assert "This is version 1" in page
    assert "What happens next" in page


@pytest.mark.parametrize("number", [3, 30])
def test_the_pages_cost_the_same_queries(
    client, manager, number, django_assert_max_num_queries
):
    for _ in range(number):
        TeamMemberFactory(engagement=EngagementFactory(), role=EngagementRole.PC)

    with django_assert_max_num_queries(10):
        client.get(DETAIL)
    with django_assert_max_num_queries(5):
        client.get(LIST)
