"""What mails about classes and certifications may say: plain strings, no more.

Times are told on the clock of their session, with its zone.
"""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from engagements.mails import engagement_facts, name_of
from engagements.models import Engagement
from psdelivery.people.moments import clock_text, day_text, zone_label
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.words import zone_words
from training.choices import DeliveryState, Place, StepKey
from training.models import Delivery, Session, Submission

# domain.md, section 5: how long attendees have to hand their work in.
SUBMISSION_PERIOD = timedelta(days=14)


def delivery_rows() -> QuerySet[Delivery]:
    """Return classes with all that a mail reads of them."""
    return Delivery.objects.select_related(
        "course",
        "trainer",
        "checklist",
        "engagement__customer",
        "engagement__main_contact",
        "engagement__practice__manager",
        "engagement__region",
    ).prefetch_related("sessions", "engagement__team__person", "engagement__offerings")


def submission_rows() -> QuerySet[Submission]:
    """Return submissions with all that a mail reads of them."""
    return Submission.objects.select_related(
        "reviewer",
        "delivery__course",
        "delivery__trainer",
        "delivery__engagement__customer",
        "delivery__engagement__main_contact",
        "delivery__engagement__practice__manager",
    ).prefetch_related(
        "delivery__engagement__team__person", "delivery__engagement__offerings"
    )


def delivery_facts(delivery: Delivery) -> dict[str, str]:
    """Return what every mail about a class may say."""
    sessions = list(delivery.sessions.all())
    certified = delivery.with_certification
    return engagement_facts(delivery.engagement) | {
        "class_title": delivery.title,
        "course_title": delivery.course.title,
        "sessions": "\n".join(session_line(session) for session in sessions),
        "first_day": day_text(local_day(sessions[0])) if sessions else "",
        "trainer_name": name_of(delivery.trainer),
        "language": delivery.language,
        "seats": str(delivery.seats),
        "address": delivery.address if delivery.place == Place.ON_SITE else "",
        "registration_link": delivery.registration_url,
        "late_note": late_note(delivery),
        "certification_title": certification_of(delivery) if certified else "",
        "certification_until": (
            day_text(last_day_to_submit(sessions)) if certified and sessions else ""
        ),
        "introduction_link": delivery.course.introduction_url,
    }


def session_line(session: Session) -> str:
    """Say when a session is: "Tue 6 Apr 2027, 09:00–13:00 (Sydney time, AEST)"."""
    zone = ZoneInfo(session.zone)
    start, stop = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    clock = f"{clock_text(start)}–{clock_text(stop)}"
    where = f"{zone_words(session.zone)}, {zone_label(start)}"
    return f"{day_text(start.date())}, {clock} ({where})"


def local_day(session: Session) -> date:
    """Return the day on which a session begins, on its own clock."""
    return session.starts_at.astimezone(ZoneInfo(session.zone)).date()


def last_day_to_submit(sessions: list[Session]) -> date:
    """Return until which day work for the certification may be handed in."""
    last = max(sessions, key=lambda session: session.ends_at)
    ends = last.ends_at.astimezone(ZoneInfo(last.zone))
    return (ends + SUBMISSION_PERIOD).date()


def certification_of(delivery: Delivery) -> str:
    """Return what the certification of a class is called."""
    return delivery.course.certification_title or delivery.course.title


def late_note(delivery: Delivery) -> str:
    """R-11: say it in the mail where there are fewer than 14 days from the start."""
    steps = Step.objects.filter(
        checklist=delivery.checklist_id, key=StepKey.REGISTRATION_LINK
    )
    newest = steps.order_by("-again", "-pk").first()
    if newest is None or not newest.late_by_design:
        return ""
    return _(
        "We know that this reaches you less than two weeks before the first session. "
        "Please pass it on today, so that everybody can plan for it."
    )


def classes_facts(engagement: Engagement) -> dict[str, str]:
    """Return what a mail about an engagement may say of its classes."""
    classes = delivery_rows().filter(engagement=engagement)
    planned = classes.exclude(state=DeliveryState.CANCELLED).order_by("pk")
    lines = [class_line(delivery) for delivery in planned]
    return engagement_facts(engagement) | {"class_dates": "\n".join(lines)}


def class_line(delivery: Delivery) -> str:
    """Say which course is when, and who teaches it, in one line."""
    times = "; ".join(session_line(session) for session in delivery.sessions.all())
    line = f"{delivery.title}: {times}"
    if delivery.trainer is None:
        return line
    return _("%(class)s, with %(trainer)s") % {
        "class": line,
        "trainer": delivery.trainer,
    }


def submission_facts(submission: Submission) -> dict[str, str]:
    """Return what the mail about a result may say."""
    delivery = submission.delivery
    reviewer = submission.reviewer or delivery.trainer
    score = submission.score
    facts = engagement_facts(delivery.engagement)
    return {
        "attendee_name": submission.attendee_name,
        "course_title": delivery.course.title,
        "certification_title": certification_of(delivery),
        "score": f"{score} %" if score is not None else "",
        "reviewer_name": name_of(reviewer),
        "coordinator_name": facts["coordinator_name"],
        "coordinator_email": facts["coordinator_email"],
    }
