"""Short ways to discovery sessions with questions, answers and assumptions."""

from engagements.execution.discovery import answer_key, owner_of
from engagements.execution.models import DiscoverySession, QuestionSet
from engagements.execution.rules.question_sets import lines_in
from engagements.execution.services.discovery import SessionDraft, add_session
from engagements.execution.services.discovery_questions import write_questions
from engagements.execution.services.question_sets import put_questions
from psdelivery.livetext.models import LiveSheet, LiveText
from psdelivery.livetext.services import Pen, open_sheet, save_text
from tests.factories.engagements import NOW
from tests.factories.people import UserFactory

QUESTIONS = "# Size\nHow many users?\nHow many repositories?\n\n# Access\nWhich log-in?"


def question_set(key="backups", offerings=(), typed=QUESTIONS):
    """A set of the register that asks these questions."""
    made = QuestionSet.objects.create(key=key, title=key.capitalize())
    made.offerings.set(offerings)
    put_questions(made, lines_in(typed))
    return made


def session_of(engagement, *, day=None, title="Discovery", sets=(), by=None, now=NOW):
    """A session as it is added in the portal."""
    draft = SessionDraft(title=title, day=day, sets=sets)
    return add_session(engagement, draft, by=by or UserFactory(), now=now)


def plain_session(engagement, now=NOW):
    """A session by plain models: a sheet, and neither steps nor questions."""
    sheet = open_sheet("discovery", {}, now=now)
    return DiscoverySession.objects.create(
        engagement=engagement, title="Discovery", sheet=sheet, created_at=now
    )


def ask(session, typed=QUESTIONS, by=None, now=NOW):
    """Let the session ask these questions; return them."""
    write_questions(session, lines_in(typed), by=by or UserFactory(), now=now)
    return list(session.questions.all())


def write(session, key, text, by=None, now=NOW):
    """Type a text into the session; return what became of it."""
    row = LiveText.objects.select_related("sheet").get(sheet=session.sheet_id, key=key)
    return save_text(row, text, row.version, pen=Pen(owner_of(session, True), by, now))


def answer(question, text, by=None, now=NOW):
    """Answer a question of a session."""
    return write(question.session, answer_key(question.pk), text, by, now)


def sheet_of(session):
    """The sheet as it is stored now."""
    return LiveSheet.objects.get(pk=session.sheet_id)
