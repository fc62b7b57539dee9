"""Discovery in the demo data: one session held and confirmed, one half answered."""

from datetime import datetime

from django.db import transaction

from engagements.choices import Kind, Status
from engagements.execution.discovery import owner_of, texts_of_session
from engagements.execution.models import DiscoverySession, QuestionSet
from engagements.execution.services.assumptions import (
    Decision,
    add_assumption,
    decide_assumption,
)
from engagements.execution.services.discovery import SessionDraft, add_session
from engagements.execution.services.recap import confirm_recap, draft_recap
from engagements.models import Engagement
from psdelivery.livetext.services import Pen, save_text
from psdelivery.people.models import User

MOST = 2
TITLE = "Discovery: sizes, access, cut-over"
ANSWERS = (
    "Two systems, both three versions behind.",
    "About 400 people, half of them every day.",
    "Nobody knows for certain: Ben asks the network team.",
    "Only at night, and never on the first Monday of a month.",
)
# What the estimate took for granted, and what became of it.
ASSUMED = (
    ("Everybody logs in by the company's directory", "validated", "Shown in the call"),
    ("One weekend is enough for the cut-over", "invalidated", "Three waves, says Ben"),
    ("The builds need no machines of their own", "open", "Asked the platform team"),
)


@transaction.atomic
def hold_discoveries(by: User, now: datetime) -> int:
    """Give the first engagements at work a session; every other one is confirmed."""
    sets = list(QuestionSet.objects.filter(key="migration"))
    kinds = (Kind.CONSULTING, Kind.BLENDED)
    working = Engagement.objects.filter(status=Status.ACTIVE, kind__in=kinds)
    rows = working.select_related("customer", "checklist", "main_contact")
    found = list(rows.order_by("pk")[:MOST])
    for place, engagement in enumerate(found):
        draft = SessionDraft(title=TITLE, sets=sets)
        session = add_session(engagement, draft, by=by, now=now)
        fill(session, by, now)
        contact = engagement.main_contact
        if place % 2 == 0 and contact is not None:
            draft_recap(session, 0, by=by, now=now)
            confirm_recap(session, contact, "By mail, the day after", by=by, now=now)
    return len(found)


def fill(session: DiscoverySession, by: User, now: datetime) -> None:
    """Answer the first questions, and say what became of what was assumed."""
    texts = texts_of_session(session)
    pen = Pen(owner_of(session, True), by, now)
    for question, words in zip(texts.questions, ANSWERS, strict=False):
        row = texts.row_of(question)
        if row is not None:
            save_text(row, words, 0, pen=pen)
    for text, state, evidence in ASSUMED:
        made = add_assumption(session.engagement, text, by=by, now=now)
        decision = Decision(state=state, evidence=evidence, session=session)
        decide_assumption(made, decision, by=by, now=now)
