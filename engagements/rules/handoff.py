"""R-5: when a handoff is done, who must have read it, and what waits for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.choices import Kind, PaperKind
from engagements.models import Engagement, HandoffQuestion, TeamMember
from engagements.rules.moves import lead_role
from psdelivery.calendars import add_business_days, working_day_on_or_before
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason

# The parts that R-5 asks for, in the order of the page.
WANTED: Mapping[str, str | Promise] = {
    "goals": gettext_lazy("The goals are not written down."),
    "current_state": gettext_lazy("The current state is not written down."),
    "outcomes": gettext_lazy("No desired outcome has a measure."),
    "scope_in": gettext_lazy("What is in scope is not written down."),
    "scope_out": gettext_lazy("What is out of scope is not written down."),
}
# The step that marks the kickoff as held, by kind (the table before Active). For
# training the planning meeting is the kickoff: its event plan is completed in it.
KICKOFF_STEPS: Mapping[str, frozenset[str]] = {
    Kind.CONSULTING: frozenset({"kickoff-held"}),
    Kind.BLENDED: frozenset({"kickoff-held"}),
    Kind.DEDICATED: frozenset({"first-day"}),
    Kind.TRAINING: frozenset({"event-plan-completed"}),
}


@dataclass(frozen=True)
class Outcome:
    """A desired outcome, and how one will know that it was reached."""

    outcome: str
    measure: str

    @property
    def is_whole(self) -> bool:
        return bool(self.outcome.strip() and self.measure.strip())


@dataclass(frozen=True)
class Reader:
    """Somebody who must have read the handoff, and by when.

    `is_first` are the lead and everyone with hours in the first business days: the
    handoff waits for them. The others have until their first booked day.
    """

    person: User
    is_first: bool
    is_lead: bool
    first_day: date | None
    has_acknowledged: bool = False


@dataclass(frozen=True)
class HandoffState:
    """What R-5 is decided by; `url` is the handoff's page."""

    url: str
    missing: Sequence[str] = ()
    is_written: bool = False
    held_on: date | None = None
    open_questions: Sequence[HandoffQuestion] = ()
    readers: Sequence[Reader] = field(default_factory=list)
    team_url: str = ""
    tells_growth: bool = False

    @property
    def is_filled(self) -> bool:
        return not self.missing

    @property
    def has_lead(self) -> bool:
        return any(reader.is_lead for reader in self.readers)

    @property
    def waits_for(self) -> list[Reader]:
        """Return who must still read it before the kickoff."""
        return [
            one for one in self.readers if one.is_first and not one.has_acknowledged
        ]


def missing_parts(texts: Mapping[str, str], outcomes: Iterable[Outcome]) -> list[str]:
    """R-5: return which of goals, current state, outcomes and scope are not filled.

    Each outcome has a measure, and there is at least one.
    """
    named = [one for one in outcomes if one.outcome.strip() or one.measure.strip()]
    has_outcomes = bool(named) and all(one.is_whole for one in named)
    filled = {key for key, text in texts.items() if text.strip()}
    if has_outcomes:
        filled.add("outcomes")
    return [key for key in WANTED if key not in filled]


def tells_growth(texts: Mapping[str, str]) -> bool:
    """Tell whether growth potential and the plan to drive it are both written."""
    return all(texts.get(key, "").strip() for key in ("growth", "growth_plan"))


def reasons_against_record(state: HandoffState) -> list[Reason]:
    """R-5: return a reason for each part of the record that is still empty."""
    return [
        Reason(key, str(WANTED[key]), f"{state.url}#live-{key}", _("Write it"))
        for key in state.missing
    ]


def reasons_of_questions(state: HandoffState) -> list[Reason]:
    """R-5: return a reason for each question without an answer and without a step."""
    return [
        Reason(
            "question",
            _("A question is open: “%(question)s” (%(owner)s).")
            % {
                "question": shortened(question.text),
                "owner": question.owner or _("nobody is asked"),
            },
            f"{state.url}#question-{question.pk}",
            _("Answer it"),
        )
        for question in state.open_questions
    ]


def shortened(text: str, length: int = 80) -> str:
    """Return the beginning of a text in one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def reasons_against_done(state: HandoffState) -> list[Reason]:
    """R-5: a handoff is done when it was held (or written), filled, and understood.

    Goals, current state, outcomes and scope are filled; each question is answered or
    turned into a step; the lead and everyone with hours in the first business days
    have acknowledged. Everything that is missing is named.
    """
    return [
        *reasons_against_record(state),
        *reasons_of_questions(state),
        *reasons_of_call(state),
        *reasons_of_readers(state),
    ]


def reasons_of_call(state: HandoffState) -> list[Reason]:
    """R-5: return the reason against a handoff that nobody has held."""
    if state.is_written or state.held_on is not None:
        return []
    sentence = _("The handoff call has not been held.")
    return [Reason("not-held", sentence, f"{state.url}#call", _("Say when"))]


def reasons_of_readers(state: HandoffState) -> list[Reason]:
    """R-5: return a reason for each person who has not acknowledged, by name."""
    reasons = []
    if not state.has_lead:
        sentence = _("No lead is named who could acknowledge the handoff.")
        reasons.append(Reason("lead", sentence, state.team_url, _("Name the lead")))
    for reader in state.waits_for:
        sentence = _("%(person)s has not acknowledged the handoff.")
        words = sentence % {"person": reader.person}
        url = f"{state.url}#readers"
        reasons.append(Reason("unread", words, url, _("See who has")))
    return reasons


def reasons_against_kickoff(
    state: HandoffState, *, is_done: bool, early_reason: str
) -> list[Reason]:
    """R-5: the kickoff is not marked held before the handoff is done.

    Unless the lead has recorded why. Once done it stays done: who joins later must
    acknowledge, and does not reopen it.
    """
    if is_done or early_reason.strip():
        return []
    return reasons_against_done(state)


def is_kickoff(kind: str, step: Step) -> bool:
    """Tell whether this step marks the kickoff of an engagement of that kind."""
    return step.key in KICKOFF_STEPS.get(kind, frozenset())


def first_day_of_work(
    planned: date | None, members: Iterable[TeamMember]
) -> date | None:
    """Return the day on which the work begins: as planned, or as first booked."""
    days = [member.first_day for member in members if member.first_day and member.hours]
    return min([*days, *([planned] if planned else [])], default=None)


def is_among_the_first(
    member: TeamMember, start: date | None, *, first_days: int = 10
) -> bool:
    """R-5: tell whether somebody has hours in the first *10* business days.

    Counted on the person's own calendar. Hours without a day may begin at once, so
    they count; while no day is known for anybody, everyone with hours does.
    """
    if not member.hours or member.person is None:
        return False
    if member.first_day is None or start is None:
        return True
    last = add_business_days(start, first_days - 1, member.person.calendar)
    return member.first_day <= last


def readers_of(
    engagement: Engagement,
    members: Iterable[TeamMember],
    *,
    acknowledged: Iterable[int],
    first_days: int = 10,
) -> list[Reader]:
    """R-5: return who must read the handoff: the lead, and everyone with hours.

    Each person once, the lead first. `acknowledged` are the ids of those who have,
    marked attendance included.
    """
    team = [one for one in members if one.person is not None]
    start = first_day_of_work(engagement.wished_start, team)
    role, known = lead_role(engagement.kind), set(acknowledged)
    found: dict[int, Reader] = {}
    for member in sorted(team, key=lambda one: (one.role != role, one.pk or 0)):
        is_lead = member.role == role
        person = member.person
        if person is None or not person.is_active or not (is_lead or member.hours):
            continue
        is_first = is_lead or is_among_the_first(member, start, first_days=first_days)
        before = found.get(person.pk)
        found[person.pk] = Reader(
            person=person,
            is_first=is_first or (before is not None and before.is_first),
            is_lead=is_lead or (before is not None and before.is_lead),
            first_day=earliest(member.first_day, before.first_day if before else None),
            has_acknowledged=person.pk in known,
        )
    return list(found.values())


def earliest(one: date | None, other: date | None) -> date | None:
    """Return the earlier of two days, as far as they are known."""
    return min([day for day in (one, other) if day is not None], default=None)


def due_day_of_reader(reader: Reader, *, handoff_due: date, today: date) -> date:
    """R-5: return by which day somebody acknowledges, never before today.

    The first ones with the handoff itself, the others on the working day before
    their first booked day, on their own calendar.
    """
    if reader.is_first or reader.first_day is None:
        return max(handoff_due, today)
    day_before = reader.first_day - timedelta(days=1)
    return max(working_day_on_or_before(day_before, reader.person.calendar), today)


def reasons_against_written(kind: str, paper_kind: str) -> list[Reason]:
    """R-5: a written handoff is enough only for training sold by order form."""
    if kind == Kind.TRAINING and paper_kind == PaperKind.ORDER_FORM:
        return []
    sentence = _(
        "Only training sold by an order form needs no call: everything else was "
        "scoped, and is explained."
    )
    return [Reason("needs-call", sentence)]


def reasons_against_early(*, is_lead: bool, reason: str) -> list[Reason]:
    """R-5: only the lead puts the kickoff before the handoff, and says why."""
    reasons = []
    if not is_lead:
        sentence = _("Only the lead can put the kickoff before the handoff.")
        reasons.append(Reason("not-lead", sentence))
    if not reason.strip():
        reasons.append(Reason("reason-missing", _("Say why.")))
    return reasons


def reasons_against_holding(held_on: date, *, today: date) -> list[Reason]:
    """R-5: a handoff was held on a day that has come."""
    if held_on <= today:
        return []
    return [Reason("in-the-future", _("This day is still to come."))]
