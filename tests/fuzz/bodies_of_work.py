from django.urls import reverse

from engagements.execution.models import CollaborationProject, WorkItem
from tests.execution.work import (
    make_answered,
    make_assumption,
    make_item,
    make_question,
    make_session,
)
from tests.fuzz.bodies import Body, always, at

TYPED = {
    "title": "Move the registry",
    "overview": "All\nof it",
    "tasks": "- [ ] copy",
    "acceptance_criteria": "- [ ] it runs",
}


def item_of(world):
    """An item of the engagement at hand, with a question; it rests on one of two."""
    item = WorkItem.objects.filter(engagement=world.consulting).first()
    if item is None:
        item = make_item(world.consulting)
        item.assumptions.add(make_assumption(world.consulting))
        make_assumption(world.consulting, "They have no proxy")
        make_question(item)
    return item


def on_item(name):
    return lambda world, client=None: reverse(
        f"execution:{name}", args=[item_of(world).pk]
    )


def on_question(name):
    return lambda world, client=None: reverse(
        f"execution:{name}", args=[item_of(world).open_questions.get().pk]
    )


def drafting(world, client=None):
    """The page that offers two findings of each kind."""
    engagement = world.consulting
    if not engagement.discovery_sessions.exists():
        session = make_session(engagement)
        for text in ("Which CI system?", "Which registry?"):
            make_answered(session, text)
            make_assumption(engagement, f"Not {text}", state="invalidated")
    return reverse("execution:work-draft", args=[engagement.pk])


def findings(world):
    session = world.consulting.discovery_sessions.get()
    overturned = world.consulting.assumptions.filter(state="invalidated")
    return {
        "questions": [str(session.questions.first().pk)],
        "assumptions": [str(overturned.first().pk)],
    }


def changed_there(world):
    """An item whose text somebody at the customer has changed."""
    WorkItem.objects.filter(pk=item_of(world).pk).update(
        push_state="differs", issue_number=1, there_title="Move", there_text="Theirs"
    )
    project(world)


def project(world):
    CollaborationProject.objects.get_or_create(
        engagement=world.consulting, url="https://gitlab.example/acme/together"
    )


def settling(name):
    def opened(world, client=None):
        changed_there(world)
        return reverse(f"execution:{name}", args=[item_of(world).pk])

    return opened


def pushing(world, client=None):
    item_of(world)
    project(world)
    return reverse("execution:work-push", args=[world.consulting.pk])


TAB = at("engagements:engagement-tab", "consulting", "work")
THERE = settling("work-item-there")
PAGE = on_item("work-item-detail")
WORK = {
    "execution:work-project": Body(
        at("execution:work-project", "consulting"),
        always(url="https://gitlab.example/acme/collaboration"),
    ),
    "execution:work-push": Body(pushing, form_on=TAB),
    "execution:work-item-take": Body(settling("work-item-take"), form_on=THERE),
    "execution:work-item-overwrite": Body(
        settling("work-item-overwrite"), form_on=THERE
    ),
    "execution:work-draft": Body(drafting, findings),
    "execution:work-item-add": Body(
        at("execution:work-item-add", "consulting"), always(**TYPED)
    ),
    "execution:work-item-edit": Body(on_item("work-item-edit"), always(**TYPED)),
    "execution:work-item-move": Body(on_item("work-item-move"), form_on=PAGE),
    "execution:work-item-remove": Body(on_item("work-item-remove"), form_on=PAGE),
    "execution:open-question-add": Body(
        on_item("open-question-add"), always(text="Which registry?")
    ),
    "execution:open-question-answer": Body(
        on_question("open-question-answer"), always(answer="One\nof 40 GB")
    ),
    "execution:open-question-risk": Body(
        on_question("open-question-risk"),
        always(title="No day", priority="high", impact="scope", mitigation="Ask\nthem"),
    ),
    "execution:open-question-drop": Body(
        on_question("open-question-drop"), form_on=PAGE
    ),
}
