from django.contrib.contenttypes.models import ContentType

from psdelivery.access import Action
from psdelivery.comments.models import Comment, Mention
from psdelivery.playbooks.models import Step
from tests.access.sample import Sample
from tests.access.samples_of_playbooks import SAMPLES as OF_PLAYBOOKS
from tests.factories.engagements import NOW
from tests.factories.people import UserFactory


def _steps(cast):
    return OF_PLAYBOOKS["playbooks:step-detail"](cast)


def _subject(cast):
    steps = _steps(cast)

    def on(which):
        return {"kind": "step", "subject": getattr(steps, which)["pk"]}

    near = {which: on(which) for which in ("own", "team", "foreign")}
    return Sample(beyond=Action.ENGAGEMENT_SEE, **near)


def _written(step, by):
    return Comment.objects.create(
        subject_type=ContentType.objects.get_for_model(Step),
        subject_id=str(step["pk"]),
        title="Step",
        url="/steps/",
        text="Ready",
        by=by,
        at=NOW,
    )


def _comment(cast):
    """Mine is on a step of mine; nobody changes those of others."""
    steps = _steps(cast)
    own = _written(steps.own, cast.actor)
    foreign = _written(steps.foreign, UserFactory())
    return Sample(own={"pk": own.pk}, foreign={"pk": foreign.pk}, beyond=Action.MY_DAY)


def _mention(cast):
    comment = _written(_steps(cast).own, UserFactory())
    own = Mention.objects.create(comment=comment, person=cast.actor)
    foreign = Mention.objects.create(comment=comment, person=UserFactory())
    return Sample(own={"pk": own.pk}, foreign={"pk": foreign.pk}, beyond=Action.MY_DAY)


SAMPLES = {
    "comments:comment-add": _subject,
    "comments:comment-edit": _comment,
    "comments:comment-delete": _comment,
    "comments:mention-seen": _mention,
}
