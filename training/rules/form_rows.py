"""R-13: what becomes of each response when the results of a form are entered.

Pure: no database, no clock, no request.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.people.validators import validate_line
from training.imports.form_results import Response
from training.rules.certification import OLDEST_SUBMISSION


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    THERE = "there"
    LEFT_OUT = "left_out"
    WRONG = "wrong"

    @property
    def label(self) -> str:
        return str(FATE_WORDS[self])

    @property
    def tone(self) -> str:
        return FATE_TONES[self]


FATE_WORDS = {
    Fate.NEW: gettext_lazy("new"),
    Fate.THERE: gettext_lazy("already there"),
    Fate.LEFT_OUT: gettext_lazy("left out"),
    Fate.WRONG: gettext_lazy("wrong"),
}
FATE_TONES = {
    Fate.NEW: "good",
    Fate.THERE: "neutral",
    Fate.LEFT_OUT: "info",
    Fate.WRONG: "bad",
}


@dataclass(frozen=True)
class Judged:
    """A response with its fate, and why it is not simply new."""

    response: Response
    fate: Fate
    why: str = ""


@dataclass
class Standing:
    """What a class knows already; what is judged as new is noted, row by row.

    Without a roster (None) everybody counts as being on it.
    """

    began_at: datetime | None = None
    roster: frozenset[str] | None = None
    keys: set[str] = field(default_factory=set)
    handed_in: set[tuple[str, datetime]] = field(default_factory=set)
    passed: frozenset[str] = frozenset()

    def is_there(self, response: Response) -> bool:
        """Tell whether a response is entered already, or stands twice in the file."""
        if response.response_key and response.response_key in self.keys:
            return True
        return (response.email, response.submitted_at) in self.handed_in

    def note(self, response: Response) -> None:
        """Know a response from now on."""
        if response.response_key:
            self.keys.add(response.response_key)
        if response.submitted_at is not None:
            self.handed_in.add((response.email, response.submitted_at))


def judge_all(
    responses: Iterable[Response], standing: Standing, *, now: datetime
) -> list[Judged]:
    """R-13: return what becomes of each response, in the order of the file."""
    return [judge(one, standing, now=now) for one in responses]


def judge(response: Response, standing: Standing, *, now: datetime) -> Judged:
    """R-13: return what becomes of a response; a new one is known from then on."""
    wrong = wrong_words(response, now=now)
    if wrong:
        return Judged(response, Fate.WRONG, wrong)
    if standing.is_there(response):
        return Judged(response, Fate.THERE)
    left_out = left_out_words(response, standing)
    if left_out:
        return Judged(response, Fate.LEFT_OUT, left_out)
    standing.note(response)
    return Judged(response, Fate.NEW)


def wrong_words(response: Response, *, now: datetime) -> str:
    """Say what is wrong with a response; "" where it can be entered."""
    at = response.submitted_at
    if response.problem or at is None:
        return response.problem or _("There is no time in this row.")
    if at > now:
        return _("This moment lies in the future.")
    if at < now - OLDEST_SUBMISSION:
        return _("This moment is more than a year back.")
    try:
        validate_line(response.name)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def left_out_words(response: Response, standing: Standing) -> str:
    """Say why a response is not of this class, or not needed: a form may serve many."""
    at = response.submitted_at
    if standing.began_at is not None and at is not None and at < standing.began_at:
        return _("Handed in before the class began.")
    if standing.roster is not None and response.email not in standing.roster:
        return _("Not on the roster of the class.")
    if response.email in standing.passed:
        return _("Has passed already.")
    return ""


def count_fates(judged: Sequence[Judged]) -> dict[Fate, int]:
    """Return how many rows come to each fate."""
    return {fate: sum(one.fate == fate for one in judged) for fate in Fate}
