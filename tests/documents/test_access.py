import pytest

from engagements.choices import Kind
from engagements.models import Engagement, TeamMember
from psdelivery.documents.access import documents_within
from psdelivery.documents.models import Document
from psdelivery.documents.services import add_link
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.models import Customer, Practice, Region, RoleGrant

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement(ann, now):
    engagement = Engagement.objects.create(
        title="GitLab for Acme",
        customer=Customer.objects.create(name="Acme"),
        kind=Kind.CONSULTING,
        status_since=now,
        ball_since=now,
        created_at=now,
        region=Region.objects.create(name="North", code="north"),
        practice=Practice.objects.create(name="Delivery"),
    )
    TeamMember.objects.create(
        engagement=engagement, role=EngagementRole.PSE, person=ann
    )
    return engagement


@pytest.fixture
def titles(engagement, stranger, now):
    add_link(
        "https://example.com/",
        title="Minutes",
        engagement=engagement,
        by=stranger,
        now=now,
    )
    add_link(
        "https://example.com/",
        title="SOW",
        engagement=engagement,
        by=stranger,
        now=now,
        money=True,
    )

    def titles(person, *roles):
        for role in roles:
            RoleGrant.objects.create(user=person, role=role)
        within = Document.objects.filter(documents_within(person))
        return sorted(within.values_list("title", flat=True))

    return titles


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.PSE, ["Minutes"]),
        (Role.TRAINER, ["Minutes"]),
        (Role.PM, ["Minutes", "SOW"]),
        (Role.ACCOUNT, ["Minutes", "SOW"]),
        (Role.ADMINISTRATOR, []),
    ],
)
def test_a_team_sees_its_documents_and_values_by_role(titles, ann, role, seen):
    assert titles(ann, role) == seen


@pytest.mark.parametrize(
    ("roles", "seen"),
    [
        ([], []),
        ([Role.PSE], []),
        ([Role.ACCOUNT], []),
        ([Role.COORDINATOR], ["Minutes"]),
        ([Role.PM], ["Minutes"]),
        ([Role.FINANCE], ["Minutes", "SOW"]),
    ],
)
def test_outside_the_team_the_role_decides_even_for_the_uploader(
    titles, stranger, roles, seen
):
    assert titles(stranger, *roles) == seen


@pytest.mark.parametrize("count", [3, 30])
def test_the_number_of_queries_does_not_grow(
    titles, engagement, ann, now, count, django_assert_num_queries
):
    for n in range(count):
        add_link(
            "https://example.com/", title=f"{n}", engagement=engagement, by=ann, now=now
        )

    RoleGrant.objects.create(user=ann, role=Role.TRAINER)

    # Roles, pools, documents.
    with django_assert_num_queries(3):
        assert len(titles(ann)) == count + 1
