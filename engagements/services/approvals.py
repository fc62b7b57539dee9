"""Ask somebody to decide, and tell those whom a decision concerns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.models import Engagement
from engagements.owners import owners_of
from engagements.settings import DECISION_DAYS
from psdelivery.calendars import Calendar, add_business_days
from psdelivery.outbox.choices import Audience
from psdelivery.outbox.drafts import MessageDraft
from psdelivery.outbox.renderers import Rendered, register_kind
from psdelivery.outbox.rules import is_address
from psdelivery.outbox.services import queue_many
from psdelivery.people.away import stand_ins
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import Pool, User
from psdelivery.people.moments import local_day
from psdelivery.people.notifications import APPROVAL
from psdelivery.people.queries import addresses_of_pools
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.choices import Phase
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.owners import assignment_for
from psdelivery.playbooks.rules.adhoc import AdHocStep
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.adhoc import add_step
from psdelivery.playbooks.services.checklists import cancel_steps
from psdelivery.playbooks.services.deadlines import pool_calendar
from psdelivery.playbooks.services.steps import complete_step

KIND = "approval"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a manager is asked: a step with a link to the page where it is decided.

    `due_on` is the day of the deadline; without it the decision has the usual time.
    """

    title: str
    instructions: str
    url: str
    phase: int = Phase.PRE_PROJECT
    due_on: date | None = None
    reminder_days: Mapping[str, list[int]] = field(
        default_factory=lambda: {"owner": [1, 0], "coordinator": [1], "manager": [2]}
    )


def ask_manager(
    engagement: Engagement, question: Question, *, by: User | None, now: datetime
) -> Step | None:
    """Open a step for the practice manager; None where there is no checklist.

    Without a manager it goes to the coordinator, then the pool (R-23), who see to it
    that leadership decides.
    """
    if engagement.checklist is None:
        return None
    owners = owners_of(engagement)
    owner = assignment_for(EngagementRole.PRACTICE_MANAGER, owners)
    asked = AdHocStep(
        title=question.title,
        phase=question.phase,
        owner_role=EngagementRole.PRACTICE_MANAGER,
        due_day=question.due_on or decision_day(owner.person, owner.pool, now),
        instructions=question.instructions,
        subject_url=question.url,
        reminder_days=question.reminder_days,
    )
    return add_step(engagement.checklist, asked, owners=owners, by=by, now=now)


def decision_day(person: User | None, pool: Pool | None, now: datetime) -> date:
    """Return the day by which a decision is due, on the calendar of who decides."""
    portal = portal_settings()
    calendar: Calendar = portal.company_calendar
    if person is not None:
        calendar = person.calendar
    elif pool is not None:
        calendar = pool_calendar(pool, portal)
    today = local_day(now, calendar.zone)
    return add_business_days(today, portal[DECISION_DAYS], calendar)


def close_question(
    step: Step | None, note: str, *, by: User | None, now: datetime
) -> None:
    """Tick the step of a question that was answered, if it still waits."""
    if step is not None and Step.objects.open().filter(pk=step.pk).exists():
        complete_step(step, Completion(note=note), by=by, now=now)


def drop_question(step: Step | None, *, now: datetime) -> None:
    """Cancel the step of a question that nobody needs to answer any more."""
    if step is not None:
        cancel_steps(Step.objects.filter(pk=step.pk), now=now)


@dataclass(frozen=True, kw_only=True)
class News:
    """A staff mail about a decision: what happened, to what, and where it stands.

    `event` and the subject make the same news the same mail. `kind` and `reason` are
    those of an approval unless it is about something else. Without an engagement it
    is about work that is none yet, or about a person.
    """

    subject: Model
    event: str
    engagement: Engagement | None
    title: str
    lines: tuple[str, ...]
    url: str
    why: str
    kind: str = KIND
    reason: str = APPROVAL


def tell(
    news: News, people: Iterable[User | Pool], *, by: User | None, now: datetime
) -> None:
    """Queue the news for each of these people but for who caused it.

    R-23: somebody who is away is not mailed; whoever stands in is.
    """
    drafts = [
        draft_of(news, address)
        for address in dict.fromkeys(addresses_of(people, by=by, now=now))
    ]
    queue_many(drafts, now)


def addresses_of(
    people: Iterable[User | Pool], *, by: User | None, now: datetime
) -> list[str]:
    """Return where mail for these people goes; without a good address, nowhere."""
    asked = list(people)
    persons = [one for one in asked if isinstance(one, User) and one.is_active]
    away = stand_ins(now, persons)
    reached = [away.get(person.pk, person) for person in persons]
    found = [one.email for one in reached if one is not None and one != by]
    pools = [one.pk for one in asked if isinstance(one, Pool)]
    for addresses in addresses_of_pools(pools).values() if pools else ():
        found += addresses
    return [address for address in found if is_address(address)]


def draft_of(news: News, address: str) -> MessageDraft:
    """Write the mail; the link at its end leads to the page."""
    link = f"[{_('Open it in the portal')}]({settings.SITE_URL}{news.url})"
    heading = f"**{news.engagement}**" if news.engagement else ""
    lines = [heading, *news.lines, link]
    body = "\n\n".join(filter(None, lines))
    rendered = Rendered.from_markdown(news.title, body)
    subject = news.subject
    return MessageDraft(
        kind=news.kind,
        audience=Audience.STAFF,
        to=[address],
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        engagement=news.engagement,
        thread_key=f"engagement-{news.engagement.pk}" if news.engagement else "",
        idempotency_key=(
            f"{news.kind}:{subject._meta.model_name}:{subject.pk}:{news.event}:{address}"
        ),
        why=news.why,
        reason=news.reason,
    )


def register_approvals() -> None:
    """Name the kind of mail."""
    register_kind(KIND, gettext_lazy("Approval"))
