"""Mails to customers about an engagement: who gets them, and what they may say."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.access import visible_engagements
from engagements.choices import Kind, Status
from engagements.models import Engagement, TeamMember
from engagements.owners import COORDINATOR_ROLES, STAND_INS, coordinator_of
from engagements.rules.moves import edit_url, lead_role
from psdelivery.access import Action
from psdelivery.outbox.rules.templates import Placeholder
from psdelivery.outbox.templates import (
    Addressing,
    MailKind,
    Topic,
    register_mail,
    register_texts,
)
from psdelivery.people.choices import ACCOUNT_ROLES, EngagementRole
from psdelivery.people.models import Contact, User
from psdelivery.people.moments import day_text
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason

DATA = Path(__file__).resolve().parent / "data" / "mails.toml"
CANCELLED_MAIL = "engagement-cancelled"
KINDS_OF_WELCOME = frozenset({Kind.CONSULTING, Kind.DEDICATED})


def engagement_rows() -> QuerySet[Engagement]:
    """Return engagements with all that a mail reads of them."""
    return Engagement.objects.select_related(
        "customer", "main_contact", "practice__manager", "region"
    ).prefetch_related("team__person", "offerings")


def writable_engagements(user: User) -> QuerySet[Engagement]:
    """Return the engagements about which the person may see mail."""
    return visible_engagements(user, Action.OUTBOX_READ)


def engagement_of_step(step: Step) -> Engagement | None:
    """Return the engagement whose own checklist the step stands on."""
    return engagement_rows().filter(checklist=step.checklist_id).first()


def customer_thread(engagement: Engagement) -> str:
    """Return the one thread of all mail to the customer about an engagement."""
    return f"engagement-{engagement.pk}-customer"


ENGAGEMENT = Topic(
    title=gettext_lazy("an engagement"),
    rows=engagement_rows,
    within=writable_engagements,
    matching=lambda words: (
        Q(customer__name__icontains=words) | Q(title__icontains=words)
    ),
    engagement_of=lambda engagement: engagement,
    thread_of=customer_thread,
    of_step=engagement_of_step,
)


def people_by_role(engagement: Engagement) -> dict[str, User]:
    """Return the first person named for each role; no query for `engagement_rows`.

    As for the owners of steps, the two coordinators stand in for each other.
    """
    found: dict[str, User] = {}
    for member in members_here(engagement):
        if member.person is not None:
            found.setdefault(member.role, member.person)
    for role, stand_in in STAND_INS.items():
        if role not in found and stand_in in found:
            found[role] = found[stand_in]
    return found


def members_here(engagement: Engagement) -> list[TeamMember]:
    """Return the team without those who have left."""
    members = sorted(engagement.team.all(), key=lambda member: member.pk)
    return [one for one in members if one.person is None or one.person.is_active]


def coordinator_for(engagement: Engagement) -> User | None:
    """Return who coordinates: whom the customer's answers reach."""
    return coordinator_of(engagement.kind, people_by_role(engagement))


def engagement_facts(engagement: Engagement) -> dict[str, str]:
    """Return what every mail about an engagement may say."""
    people = people_by_role(engagement)
    coordinator = coordinator_of(engagement.kind, people)
    lead = people.get(lead_role(engagement.kind))
    start = engagement.wished_start
    return {
        "customer_name": engagement.customer.name,
        "contact_name": name_of(engagement.main_contact),
        "engagement_title": engagement.title,
        "offerings": "\n".join(one.title for one in engagement.offerings.all()),
        "coordinator_name": name_of(coordinator),
        "coordinator_email": coordinator.email if coordinator else "",
        "lead_name": name_of(lead) if lead != coordinator else "",
        "ps_lead_name": name_of(engagement.practice.manager),
        "wished_start": day_text(start) if start else "",
    }


def name_of(person: User | Contact | None) -> str:
    """Return how a person is called in a mail; empty for nobody."""
    return str(person) if person is not None else ""


def welcome_addressing(engagement: Engagement) -> Addressing:
    """R-4: to the main contact; account team and PS lead in copy; answers go to the
    coordinator.

    A role of the account team may be "none" with a reason; nothing said is missing.
    """
    plain = contact_addressing(engagement)
    account = [one for one in members_here(engagement) if one.role in ACCOUNT_ROLES]
    manager = engagement.practice.manager
    copied = [one.person.email for one in account if one.person is not None]
    missing = [*plain.missing]
    if not account:
        missing.append(reason_without_account_team(engagement))
    if manager is None or not manager.is_active:
        missing.append(reason_without_ps_lead(engagement))
    else:
        copied.append(manager.email)
    return Addressing(
        to=plain.to,
        cc=without_repeats(copied, plain.to),
        reply_to=plain.reply_to,
        missing=missing,
    )


def contact_addressing(engagement: Engagement) -> Addressing:
    """To the main contact, and answers to the coordinator: for all customer mail."""
    coordinator = coordinator_for(engagement)
    contact = engagement.main_contact
    missing = reasons_against_contact(engagement, contact)
    if coordinator is None:
        missing.append(reason_without_coordinator(engagement))
    return Addressing(
        to=(contact.email,) if contact and contact.email else (),
        reply_to=coordinator.email if coordinator else "",
        missing=missing,
    )


def without_repeats(addresses: Iterable[str], others: Iterable[str]) -> list[str]:
    """Return the addresses that are not among the others, each once."""
    known = {address.lower() for address in others}
    fresh = {a.lower(): a for a in addresses if a and a.lower() not in known}
    return list(fresh.values())


def reasons_against_contact(
    engagement: Engagement, contact: Contact | None
) -> list[Reason]:
    """Return why there is nobody at the customer to write to."""
    if contact is None:
        sentence = _("The main contact of %(customer)s is not named.")
        sentence %= {"customer": engagement.customer}
        url = contact_url(engagement)
        return [Reason("no-contact", sentence, url, _("Name the contact"))]
    if not contact.is_active:
        sentence = _("%(contact)s no longer works there: name another main contact.")
        sentence %= {"contact": contact}
        url = contact_url(engagement)
        return [Reason("contact-left", sentence, url, _("Name the contact"))]
    if not contact.email:
        sentence = _("The address of %(contact)s is missing.") % {"contact": contact}
        url = reverse("people:contact-edit", args=[contact.pk])
        return [Reason("no-address", sentence, url, _("Enter it"))]
    return []


def reason_without_coordinator(engagement: Engagement) -> Reason:
    """Say that the customer's answers would reach nobody."""
    sentence = _("Nobody coordinates this engagement, so answers would reach nobody.")
    url = coordinator_url(engagement)
    return Reason("no-coordinator", sentence, url, _("Name the coordinator"))


def reason_without_account_team(engagement: Engagement) -> Reason:
    """R-4: say that nobody of the account team would be in copy."""
    sentence = _(
        "Nobody of the account team is named, nor the reason why there is nobody."
    )
    url = f"{engagement.get_absolute_url()}team/add/?role={EngagementRole.SAL}"
    return Reason("no-account-team", sentence, url, _("Name the account team"))


def reason_without_ps_lead(engagement: Engagement) -> Reason:
    """R-4: say that no PS lead would be in copy."""
    sentence = _("The practice %(practice)s has no manager, so no PS lead is in copy.")
    words = {"practice": engagement.practice}
    url = practice_url(engagement)
    return Reason("no-ps-lead", sentence % words, url, _("Choose the practice"))


def contact_url(engagement: Any) -> str:
    """Return where the main contact of an engagement is named."""
    return f"{edit_url(engagement)}#id_main_contact"


def coordinator_url(engagement: Any) -> str:
    """Return where the coordinator of an engagement is named."""
    pc, tc = COORDINATOR_ROLES
    role = tc if engagement.kind == Kind.TRAINING else pc
    return f"{engagement.get_absolute_url()}team/add/?role={role}"


def practice_url(engagement: Any) -> str:
    """Return where the practice of an engagement is chosen."""
    return f"{edit_url(engagement)}#id_practice"


ENGAGEMENT_PLACEHOLDERS = {
    "customer_name": Placeholder(title=gettext_lazy("Name of the customer")),
    "contact_name": Placeholder(
        title=gettext_lazy("Main contact"), mended_at=contact_url
    ),
    "engagement_title": Placeholder(title=gettext_lazy("Title of the engagement")),
    "offerings": Placeholder(
        title=gettext_lazy("Offerings"),
        help=gettext_lazy("A list; the paragraph is left out where none is named."),
        is_optional=True,
    ),
    "coordinator_name": Placeholder(
        title=gettext_lazy("Coordinator"), mended_at=coordinator_url
    ),
    "coordinator_email": Placeholder(
        title=gettext_lazy("Address of the coordinator"), mended_at=coordinator_url
    ),
    "lead_name": Placeholder(
        title=gettext_lazy("Who leads the work"),
        help=gettext_lazy(
            "The project manager. The paragraph is left out while nobody is named, "
            "and where it is the coordinator."
        ),
        is_optional=True,
    ),
    "ps_lead_name": Placeholder(title=gettext_lazy("PS lead"), mended_at=practice_url),
    "wished_start": Placeholder(
        title=gettext_lazy("Day on which the customer would like to start"),
        help=gettext_lazy("The paragraph is left out where no day was wished for."),
        is_optional=True,
    ),
}


CANCELLED_PLACEHOLDERS = {
    name: ENGAGEMENT_PLACEHOLDERS[name]
    for name in (
        "contact_name",
        "engagement_title",
        "coordinator_name",
        "coordinator_email",
    )
}


def cancelled_facts(engagement: Engagement) -> dict[str, str]:
    """Return what the mail about cancelled work may say."""
    facts = engagement_facts(engagement)
    return {name: facts[name] for name in CANCELLED_PLACEHOLDERS}


def register_mails() -> None:
    """Enter the mails about engagements, and their shipped texts."""
    register_texts(DATA)
    register_mail(
        MailKind(
            key=CANCELLED_MAIL,
            title=gettext_lazy("Work cancelled"),
            help=gettext_lazy(
                "Drafted when work is cancelled that the customer was told of."
            ),
            topic=ENGAGEMENT,
            placeholders=CANCELLED_PLACEHOLDERS,
            facts=cancelled_facts,
            addressing=contact_addressing,
            is_offered=lambda engagement: engagement.status == Status.CANCELLED,
        )
    )
    register_mail(
        MailKind(
            key="welcome",
            title=gettext_lazy("Welcome to PS"),
            help=gettext_lazy(
                "The first mail after closed-won. Account team and PS lead are in "
                "copy, answers go to the coordinator."
            ),
            topic=ENGAGEMENT,
            placeholders=ENGAGEMENT_PLACEHOLDERS,
            facts=engagement_facts,
            addressing=welcome_addressing,
            is_offered=lambda engagement: engagement.kind in KINDS_OF_WELCOME,
        )
    )
