"""What is told after a class: recording, survey, and what attendees said."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from psdelivery.history.services import Changes
from psdelivery.people.models import User
from psdelivery.registry import refuse
from training.models import Delivery, SurveyResult
from training.rules.roster import reasons_against_roster
from training.services.checklists import record_delivery
from training.services.sessions import lock


@transaction.atomic
def enter_closing_links(
    delivery: Delivery, *, recording_url: str, survey_url: str, by: User, now: datetime
) -> Delivery:
    """Keep the links of recording and survey; the history says only that they changed.

    Whoever has them gets in, so they are secrets. Raises RuleRefused for a class that
    was called off.
    """
    delivery = lock(delivery)
    refuse(reasons_against_roster(delivery))
    if (delivery.recording_url, delivery.survey_url) == (recording_url, survey_url):
        return delivery
    delivery.recording_url, delivery.survey_url = recording_url, survey_url
    delivery.save(update_fields=["recording_url", "survey_url"])
    record_delivery("closing-links-entered", delivery, {}, by=by, now=now)
    return delivery


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What came of a survey: how many answered, and their mean from 1 to 5."""

    answers: int
    score: Decimal
    note: str = ""


@transaction.atomic
def enter_survey(
    delivery: Delivery, survey: Survey, *, by: User, now: datetime
) -> SurveyResult:
    """Keep what attendees said of a class; the newest result counts.

    Raises RuleRefused for a class that was called off.
    """
    delivery = lock(delivery)
    refuse(reasons_against_roster(delivery))
    result = SurveyResult.objects.create(
        delivery=delivery,
        answers=survey.answers,
        score=survey.score,
        note=survey.note.strip(),
        by=by,
        at=now,
    )
    changes: Changes = {
        "answers": [None, survey.answers],
        "score": [None, survey.score],
    }
    record_delivery("survey-entered", delivery, changes, by=by, now=now)
    return result
