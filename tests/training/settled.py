"""A class of which some steps are done and some are open."""

from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from tests.factories.training import NOW
from training.choices import StepKey
from training.queries import steps_of_classes


def settle(delivery, open_count, done_count):
    """Leave so many open and so many done steps on the class, the link among these."""
    steps = list(steps_of_classes([delivery]).order_by("pk"))
    link = next(step for step in steps if step.key == StepKey.REGISTRATION_LINK)
    dated = [
        s for s in steps if s.pk != link.pk and s.due_at and s.after_move == "keep"
    ]
    done = [link, *dated[: done_count - 1]]
    Step.objects.filter(pk__in=[step.pk for step in done]).update(
        state=StepState.DONE, done_at=NOW, next_reminder_at=None
    )
    kept = [step.pk for step in [*done, *dated[done_count - 1 :][:open_count]]]
    Step.objects.exclude(pk__in=kept).filter(
        checklist__delivery_owner=delivery
    ).delete()
    Step.objects.exclude(pk__in=kept).filter(
        checklist__session_owner__delivery=delivery
    ).delete()
    return link
