"""Handoffs of the demo data: begun, half written, waiting to be read, and done."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from random import Random

from engagements.choices import Kind
from engagements.handoff import (
    OUTCOMES,
    all_readers,
    due_day_of,
    handoff_of,
    owner_of,
)
from engagements.models import Acknowledgement, Handoff
from engagements.services.handoff import (
    acknowledge_handoff,
    begin_handoff,
    hold_handoff,
)
from engagements.services.handoff_questions import (
    StepWanted,
    answer_question,
    ask_question,
    turn_into_step,
)
from psdelivery.dashboards.demo import names
from psdelivery.dashboards.demo.story import HOUR, Story
from psdelivery.livetext.models import LiveText
from psdelivery.livetext.rules import clean_text
from psdelivery.livetext.services import (
    Pen,
    announce,
    lock_sheet,
    make_card,
    take,
    tell_history,
)
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User

# Ticked by the record itself, never by hand.
HANDOFF_STEPS = frozenset(
    {"handoff-growth", "handoff-record", "handoff-questions", "handoff-held",
     "handoff-acknowledged"}
)  # fmt: skip
SOLD_LATER = ("growth", "growth_plan")


def dice(story: Story) -> Random:
    """Return dice of their own, so that the rest of the story falls as before."""
    engagement = story.engagement
    return Random(f"{engagement.customer.name} {engagement.title}")


def texts_of(story: Story) -> dict[str, str]:
    """Return what this handoff says, by field."""
    of_kind = names.HANDOFFS[story.slot.kind == Kind.TRAINING]
    return dice(story).choice(of_kind)


def pen(handoff: Handoff, by: User, at: datetime) -> Pen:
    """Return the pen of somebody at that moment."""
    return Pen(owner_of(handoff, may_edit=True), by, at)


def write(handoff: Handoff, texts: Mapping[str, str], by: User, at: datetime) -> None:
    """Write these fields as one person does who goes through them, and tell it once."""
    sheet, holder = lock_sheet(handoff.sheet_id), pen(handoff, by, at)
    rows = {row.key: row for row in LiveText.objects.filter(sheet=sheet, key__in=texts)}
    for key, text in texts.items():
        row = rows[key]
        row.sheet = sheet
        taken = take(row, clean_text(text), row.version, by=by, now=at)
        if taken is not None:
            tell_history(taken, holder)
    announce(sheet, holder)


def begun(story: Story, at: datetime) -> Handoff:
    """Return the handoff, begun when the gate opened or now."""
    return begin_handoff(story.engagement, by=story.coordinator, now=at)


def fill(story: Story, handoff: Handoff, at: datetime, *, whole: bool) -> None:
    """Write the record, or the half of it, as EM and account team would."""
    em, sal = story.team[EngagementRole.EM], story.team[EngagementRole.SAL]
    texts = texts_of(story)
    outcomes = [key for key in texts if key.startswith("outcome")]
    fields = [key for key in texts if key not in outcomes]
    written = fields if whole else fields[:2]
    for is_sales, keys in groupby(written, key=SOLD_LATER.__contains__):
        said = {key: texts[key] for key in keys}
        write(handoff, said, sal if is_sales else em, at)
    if whole:
        write(handoff, outcome_texts(handoff, [texts[key] for key in outcomes]), em, at)


def outcome_texts(handoff: Handoff, outcomes: Iterable[str]) -> dict[str, str]:
    """Make a card for each outcome; return what stands on them, by field."""
    said: dict[str, str] = {}
    for outcome in outcomes:
        rows = make_card(handoff.sheet, OUTCOMES)
        parts = zip(rows, outcome.split(" | "), strict=True)
        said |= {row.key: text for row, text in parts}
    return said


def ask_and_settle(story: Story, handoff: Handoff, at: datetime) -> None:
    """Ask two questions: one is answered, one becomes a step."""
    em = story.team[EngagementRole.EM]
    first, second = names.HANDOFF_QUESTIONS
    asked = ask_question(handoff, first[0], em, by=story.lead, now=at)
    answer_question(asked, first[1], seen="", by=em, now=at + HOUR)
    asked = ask_question(handoff, second[0], em, by=story.lead, now=at)
    due = (at + timedelta(days=5)).date()
    turn_into_step(asked, StepWanted(second[1], em, due), by=em, now=at + HOUR)


def hand_over(story: Story, at: datetime) -> None:
    """Bring the handoff to its end before the kickoff, in an afternoon."""
    written_at = at - 3 * HOUR
    handoff = begun(story, written_at)
    fill(story, handoff, written_at, whole=True)
    if story.slot.kind != Kind.TRAINING:
        ask_and_settle(story, handoff, written_at)
    if not handoff.is_written:
        attended = [story.lead, story.team[EngagementRole.EM]]
        held, by = at - HOUR, story.coordinator
        hold_handoff(stored(story), story.day_of(held), attended, by=by, now=held)
    for reader in all_readers(stored(story)):
        if not reader.has_acknowledged:
            acknowledge_handoff(stored(story), by=reader.person, now=at - HOUR / 2)


def stored(story: Story) -> Handoff:
    """Return the handoff as it stands now."""
    found = handoff_of(story.engagement)
    if found is None:
        raise LookupError(story.engagement)
    return found


def write_some_of_it(story: Story) -> None:
    """Leave the handoff of a coming engagement in one of its states.

    Begun only, half written with a question, or written and waiting to be read; done
    where it would be late otherwise.
    """
    if not Handoff.objects.filter(engagement=story.engagement).exists():
        return
    mark = "okay" if story.has("okay") else "signed"
    at = min(story.at(mark, 16), story.now)
    if due_day_of(story.engagement, at) <= story.now.date():
        hand_over(story, at)
        return
    state, handoff = dice(story).randrange(3), stored(story)
    if state == 0:
        return
    fill(story, handoff, at, whole=state == 2)
    if state == 1:
        em = story.team[EngagementRole.EM]
        ask_question(handoff, names.HANDOFF_QUESTIONS[0][0], em, by=story.lead, now=at)
        return
    asked = Acknowledgement.objects.filter(handoff=handoff, done_at__isnull=True)
    first = asked.select_related("person").first()
    if first is not None and at < story.now:
        acknowledge_handoff(stored(story), by=first.person, now=at)
