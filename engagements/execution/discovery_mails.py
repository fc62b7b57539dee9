"""Mails to customers about discovery: the questions beforehand, the recap afterwards.

They come from who does discovery: the engineer, else the lead.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.access import engagement_condition
from engagements.execution.discovery import session_of_checklist
from engagements.execution.models import DiscoveryQuestion, DiscoverySession
from engagements.handoff_mail import lead_addressing, lead_url
from engagements.mails import (
    ENGAGEMENT_PLACEHOLDERS,
    contact_url,
    customer_thread,
    engagement_facts,
    people_by_role,
    without_repeats,
)
from engagements.models import Engagement
from engagements.rules.moves import lead_role
from psdelivery.access import Action, scope_for
from psdelivery.livetext.models import LiveText
from psdelivery.outbox.models import Message
from psdelivery.outbox.rules.templates import Placeholder, plain_in_markdown
from psdelivery.outbox.templates import (
    Addressing,
    MailKind,
    Topic,
    register_mail,
    register_texts,
)
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.moments import day_text
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.words import zone_words

DATA = Path(__file__).resolve().parent / "data" / "discovery_mails.toml"
# Also the key of the step's mail in the playbooks.
QUESTIONS_MAIL = "discovery-questions"
RECAP_MAIL = "discovery-recap"


def session_rows() -> QuerySet[DiscoverySession]:
    """Return sessions with all that a mail reads of them."""
    return DiscoverySession.objects.select_related(
        "engagement__customer",
        "engagement__main_contact",
        "engagement__practice__manager",
        "engagement__region",
        "sheet",
    ).prefetch_related("questions", "engagement__team__person", "engagement__offerings")


def writable_sessions(user: User) -> QuerySet[DiscoverySession]:
    """Return the sessions about which the person may see mail."""
    scope = scope_for(user.role_set, Action.OUTBOX_READ)
    return DiscoverySession.objects.filter(
        engagement_condition(user, scope, "engagement")
    )


def session_of_step(step: Step) -> DiscoverySession | None:
    """Return the session that a step belongs to, with all that a mail reads."""
    found = session_of_checklist(step.checklist_id)
    return session_rows().get(pk=found.pk) if found else None


def session_of_mail(message: Message) -> DiscoverySession | None:
    """Return the session that a mail is about."""
    pk = message.source.get("pk", "")
    if str(pk).isdigit():
        return DiscoverySession.objects.filter(pk=pk).first()
    step = message.step
    return session_of_checklist(step.checklist_id) if step else None


DISCOVERY = Topic(
    title=gettext_lazy("a discovery session"),
    rows=session_rows,
    within=writable_sessions,
    matching=lambda words: (
        Q(title__icontains=words)
        | Q(engagement__title__icontains=words)
        | Q(engagement__customer__name__icontains=words)
    ),
    engagement_of=lambda session: session.engagement,
    thread_of=lambda session: customer_thread(session.engagement),
    of_step=session_of_step,
    # Discovery is the engineers' own work (domain.md, Who may do what).
    is_own_work=lambda user, session: session.engagement.team.filter(
        person=user
    ).exists(),
)


def sender_of(engagement: Engagement) -> User | None:
    """Return who does discovery: the engineer, else the lead."""
    people = people_by_role(engagement)
    return people.get(EngagementRole.PSE) or people.get(lead_role(engagement.kind))


def to_contact_of_session(session: DiscoverySession) -> Addressing:
    """To the main contact; answers to the engineer, lead and coordinator in copy."""
    usual = lead_addressing(session.engagement)
    sender = sender_of(session.engagement)
    if sender is None:
        return usual
    readers = [usual.reply_to, *usual.cc]
    return Addressing(
        to=usual.to,
        cc=without_repeats(readers, [*usual.to, sender.email]),
        reply_to=sender.email,
        missing=[one for one in usual.missing if one.code != "no-lead"],
    )


def question_lines(questions: Iterable[DiscoveryQuestion]) -> str:
    """Return the questions as lists under their headings (Markdown)."""
    section = ""
    lines: list[str] = []
    for question in questions:
        if question.section != section:
            section = question.section
            heading = section or _("Further questions")
            lines += ["", f"**{plain_in_markdown(heading)}**", ""]
        lines.append(f"- {plain_in_markdown(question.text)}")
    return "\n".join(lines).strip()


def usual_facts(session: DiscoverySession) -> dict[str, str]:
    """Return what each mail about a session may say."""
    facts = engagement_facts(session.engagement)
    sender = sender_of(session.engagement)
    return {
        "contact_name": facts["contact_name"],
        "engagement_title": facts["engagement_title"],
        "sender_name": str(sender) if sender else "",
        "sender_email": sender.email if sender else "",
    }


def questions_facts(session: DiscoverySession) -> dict[str, str]:
    """Return what the mail with the questions may say; its day is the customer's."""
    zone = zone_words(session.engagement.customer.zone)
    day = session.held_on
    return usual_facts(session) | {
        "session_day": f"{day_text(day)} ({zone})" if day else "",
        "questions": question_lines(session.questions.all()),
    }


def recap_facts(session: DiscoverySession) -> dict[str, str]:
    """Return what the mail with the recap may say: the recap as it stands."""
    row = LiveText.objects.filter(sheet=session.sheet_id, key="recap").first()
    return usual_facts(session) | {"recap": row.text if row else ""}


def at_page(view: str, part: str = "") -> Any:
    """Return what leads to a page of the session at hand."""
    return lambda session: reverse(f"execution:{view}", args=[session.pk]) + part


USUAL_PLACEHOLDERS = {
    "contact_name": Placeholder(
        title=gettext_lazy("Main contact"),
        mended_at=lambda session: contact_url(session.engagement),
    ),
    "engagement_title": ENGAGEMENT_PLACEHOLDERS["engagement_title"],
    "sender_name": Placeholder(
        title=gettext_lazy("Who does discovery"),
        mended_at=lambda session: lead_url(session.engagement),
    ),
    "sender_email": Placeholder(
        title=gettext_lazy("Address of who does discovery"),
        mended_at=lambda session: lead_url(session.engagement),
    ),
}
QUESTIONS = MailKind(
    key=QUESTIONS_MAIL,
    title=gettext_lazy("Questions for discovery"),
    help=gettext_lazy(
        "Goes out three business days before the session, so that the right people "
        "come prepared. From the engineer; sending it ticks the step."
    ),
    topic=DISCOVERY,
    placeholders={
        **USUAL_PLACEHOLDERS,
        "session_day": Placeholder(
            title=gettext_lazy("Day of the session"),
            help=gettext_lazy("The paragraph is left out while there is none."),
            is_optional=True,
        ),
        "questions": Placeholder(
            title=gettext_lazy("Questions"),
            help=gettext_lazy("Under their headings; alone on its line."),
            mended_at=at_page("discovery-questions"),
            is_markdown=True,
        ),
    },
    facts=questions_facts,
    addressing=to_contact_of_session,
)
RECAP = MailKind(
    key=RECAP_MAIL,
    title=gettext_lazy("Recap of discovery"),
    help=gettext_lazy(
        "What will be designed and built, for the customer to confirm; the ball is "
        "theirs then. From the engineer."
    ),
    topic=DISCOVERY,
    placeholders={
        **USUAL_PLACEHOLDERS,
        "recap": Placeholder(
            title=gettext_lazy("Recap"),
            help=gettext_lazy("As it stands in the session; alone on its line."),
            mended_at=at_page("discovery-detail", "#live-recap"),
            is_markdown=True,
        ),
    },
    facts=recap_facts,
    addressing=to_contact_of_session,
    closes_step=False,
)


def register_discovery_mails() -> None:
    """Enter the mails about discovery, and their shipped texts."""
    register_texts(DATA)
    register_mail(QUESTIONS)
    register_mail(RECAP)
