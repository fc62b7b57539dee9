"""Who may teach a course: certifications, and what a class asks of its trainer (R-14).

Pure: no database, no clock, no request.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.people.models import User
from psdelivery.people.moments import day_text
from psdelivery.registry import Reason
from training.choices import TrainerState
from training.models import Course, TrainerCertification


class Standing(TextChoices):
    """How somebody stands to a course on a day, in the order of choosing."""

    CERTIFIED = "certified", gettext_lazy("certified")
    LEARNING = "learning", gettext_lazy("on the way")
    ENDED = "ended", gettext_lazy("certification ended")
    NONE = "none", gettext_lazy("not certified")
    WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")


ORDER = {standing: place for place, standing in enumerate(Standing)}
TONES = {
    Standing.CERTIFIED: "good",
    Standing.LEARNING: "info",
    Standing.ENDED: "warn",
    Standing.NONE: "warn",
    Standing.WITHDRAWN: "bad",
}
STANDING_OF = {
    TrainerState.LEARNING: Standing.LEARNING,
    TrainerState.WITHDRAWN: Standing.WITHDRAWN,
}


@dataclass(frozen=True, kw_only=True)
class Validity:
    """From when a certification counts, and its last day; None: for good."""

    certified_on: date
    expires_on: date | None = None


def is_certified(certification: TrainerCertification | None, day: date) -> bool:
    """R-14: tell whether somebody is certified on a day; its last day counts."""
    return standing_of(certification, day) is Standing.CERTIFIED


def standing_of(certification: TrainerCertification | None, day: date) -> Standing:
    """R-14: return how somebody stands on a day: lapsed counts as not certified.

    One that is given only later is, on that day, not there yet.
    """
    if certification is None:
        return Standing.NONE
    if certification.state != TrainerState.CERTIFIED:
        return STANDING_OF[TrainerState(certification.state)]
    begins, ends = certification.certified_on, certification.expires_on
    if begins is None or begins > day:
        return Standing.NONE
    return Standing.ENDED if ends is not None and ends < day else Standing.CERTIFIED


def standing_words(certification: TrainerCertification | None, day: date) -> str:
    """Say how somebody stands on a day, with the last day where there is one."""
    standing = standing_of(certification, day)
    last = certification.expires_on if certification else None
    if last is None or standing not in {Standing.CERTIFIED, Standing.ENDED}:
        return str(standing.label)
    pattern = (
        _("certified until %(day)s")
        if standing is Standing.CERTIFIED
        else _("certification ended on %(day)s")
    )
    return pattern % {"day": day_text(last)}


def warnings_of_trainer(
    trainer: User | None,
    course: Course,
    certification: TrainerCertification | None,
    last_day: date,
) -> list[Reason]:
    """R-14: warn of a trainer who is not certified on the day of the last session.

    A warning is never a refusal: with a reason they teach all the same.
    """
    if trainer is None or is_certified(certification, last_day):
        return []
    sentence = _(
        "%(person)s is not certified for %(course)s on %(day)s, the last day: "
        "%(standing)s."
    ) % {
        "person": trainer.display_name,
        "course": course.title,
        "day": day_text(last_day),
        "standing": standing_words(certification, last_day),
    }
    return [Reason("trainer-uncertified", sentence)]


def reasons_without_why(warnings: Iterable[Reason], reason: str) -> list[Reason]:
    """R-14: where there is a warning, somebody says why; return what is missing."""
    if reason.strip():
        return []
    asked = _("Say why they teach it all the same; it stands in the history.")
    return [
        Reason("trainer-reason", f"{one.sentence} {asked}", one.fix_url, one.fix_label)
        for one in warnings
    ]


def reasons_against_confirming(
    certification: TrainerCertification,
    validity: Validity,
    *,
    by: User | None,
    today: date,
) -> list[Reason]:
    """R-14: return what stands against noting that somebody is certified.

    Nobody confirms themselves, and nothing counts before it was given.
    """
    reasons = reasons_against_own(certification, by)
    if not certification.person.is_active:
        sentence = _("%(person)s has left.") % {"person": certification.person}
        reasons.append(Reason("left", sentence))
    if validity.certified_on > today:
        sentence = _("This day is still to come.")
        reasons.append(Reason("certified-future", sentence))
    if validity.expires_on is not None and validity.expires_on < validity.certified_on:
        reasons.append(Reason("certified-order", _("It ends before it was given.")))
    return reasons


def reasons_against_own(
    certification: TrainerCertification, by: User | None
) -> list[Reason]:
    """R-14: nobody decides about their own certification."""
    if by is None or certification.person_id != by.pk:
        return []
    return [Reason("own", _("Somebody else decides about your own certification."))]


def reasons_against_withdrawing(
    certification: TrainerCertification, by: User | None
) -> list[Reason]:
    """Return what stands against withdrawing: it is withdrawn, or one's own."""
    if certification.state == TrainerState.WITHDRAWN:
        return [Reason("withdrawn", _("It was withdrawn before."))]
    return reasons_against_own(certification, by)


def reasons_against_starting_again(
    certification: TrainerCertification, *, today: date
) -> list[Reason]:
    """Return the reason against a new start: it runs, or the person is on the way."""
    standing = standing_of(certification, today)
    if standing in {Standing.WITHDRAWN, Standing.ENDED}:
        return []
    sentence = _("There is nothing to start again: %(standing)s.")
    words = standing_words(certification, today)
    return [Reason("not-over", sentence % {"standing": words})]


def reasons_without_certifying(certification: TrainerCertification) -> list[Reason]:
    """R-14: the last step is done by noting the certification, not by a tick alone."""
    if certification.state == TrainerState.CERTIFIED:
        return []
    sentence = _("This step is done when the certification is noted, with its day.")
    url = certification.get_absolute_url()
    return [Reason("not-certified", sentence, url, _("Open the certification"))]
