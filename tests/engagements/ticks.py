"""Short ways to bring an engagement where a test needs it."""

from engagements.models import Engagement
from psdelivery.documents.services import add_link
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step
from tests.factories.engagements import NOW
from tests.factories.handoff import hand_over


def set_status(engagement, status, before=""):
    """Put the status there without the moves that lead to it."""
    Engagement.objects.filter(pk=engagement.pk).update(
        status=status, status_before=before
    )
    engagement.refresh_from_db()


# these wait for the handoff, whose record ticks the second itself.
AFTER_HANDOFF = {"kickoff-held", "first-day", "handoff-acknowledged"}


def tick(engagement, key, by=None, now=NOW):
    """Tick a step with evidence, and before it all that it waits for."""
    if key in AFTER_HANDOFF:
        hand_over(engagement, by=by, now=now)
    step = Step.objects.get(engagement=engagement, key=key, period=0)
    for blocker in step.blockers.all():
        if blocker.is_open:
            tick(engagement, blocker.key, by=by, now=now)
    if not step.is_open:
        return step
    evidence = add_link(
        "https://docs.example.com/done",
        title=key,
        engagement=engagement,
        by=by,
        now=now,
    )
    completion = Completion(evidence=evidence, note="Done.", happened_on=now.date())
    return complete_step(step, completion, by=by, now=now)


def tick_all(engagement, blocks_move, now=NOW):
    """Tick every open step that is marked as before a status."""
    while (
        step := Step.objects.open()
        .filter(engagement=engagement, blocks_move=blocks_move)
        .first()
    ):
        tick(engagement, step.key, now=now)
