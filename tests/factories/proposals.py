from datetime import date, timedelta

from engagements.choices import ForecastCategory
from tests.factories.training import NOW, SYDNEY, CourseFactory, local
from training.models import DateProposal
from training.rules.proposals import Proposed
from training.services.proposals import ProposalDraft, propose

# A Tuesday; options are a week apart.
FIRST = date(2027, 4, 6)
WEEK = timedelta(days=7)


def sure(engagement):
    """Far enough in the sales process that days may be held softly (R-2)."""
    engagement.opportunity_stage = 5
    engagement.forecast_category = ForecastCategory.COMMIT
    engagement.save()
    return engagement


def option(trainer=None, *, first=FIRST, days=2):
    """A set of dates: so many days, 09:00 to 13:00 Sydney."""
    sessions = [local(first + timedelta(days=n)).moments for n in range(days)]
    return Proposed(sessions, trainer)


def drafted(engagement, *trainers, by, now=NOW, course=None, first=FIRST):
    """What proposing takes: a set of dates for each trainer, a week apart."""
    course = course or CourseFactory()
    options = [
        option(trainer, first=first + number * WEEK)
        for number, trainer in enumerate(trainers)
    ]
    return ProposalDraft(
        engagement=engagement,
        course=course,
        title=course.title,
        zone=SYDNEY,
        options=options,
    )


def proposed(engagement, *trainers, by, now=NOW, **fields) -> DateProposal:
    """A proposal as the services make it."""
    draft = drafted(sure(engagement), *trainers, by=by, now=now, **fields)
    return propose(draft, by=by, now=now)
