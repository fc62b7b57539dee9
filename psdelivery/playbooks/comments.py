"""Comments on steps."""

from collections.abc import Iterable

from django.db.models import Model
from django.http import Http404, HttpRequest

from psdelivery.comments.registry import Subject, register_subject
from psdelivery.people.models import User
from psdelivery.playbooks.access import get_step
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.queries import visible_steps


def subject_of(step: Step) -> Subject:
    """Return a step as what is commented on; its owner is the first to be told."""
    people = [step.assignee, step.checklist.coordinator]
    team = list(dict.fromkeys(one for one in people if one is not None))
    return Subject(
        record=step,
        title=f"{step.title} · {step.engagement or step.checklist.title}",
        url=step.get_absolute_url(),
        engagement=step.engagement,
        team=team,
    )


def load_step(request: HttpRequest, pk: str) -> Subject:
    """Return the step; raises Http404 for who may not see it."""
    if not pk.isdigit() or len(pk) > 18:
        raise Http404
    return subject_of(get_step(request, int(pk)))


def readers_of(step: Model, people: Iterable[User]) -> set[int]:
    """Return who of these people may see the step."""
    return {
        person.pk
        for person in people
        if visible_steps(person).filter(pk=step.pk).exists()
    }


def register_comments() -> None:
    """Let people comment on steps."""
    register_subject("step", Step, loader=load_step, readers=readers_of)
