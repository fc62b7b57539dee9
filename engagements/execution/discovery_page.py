"""The tab "Discovery" of the engagement page, and what the page of a session shows."""

from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engagements.access import may as may_reach
from engagements.access import rights_of
from engagements.execution.discovery import (
    KIND,
    SessionTexts,
    anchor_of,
    may_edit,
    page_of,
    step_of,
    steps_of,
    texts_of_session,
)
from engagements.execution.discovery_mails import QUESTIONS, RECAP
from engagements.execution.forms.discovery import QuestionForm
from engagements.execution.models import Assumption, DiscoverySession
from engagements.execution.rules.assumptions import counts_of
from engagements.execution.rules.discovery import (
    CONFIRMED,
    NOTES,
    SENT,
    reasons_against_writing,
)
from engagements.execution.rules.recap import is_changed_since
from engagements.execution.services.assumptions import (
    assumptions_of,
    waiting_lines,
)
from engagements.execution.tabs import shown_with
from engagements.models import Engagement
from engagements.registry import Panel, panels
from psdelivery.access import Action
from psdelivery.outbox.access import may_write
from psdelivery.outbox.models import Message
from psdelivery.outbox.rules.drafts import DRAFT_STATES, UNDER_WAY
from psdelivery.outbox.templates import MailKind
from psdelivery.people.models import User
from psdelivery.playbooks.datepages import date_pages
from psdelivery.playbooks.models import Step

ORDER = 17
MOST_SHOWN = 5


def sessions_of(engagement: Engagement) -> list[Any]:
    """Return the sessions by day, with `asked` and `answered` (one query)."""
    answered = Q(questions__answer__isnull=False) & ~Q(questions__answer__text="")
    rows = DiscoverySession.objects.filter(engagement=engagement)
    return list(
        rows.annotate(
            asked=Count("questions"), answered=Count("questions", filter=answered)
        )
    )


def discovery_panel(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """The sessions with what has happened in them."""
    user = cast(User, request.user)  # the middleware lets nobody else through
    allowed = rights_of(user, engagement).may(Action.WORK_EDIT)
    return {
        "sessions": sessions_of(engagement),
        "may_edit": allowed and not reasons_against_writing(engagement),
        **assumptions_context(engagement),
        "waiting_lines": waiting_lines(engagement),
    }


def assumptions_context(engagement: Engagement) -> dict[str, Any]:
    """Return the assumptions with how many there are in each state (one query)."""
    found = assumptions_of(engagement)
    return {"assumptions": found, "counts": counts_of(found)}


@dataclass(frozen=True)
class SessionMail:
    """The mails of a kind about a session as the page shows them."""

    kind: MailKind
    messages: list[Message]
    may_write: bool
    step: Step | None

    @property
    def draft(self) -> Message | None:
        """The draft that waits for a check."""
        return next((one for one in self.messages if one.state in DRAFT_STATES), None)

    @property
    def may_prepare(self) -> bool:
        """Whether another one may be prepared: none waits, and none is on its way."""
        waiting = DRAFT_STATES | UNDER_WAY
        return self.may_write and not any(m.state in waiting for m in self.messages)


def session_mail(
    session: DiscoverySession, kind: MailKind, step_key: str, user: User
) -> SessionMail:
    """Return the mails of a kind about a session, and what the reader may do."""
    about = Q(source__pk=str(session.pk)) | Q(step__in=steps_of(session))
    found = Message.objects.filter(about, kind=kind.key, engagement=session.engagement)
    may_read = may_reach(user, Action.OUTBOX_READ, session.engagement)
    return SessionMail(
        kind=kind,
        messages=list(found.defer("text", "html")[:MOST_SHOWN]) if may_read else [],
        may_write=may_write(user, kind, session),
        step=step_of(session, step_key),
    )


def session_context(session: DiscoverySession, user: User) -> dict[str, Any]:
    """Return what the page of a session shows."""
    texts = texts_of_session(session)
    is_writable = may_edit(session, user)
    return {
        "session": session,
        "engagement": session.engagement,
        "texts": texts,
        "page": page_of(texts, is_writable),
        "may_edit": is_writable,
        "move_url": move_url(session) if is_writable else "",
        "questions_mail": session_mail(session, QUESTIONS, SENT, user),
        **recap_context(texts, user),
        "question_form": QuestionForm(),
        "steps": steps_of(session).order_by("order"),
        **assumptions_context(session.engagement),
    }


def recap_context(texts: SessionTexts, user: User) -> dict[str, Any]:
    """Return what the page shows of the recap and of the notes."""
    session, row = texts.session, texts.rows["recap"]
    return {
        "recap": row,
        "recap_mail": session_mail(session, RECAP, CONFIRMED, user),
        "is_changed_since": is_changed_since(row.changed_at, session.confirmed_at),
        "notes_step": step_of(session, NOTES),
    }


def move_url(session: DiscoverySession) -> str:
    """Return where the day of the session is moved, empty while it has none."""
    anchor = anchor_of(session) if session.held_on else None
    return date_pages.page_of(anchor) if anchor else ""


def print_context(session: DiscoverySession) -> dict[str, Any]:
    """Return a session as it is printed: headings, questions, answers, texts."""
    texts = texts_of_session(session)
    return {
        "session": session,
        "engagement": session.engagement,
        "rows": [
            {"question": one, "answer": texts.answer_to(one)} for one in texts.questions
        ],
        "notes": texts.text("notes"),
        "recap": texts.text("recap"),
    }


def register_discovery_panel() -> None:
    """Add the tab to the engagement page."""
    panels.register(
        Panel(
            key=KIND,
            title=_("Discovery"),
            template="execution/discovery/panel.html",
            order=ORDER,
            context=discovery_panel,
            is_shown=shown_with(DiscoverySession, Assumption),
            needs=Action.WORK_SEE,
        )
    )
