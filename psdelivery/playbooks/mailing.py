"""The mail that does a step: its kind, what it is about, and what became of it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from psdelivery.outbox.access import may_write
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.outbox.rules.drafts import DRAFT_STATES, UNDER_WAY
from psdelivery.outbox.templates import MailKind, mail_kind
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.queries import homework_with
from psdelivery.registry import Reason, RuleRefused

MOST_SHOWN = 5
# The kind that asks a contact for what is theirs to do.
HOMEWORK = "homework"
# The kind that reminds a contact of all that is theirs and still open.
HOMEWORK_REMINDER = "homework-reminder"


@dataclass(frozen=True)
class StepMail:
    """What the page of a step shows of its mail."""

    kind: MailKind
    messages: list[Message]
    may_write: bool
    may_remind: bool = False

    @property
    def draft(self) -> Message | None:
        """The draft that waits for a check."""
        return self._first(DRAFT_STATES)

    @property
    def may_prepare(self) -> bool:
        """Whether another mail may be prepared: none is on its way."""
        return self.may_write and self._first(DRAFT_STATES | UNDER_WAY) is None

    def _first(self, states: frozenset[State]) -> Message | None:
        return next((one for one in self.messages if one.state in states), None)


def template_of(step: Step) -> str:
    """Return which mail a step sends; a step of a contact asks for homework."""
    return step.mail_template or (HOMEWORK if step.contact_id else "")


def mail_of(step: Step, template: str = "") -> tuple[MailKind, Any]:
    """Return the kind of the step's mail and the record that it is about.

    With the template of the reminder it is about the first of all that the contact has
    open, so that there is one reminder whichever step it was asked for. Raises
    RuleRefused for a step that is not done by a mail, or not by this one.
    """
    about: Step | None = step
    if template == HOMEWORK_REMINDER:
        about = first_homework(step)
    elif template not in {"", template_of(step)}:
        about = None
    kind = mail_kind(template or template_of(step))
    record = kind.topic.of_step(about) if kind is not None and about else None
    if kind is None or record is None:
        sentence = _("This step has no such mail in the portal.")
        raise RuleRefused([Reason("no-mail", sentence, step.get_absolute_url())])
    return kind, record


def first_homework(step: Step) -> Step | None:
    """Return what the contact of a step has to do first; None where it is not open."""
    found = homework_with(step)
    return found[0] if step in found else None


def step_mail(step: Step, user: User) -> StepMail | None:
    """Return the mail of a step as its page shows it; None where it has none."""
    try:
        kind, record = mail_of(step)
    except RuleRefused:
        return None
    messages = Message.objects.filter(told_with(step)).defer("text", "html")
    return StepMail(
        kind,
        list(messages[:MOST_SHOWN]),
        may_write(user, kind, record),
        may_remind=first_homework(step) is not None,
    )


def told_with(step: Step) -> Q:
    """Return the condition for mails of a step, and reminders that name it too."""
    own = Q(step=step)
    if step.contact_id is None or step.engagement_id is None:
        return own
    return own | Q(
        kind=HOMEWORK_REMINDER,
        step__contact=step.contact_id,
        engagement=step.engagement_id,
    )
