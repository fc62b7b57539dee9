import pytest

from engagements.mails import contact_addressing, engagement_rows, welcome_addressing
from psdelivery.outbox.letters import letter_for
from psdelivery.outbox.templates import mail_kind
from psdelivery.people.choices import EngagementRole
from tests.factories.engagements import EngagementFactory, TeamMemberFactory
from tests.factories.people import (
    ContactFactory,
    CustomerFactory,
    PracticeFactory,
    UserFactory,
)
from tests.factories.shipped import ship_mails

pytestmark = pytest.mark.django_db


def named(name):
    first, _space, last = name.partition(" ")
    return UserFactory(
        first_name=first, last_name=last, email=f"{first.lower()}@ps.example"
    )


@pytest.fixture
def sold():
    """A consulting engagement with everybody who is named in its welcome mail."""
    customer = CustomerFactory(name="Acme")
    lead = named("Petra Lead")
    engagement = EngagementFactory(
        title="Rollout",
        customer=customer,
        main_contact=ContactFactory(
            customer=customer, name="Cora Client", email="cora@acme.example"
        ),
        practice=PracticeFactory(manager=lead),
    )
    for role, name in (
        (EngagementRole.PC, "Carla Coordinator"),
        (EngagementRole.PM, "Paul Project"),
        (EngagementRole.SAL, "Sally Sales"),
        (EngagementRole.CSM, "Chris Success"),
        (EngagementRole.PSE, "Pia Engineer"),
    ):
        TeamMemberFactory(engagement=engagement, role=role, person=named(name))
    return engagement


def read(engagement):
    return engagement_rows().get(pk=engagement.pk)


def missing(addressing):
    return [reason.code for reason in addressing.missing]


def test_r4_welcome_goes_to_the_contact_and_answers_to_the_coordinator(sold):
    found = welcome_addressing(read(sold))

    assert list(found.to) == ["cora@acme.example"]
    assert found.reply_to == "carla@ps.example"
    assert not found.missing


def test_r4_account_team_and_ps_lead_are_in_copy_and_nobody_else(sold):
    assert list(welcome_addressing(read(sold)).cc) == [
        "sally@ps.example", "chris@ps.example", "petra@ps.example",
    ]  # fmt: skip


def test_r4_nobody_is_in_copy_twice(sold):
    TeamMemberFactory(
        engagement=sold, role=EngagementRole.SA, person=sold.practice.manager
    )

    assert list(welcome_addressing(read(sold)).cc).count("petra@ps.example") == 1


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (EngagementRole.PC, "no-coordinator"),
        (EngagementRole.SAL, "no-account-team"),
    ],
)
def test_r4_whoever_lacks_is_named_with_where_to_mend_it(sold, role, code):
    sold.team.filter(role__in=[role, EngagementRole.CSM]).delete()

    reasons = welcome_addressing(read(sold)).missing

    assert [reason.code for reason in reasons] == [code]
    assert f"/team/add/?role={role}" in reasons[0].fix_url


def test_r4_an_account_role_without_holder_but_with_a_reason_lacks_nothing(sold):
    sold.team.filter(role__in=[EngagementRole.SAL, EngagementRole.CSM]).delete()
    TeamMemberFactory(
        engagement=sold, role=EngagementRole.SAL, person=None, none_reason="Partner"
    )

    assert not welcome_addressing(read(sold)).missing


def test_r4_a_practice_without_manager_is_named(sold):
    sold.practice.manager.is_active = False
    sold.practice.manager.save()

    assert missing(welcome_addressing(read(sold))) == ["no-ps-lead"]


def test_a_training_coordinator_stands_in_for_the_project_coordinator(sold):
    sold.team.filter(role=EngagementRole.PC).update(role=EngagementRole.TC)

    assert contact_addressing(read(sold)).reply_to == "carla@ps.example"


def test_whoever_left_is_neither_asked_nor_told(sold):
    member = sold.team.get(role=EngagementRole.PC)
    member.person.is_active = False
    member.person.save()

    assert missing(contact_addressing(read(sold))) == ["no-coordinator"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda one: setattr(one, "main_contact", None), "no-contact"),
        (lambda one: one.main_contact.__class__.objects.update(email=""), "no-address"),
        (
            lambda one: one.main_contact.__class__.objects.update(is_active=False),
            "contact-left",
        ),
    ],
)
def test_r15_a_contact_who_cannot_be_written_to_is_named(sold, change, code):
    change(sold)
    sold.save()

    reasons = contact_addressing(read(sold)).missing

    assert [reason.code for reason in reasons] == [code]
    assert reasons[0].fix_url


def test_the_welcome_mail_reads_well_with_and_without_what_is_optional(sold):
    ship_mails()
    kind = mail_kind("welcome")

    with_lead = letter_for(kind, read(sold))
    sold.team.filter(role=EngagementRole.PM).delete()
    without = letter_for(kind, read(sold))

    assert with_lead.subject == "Welcome to Professional Services: Rollout"
    assert "Paul Project will lead the work" in with_lead.body
    assert "will lead the work" not in without.body
    assert "{{" not in without.body
    assert not without.missing
