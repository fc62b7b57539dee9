import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from psdelivery.documents.models import Document
from psdelivery.documents.services import add_link, new_version
from psdelivery.people.choices import EngagementRole, Role
from tests.factories.engagements import NOW, EngagementFactory, TeamMemberFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "store"


@pytest.fixture
def engagement():
    return EngagementFactory(title="Rollout")


def member(engagement, role):
    person = UserFactory(roles=[role])
    team_role = {Role.PSE: EngagementRole.PSE}.get(role, EngagementRole.PM)
    TeamMemberFactory(engagement=engagement, role=team_role, person=person)
    return person


@pytest.fixture
def as_pm(client, engagement):
    client.force_login(member(engagement, Role.PM))
    return client


@pytest.fixture
def as_pse(client, engagement):
    client.force_login(member(engagement, Role.PSE))
    return client


def tab(engagement):
    return f"{engagement.get_absolute_url()}documents/"


def add_url(engagement):
    return reverse("engagements:document-add", args=[engagement.pk])


def version_url(document):
    arguments = [document.engagement_id, document.pk]
    return reverse("engagements:document-version", args=arguments)


def link(engagement, title="Minutes", **fields):
    return add_link(
        "https://example.com/", title=title, engagement=engagement, by=None, now=NOW,
        **fields,
    )  # fmt: skip


def test_a_file_is_added_from_the_tab(as_pm, engagement):
    upload = SimpleUploadedFile("minutes.txt", b"Minutes")

    answer = as_pm.post(add_url(engagement), {"evidence_file": upload})

    document = Document.objects.get()
    assert answer.url == tab(engagement)
    assert (document.title, document.engagement) == ("minutes.txt", engagement)
    assert document.get_absolute_url() in as_pm.get(tab(engagement)).content.decode()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "evidence_file"),
        ({"evidence_link": "javascript:alert(1)"}, "evidence_link"),
        ({"evidence_link": "https://example.com/", "title": "a\x00b"}, "title"),
        ({"evidence_link": "https://example.com/", "title": "x" * 201}, "title"),
    ],
)
def test_bad_input_is_told_at_its_field_and_keeps_nothing(
    as_pm, engagement, values, field
):
    answer = as_pm.post(add_url(engagement), values)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Document.objects.exists()


def test_who_sees_values_may_say_that_it_tells_money(as_pm, engagement):
    body = {"evidence_link": "https://example.com/", "is_money": "on"}

    as_pm.post(add_url(engagement), body)

    assert Document.objects.get().is_money


def test_who_does_not_see_values_is_not_asked_about_money(as_pse, engagement):
    assert 'name="is_money"' not in as_pse.get(tab(engagement)).content.decode()

    body = {"evidence_link": "https://example.com/", "is_money": "on"}
    as_pse.post(add_url(engagement), body)

    # Else it would be out of reach of who added it.
    assert not Document.objects.get().is_money


def test_the_tab_lists_the_newest_version_and_the_older_ones_below(as_pm, engagement):
    first = link(engagement)
    as_pm.post(version_url(first), {"title": "Minutes", "evidence_link": "https://b.c"})

    html = as_pm.get(tab(engagement)).content.decode()
    newest = Document.objects.current().get()
    assert version_url(newest) in html
    assert version_url(first) not in html
    assert "1 older version" in html
    assert 'href="https://example.com/"' in html


def test_only_the_newest_version_is_replaced(as_pm, engagement):
    first = link(engagement)
    new_version(first, {"evidence_link": "https://b.c"}, by=None, now=NOW)

    assert as_pm.get(version_url(first)).status_code == 404


def test_a_version_of_what_tells_money_is_for_who_sees_values(as_pse, engagement):
    paper = link(engagement, money=True)

    assert as_pse.get(version_url(paper)).status_code == 404
    assert as_pse.get(version_url(link(engagement))).status_code == 200


def test_a_document_of_another_engagement_is_not_found(as_pm, engagement):
    foreign = link(EngagementFactory())
    url = reverse("engagements:document-version", args=[engagement.pk, foreign.pk])

    assert as_pm.post(url, {"evidence_link": "https://b.c"}).status_code == 404
    assert Document.objects.count() == 1


def test_who_only_sees_the_engagement_adds_nothing(client, engagement):
    client.force_login(UserFactory(roles=[Role.LEADERSHIP]))
    document = link(engagement)

    html = client.get(tab(engagement)).content.decode()
    assert "Minutes" in html
    assert "New version" not in html
    assert client.get(add_url(engagement)).status_code == 403
    assert client.post(version_url(document)).status_code == 403


def test_the_tab_costs_the_same_with_3_and_with_30(
    as_pm, engagement, django_assert_max_num_queries
):
    counts = []
    for number in (3, 27):
        for _n in range(number):
            new_version(
                link(engagement), {"evidence_link": "https://b.c"}, by=None, now=NOW
            )
        with django_assert_max_num_queries(25) as captured:
            as_pm.get(tab(engagement))
        counts.append(len(captured))

    assert counts[0] == counts[1]
