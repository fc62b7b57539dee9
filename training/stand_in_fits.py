"""Who is certified for the classes that somebody cannot teach (section 5, stand-in)."""

from collections.abc import Collection, Mapping
from datetime import date

from scheduling.fits import Fit, FitQuestion, fits
from scheduling.models import ConflictCase
from training.models import Delivery, TrainerCertification
from training.rules.classes import day_of
from training.rules.trainers import ORDER, is_certified, standing_of, standing_words
from training.trainer_queries import OVER, last_day_of


def certified_fits(question: FitQuestion) -> Mapping[int, Fit]:
    """R-14: say of each person how they stand to the courses; the certified first.

    Nothing where no class meets on the days.
    """
    asked = last_days(question.case, question.days)
    if not asked:
        return {}
    rows = TrainerCertification.objects.filter(course__in=asked)
    found = {(row.person_id, row.course_id): row for row in rows}
    return {
        person.pk: fit_of({pk: found.get((person.pk, pk)) for pk in asked}, asked)
        for person in question.people
    }


def fit_of(
    held: Mapping[int, TrainerCertification | None],
    asked: Mapping[int, tuple[str, date]],
) -> Fit:
    """Put together how one person stands to the courses; the weakest decides."""
    words = [
        f"{title}: {standing_words(held[pk], day)}"
        for pk, (title, day) in asked.items()
    ]
    standings = (standing_of(held[pk], day) for pk, (_title, day) in asked.items())
    return Fit("; ".join(words), max(ORDER[standing] for standing in standings))


def certified_people(case: ConflictCase, days: Collection[date]) -> set[int]:
    """Return who is certified for all the courses, whatever their trade is."""
    asked = last_days(case, days)
    people: list[set[int]] = []
    for course, (_title, day) in asked.items():
        rows = TrainerCertification.objects.filter(course=course)
        people.append({row.person_id for row in rows if is_certified(row, day)})
    return set.intersection(*people) if people else set()


def last_days(
    case: ConflictCase, days: Collection[date]
) -> dict[int, tuple[str, date]]:
    """Return title and last day, by course, of the classes that meet on these days."""
    classes = Delivery.objects.filter(engagement=case.engagement, trainer=case.person)
    near = classes.exclude(state__in=OVER).select_related("course")
    found: dict[int, tuple[str, date]] = {}
    for one in near.prefetch_related("sessions").order_by("pk"):
        if any(day_of(session) in days for session in one.sessions.all()):
            last = last_day_of(one)
            _title, known = found.get(one.course_id, ("", last))
            found[one.course_id] = (one.course.title, max(last, known))
    return found


def register_stand_in_fits() -> None:
    """Let the schedule propose certified people first."""
    fits.register("training", certified_fits, certified_people)
