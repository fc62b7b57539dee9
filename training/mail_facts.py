"""What mails about classes and certifications may say: plain strings, no more.

Times are told on the clock of their session, with its zone.
"""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from engagements.mails import engagement_facts, name_of
from engagements.models import Engagement
from psdelivery.people.moments import day_text, zone_label
from psdelivery.people.moments import local_day as local_day_at
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.words import zone_words
from training.choices import OPEN_PROPOSALS, DeliveryState, Place, Result, StepKey
from training.labs_queries import lab_terms
from training.models import DateOption, DateProposal, Delivery, Session, Submission
from training.rules.proposals import letter
from training.rules.times import SessionTimes, span_words
from training.services.proposals import ANSWER_DAYS


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
        "registration_link": link_of(delivery, sessions),
        "late_note": late_note(delivery),
        "certification_title": certification_of(delivery) if certified else "",
        "certification_until": (
            day_text(last_day_to_submit(sessions)) if certified and sessions else ""
        ),
        "introduction_link": delivery.course.introduction_url,
    }


def link_of(delivery: Delivery, sessions: list[Session]) -> str:
    """Return the link of the class; of sessions with their own, each with its time.

    Empty while any of them lacks: half of it would lose people (R-15).
    """
    if delivery.registration_url or not sessions:
        return delivery.registration_url
    if not all(session.registration_url for session in sessions):
        return ""
    lines = [f"{session_line(one)}: {one.registration_url}" for one in sessions]
    return lines[0].rsplit(": ", 1)[-1] if len(lines) == 1 else "\n".join(lines)


def session_line(session: Session | SessionTimes) -> str:
    """Say when a session is: "Tue 6 Apr 2027, 09:00–13:00 (Sydney time, AEST)"."""
    times = SessionTimes(session.starts_at, session.ends_at, session.zone)
    label = zone_label(session.starts_at.astimezone(ZoneInfo(session.zone)))
    return f"{span_words(times)} ({zone_words(session.zone)}, {label})"


def local_day(session: Session) -> date:
    """Return the day on which a session begins, on its own clock."""
    return session.starts_at.astimezone(ZoneInfo(session.zone)).date()


def last_day_to_submit(sessions: list[Session]) -> date:
    """Return until which day work for the certification may be handed in."""
    last = max(sessions, key=lambda session: session.ends_at)
    ends = last.ends_at.astimezone(ZoneInfo(last.zone))
    return (ends + timedelta(days=lab_terms().submission_days)).date()


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
    for proposal in open_proposals_of(engagement):
        lines += [f"{proposal.title}, {line}" for line in option_lines(proposal)]
    return engagement_facts(engagement) | {
        "class_dates": "\n".join(lines),
        "hold_days": str(portal_settings()[ANSWER_DAYS]),
    }


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


def open_proposals_of(engagement: Engagement) -> list[DateProposal]:
    """Return what the customer may still choose from, in the order of proposing."""
    found = proposal_rows().filter(engagement=engagement, state__in=OPEN_PROPOSALS)
    return list(found.order_by("pk"))


def proposal_rows() -> QuerySet[DateProposal]:
    """Return proposals with all that a mail reads of them."""
    return DateProposal.objects.select_related(
        "course",
        "checklist",
        "engagement__customer",
        "engagement__main_contact",
        "engagement__practice__manager",
        "engagement__region",
    ).prefetch_related(
        "options__trainer",
        "options__allocation",
        "options__sessions",
        "engagement__team__person",
        "engagement__offerings",
    )


def option_lines(proposal: DateProposal) -> list[str]:
    """Return the sets of dates, one a line: "option A: Tue 6 Apr 2027, …, with …"."""
    return [
        option_line(option, proposal.zone)
        for option in sorted(proposal.options.all(), key=lambda one: one.order)
    ]


def option_line(option: DateOption, zone: str) -> str:
    """Say when the sessions of a set are, and who would teach them."""
    times = "; ".join(
        session_line(SessionTimes(one.starts_at, one.ends_at, zone))
        for one in option.sessions.all()
    )
    words = {"option": letter(option.order), "times": times}
    if option.trainer is None:
        return _("option %(option)s: %(times)s") % words
    words["trainer"] = option.trainer.display_name
    return _("option %(option)s: %(times)s, with %(trainer)s") % words


def proposal_facts(proposal: DateProposal) -> dict[str, str]:
    """Return what a mail about proposed dates may say."""
    zone = proposal.engagement.customer.zone
    # Met until the end of that day: the moment itself is the midnight after.
    last = proposal.answer_by - timedelta(seconds=1) if proposal.answer_by else None
    return engagement_facts(proposal.engagement) | {
        "course_title": proposal.course.title,
        "class_title": proposal.title,
        "options": "\n".join(option_lines(proposal)),
        "hold_days": str(portal_settings()[ANSWER_DAYS]),
        "answer_by": day_text(local_day_at(last, zone)) if last else "",
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
        "badge_link": badge_of(submission),
        "reviewer_name": name_of(reviewer),
        "coordinator_name": facts["coordinator_name"],
        "coordinator_email": facts["coordinator_email"],
    }


def badge_of(submission: Submission) -> str:
    """Return where who passed gets the badge; empty where nobody says so."""
    if submission.result != Result.PASSED:
        return ""
    return submission.badge_url or submission.delivery.course.badge_url
