"""The day of a trainer: sessions, how to join, labs, who comes, what is left to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from psdelivery.calendars import end_of_day
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.queries import my_steps, step_rows
from training.choices import DeliveryState
from training.code_queries import codes_of, extensions_of
from training.lab_texts import CopyText, access_texts
from training.labs_queries import (
    LabSituation,
    lab_terms,
    situation_of,
    times_of_class,
)
from training.models import (
    Attendee,
    Delivery,
    LabCode,
    LabExtension,
    ParkedQuestion,
    Session,
)
from training.queries import by_class, steps_of_classes
from training.rules.labs import LabTerms
from training.tips import tips_for

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ClassOfDay:
    """A class that meets on the day, with all that its trainer needs there."""

    delivery: Delivery
    sessions: list[Session]
    situation: LabSituation
    lab_texts: list[CopyText]
    attendees: list[Attendee]
    steps: list[Step]
    questions: list[ParkedQuestion]
    tips: list[str]


def classes_of_day(reader: User, day: date, *, now: datetime) -> list[ClassOfDay]:
    """Return the classes that the reader teaches or may open on a day of their zone.

    The same queries however many there are.
    """
    sessions = sessions_of_day(reader, day)
    classes = list({session.delivery_id: session.delivery for session in sessions})
    deliveries = {
        delivery.pk: delivery
        for delivery in Delivery.objects.filter(pk__in=classes)
        .select_related(
            "course",
            "checklist",
            "host",
            "trainer",
            "alternative_host",
            "engagement__customer",
            "engagement__main_contact",
        )
        .prefetch_related("sessions")
    }
    parts = Parts.of(list(deliveries.values()), reader)
    return [
        class_of_day(deliveries[pk], found, parts, now=now)
        for pk, found in by_class(sessions).items()
    ]


def sessions_of_day(reader: User, day: date) -> list[Session]:
    """Return the sessions that touch a day, as trainer or as alternative host."""
    begin, end = end_of_day(day - ONE_DAY, reader.zone), end_of_day(day, reader.zone)
    mine = Q(delivery__trainer=reader) | Q(delivery__alternative_host=reader)
    found = Session.objects.between(begin, end).filter(mine)
    on = found.exclude(delivery__state=DeliveryState.CANCELLED)
    return list(on.select_related("delivery").order_by("starts_at", "pk"))


@dataclass(frozen=True)
class Parts:
    """What is read for all classes of the day at once, by class."""

    terms: LabTerms
    codes: dict[int, LabCode]
    extensions: dict[int, list[LabExtension]]
    attendees: dict[int, list[Attendee]]
    steps: dict[int, list[Step]]
    questions: dict[int, list[ParkedQuestion]]

    @classmethod
    def of(cls, deliveries: Sequence[Delivery], reader: User) -> "Parts":
        """Read them; as many queries for one class as for several."""
        coming = Attendee.objects.filter(
            delivery__in=deliveries, cancelled_at__isnull=True
        )
        parked = ParkedQuestion.objects.filter(
            delivery__in=deliveries, answered_at__isnull=True, step__isnull=True
        )
        return cls(
            terms=lab_terms(),
            codes={code.delivery_id: code for code in codes_of(deliveries)},
            extensions=extensions_of(deliveries),
            attendees=by_class(coming),
            steps=steps_by_class(deliveries, reader),
            questions=by_class(parked),
        )


def steps_by_class(
    deliveries: Sequence[Delivery], reader: User
) -> dict[int, list[Step]]:
    """Return the reader's open steps of each class and its sessions, by deadline."""
    of_list = {delivery.checklist_id: delivery.pk for delivery in deliveries}
    of_classes = steps_of_classes(deliveries).order_by().values("pk")
    rows = step_rows(reader, my_steps(reader).filter(pk__in=of_classes))
    found: dict[int, list[Step]] = {}
    for step in rows.order_by("due_at", "pk"):
        own = of_list.get(step.checklist_id)
        found.setdefault(own or of_list[step.checklist.parent_id], []).append(step)
    return found


def class_of_day(
    delivery: Delivery, sessions: list[Session], parts: Parts, *, now: datetime
) -> ClassOfDay:
    """Put together what the trainer of a class needs on its day."""
    situation = situation_of(
        delivery,
        times_of_class(delivery),
        parts.codes.get(delivery.pk),
        parts.extensions.get(delivery.pk, []),
        terms=parts.terms,
    )
    # a code that is dead or dies too early is given to nobody.
    texts = [] if situation.against_giving(now) else access_texts(situation)
    return ClassOfDay(
        delivery=delivery,
        sessions=sessions,
        situation=situation,
        lab_texts=texts,
        attendees=parts.attendees.get(delivery.pk, []),
        steps=parts.steps.get(delivery.pk, []),
        questions=parts.questions.get(delivery.pk, []),
        tips=tips_for(delivery),
    )
