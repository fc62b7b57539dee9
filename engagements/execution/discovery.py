"""The sheet of a discovery session, and what is read of a session as a whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.access import reached_engagement, rights_of
from engagements.execution.models import DiscoveryQuestion, DiscoverySession
from engagements.execution.rules.discovery import (
    ANCHOR,
    SessionState,
    reasons_against_writing,
)
from engagements.execution.rules.question_sets import QuestionLine
from psdelivery.access import Action
from psdelivery.livetext.models import LiveSheet, LiveText
from psdelivery.livetext.queries import Heading, Part, SheetPage, texts_of
from psdelivery.livetext.registry import Field, Owner, SheetKind, register_sheet
from psdelivery.people.models import User
from psdelivery.playbooks.models import Anchor, Step, StepQuerySet
from psdelivery.playbooks.services.anchors import nearest_anchor

KIND = "discovery"
NOTES_FIELD = Field(
    "notes",
    gettext_lazy("Notes"),
    gettext_lazy("What else was said: who, why, and what surprised you."),
    rows=8,
)
RECAP_FIELD = Field(
    "recap",
    gettext_lazy("Recap"),
    gettext_lazy(
        "What will be designed and built, in your words: it is read back, and mailed "
        "to the customer as it stands here."
    ),
    rows=10,
)
ANSWER = "answer-"


def answer_key(question: int) -> str:
    """Return the key of the text that answers a question."""
    return f"{ANSWER}{question}"


def load_session_sheet(request: HttpRequest, sheet: LiveSheet) -> Owner:
    """Return the session of the sheet; raises Http404 for who may not see it."""
    session = DiscoverySession.objects.filter(sheet=sheet).first()
    if session is None:
        raise Http404(_("There is no such session."))
    user = cast(User, request.user)  # the middleware lets nobody else through
    session.engagement = reached_engagement(
        user, session.engagement_id, Action.WORK_SEE
    )
    return owner_of(session, may_edit(session, user))


def may_edit(session: DiscoverySession, user: User) -> bool:
    """Tell whether the person may write in the session now."""
    engagement = session.engagement
    allowed = rights_of(user, engagement).may(Action.WORK_EDIT)
    return allowed and not reasons_against_writing(engagement)


def owner_of(session: DiscoverySession, is_writable: bool) -> Owner:
    """Return the session as the owner of its sheet."""
    return Owner(
        subject=session,
        title=str(session),
        url=session.get_absolute_url(),
        may_edit=is_writable,
        engagement=session.engagement,
    )


def answer_fields(sheet: LiveSheet) -> Mapping[str, Field]:
    """Return a field for each question of the session, and for answers left behind."""
    answers = Q(key__startswith=ANSWER) | Q(discovery_question__isnull=False)
    rows = LiveText.objects.filter(answers, sheet=sheet)
    asked = rows.values_list("key", "discovery_question__text")
    return {key: answer_field(key, text) for key, text in asked}


def answer_field(key: str, question: str | None) -> Field:
    """Return the field of an answer; without the question where that was taken away."""
    gone = gettext_lazy("An answer whose question was taken away")
    return Field(key, question or gone, rows=2)


SESSION_SHEET = SheetKind(
    key=KIND,
    contents=(NOTES_FIELD, RECAP_FIELD),
    loader=load_session_sheet,
    own_fields=answer_fields,
)


@dataclass(frozen=True)
class SessionTexts:
    """A session with its questions and all that is written in it (two queries)."""

    session: DiscoverySession
    questions: list[DiscoveryQuestion]
    rows: dict[str, LiveText]

    @cached_property
    def answered(self) -> int:
        """How many of the questions have an answer."""
        return sum(bool(self.answer_to(one)) for one in self.questions)

    @property
    def unanswered(self) -> list[DiscoveryQuestion]:
        return [one for one in self.questions if not self.answer_to(one)]

    def answer_to(self, question: DiscoveryQuestion) -> str:
        """Return the answer to a question, empty without one."""
        row = self.row_of(question)
        return row.text.strip() if row else ""

    def row_of(self, question: DiscoveryQuestion) -> LiveText | None:
        """Return the text that answers a question."""
        return self._by_pk.get(question.answer_id or 0)

    @cached_property
    def _by_pk(self) -> dict[int, LiveText]:
        return {row.pk: row for row in self.rows.values()}

    def text(self, key: str) -> str:
        """Return what stands in a field, without blanks around it."""
        row = self.rows.get(key)
        return row.text.strip() if row else ""

    @property
    def left_behind(self) -> list[LiveText]:
        """Answers whose questions were taken away while somebody wrote."""
        asked = {one.answer_id for one in self.questions}
        return [
            row
            for key, row in self.rows.items()
            if key.startswith(ANSWER) and row.pk not in asked and row.text.strip()
        ]

    @property
    def written(self) -> int:
        """How many texts of the session are not empty."""
        return sum(bool(row.text.strip()) for row in self.rows.values())


def texts_of_session(session: DiscoverySession) -> SessionTexts:
    """Return the questions and texts of a session (two queries)."""
    rows = {row.key: row for row in texts_of(session.sheet)}
    return SessionTexts(session, list(session.questions.all()), rows)


def state_of(texts: SessionTexts) -> SessionState:
    """Return what has happened in a session so far."""
    session = texts.session
    return SessionState(
        questions_sent_at=session.questions_sent_at,
        read_back_at=session.read_back_at,
        written=texts.written,
    )


def page_of(texts: SessionTexts, is_writable: bool) -> SheetPage:
    """Return the sheet as its page shows it: questions by heading, notes, recap."""
    page = SheetPage(texts.session.sheet, owner_of(texts.session, is_writable))
    section = ""
    for question in texts.questions:
        if question.section != section:
            section = question.section
            page.contents.append(Heading(section or _("Further questions")))
        row = texts.row_of(question)
        if row is not None:
            page.contents.append(Part(answer_field(row.key, question.text), row))
    for row in texts.left_behind:
        page.contents.append(Part(answer_field(row.key, None), row))
    for field in (NOTES_FIELD, RECAP_FIELD):
        page.contents.append(Part(field, texts.rows[field.key]))
    return page


def lines_of(questions: Iterable[DiscoveryQuestion]) -> list[QuestionLine]:
    """Return questions as lines, in their order."""
    return [QuestionLine(one.section, one.text) for one in questions]


def steps_of(session: DiscoverySession) -> StepQuerySet:
    """Return the steps of a session.

    The first serves those that the engagement's own checklist has for discovery; each
    further one has a checklist of its own, with the same keys.
    """
    checklist = session.checklist_id or session.engagement.checklist_id
    found = Step.objects.filter(checklist=checklist, key__startswith=f"{ANCHOR}-")
    return found.filter(again=0) if checklist else found.none()


def step_of(session: DiscoverySession, key: str) -> Step | None:
    """Return the open step of that key, None where it is done or not there."""
    return steps_of(session).open().filter(key=key).first()


def anchor_of(session: DiscoverySession) -> Anchor | None:
    """Return the anchor that the day of the session dates."""
    checklist = session.checklist or session.engagement.checklist
    return nearest_anchor(checklist, ANCHOR)


def session_of_checklist(checklist: int) -> DiscoverySession | None:
    """Return the session whose steps stand on the checklist."""
    own = Q(checklist=checklist)
    first = Q(checklist=None, engagement__checklist=checklist)
    found = DiscoverySession.objects.filter(own | first)
    return found.select_related("engagement__customer", "sheet").first()


def register_session_sheet() -> None:
    """Let texts of discovery sessions be written."""
    register_sheet(SESSION_SHEET)
