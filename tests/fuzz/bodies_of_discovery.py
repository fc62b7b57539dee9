from django.urls import reverse

from engagements.execution.models import QuestionSet, SetQuestion
from engagements.execution.services.assumptions import add_assumption
from engagements.models import Assessment
from tests.factories.discovery import ask, question_set, session_of, write
from tests.factories.engagements import NOW
from tests.fuzz.bodies import Body, always, at

SET = {"questions": "# Size\nHow many\nusers?", "is_active": "on"}


def set_of(world, client=None):
    """The page of a set that asks one question."""
    made, _new = QuestionSet.objects.get_or_create(
        key="backups", defaults={"title": "Backups"}
    )
    SetQuestion.objects.get_or_create(question_set=made, text="Where to?")
    return reverse("execution:question-set-edit", args=[made.pk])


def typed(**values):
    return lambda world: SET | values | {"offerings": [str(world.offering.pk)]}


def session(world):
    """A session with questions, none of them answered; the same for form and view."""
    found = world.consulting.discovery_sessions.first()
    if found is None:
        found = session_of(world.consulting, by=world.me)
        ask(found, by=world.me)
    return found


def on(name, *more):
    """The address of a view of the session."""

    def opened(world, client=None):
        return reverse(f"execution:{name}", args=[session(world).pk, *more])

    return opened


PAGE = on("discovery-detail")


def make_sets():
    """Two, once: a single box would be taken for a yes or no."""
    for key in ("one", "two"):
        if not QuestionSet.objects.filter(key=key).exists():
            question_set(key, typed="Who\nelse?")


def with_recap(name):
    """The same of a session whose recap is written."""

    def opened(world, client=None):
        write(session(world), "recap", "Two sites", by=world.me)
        return on(name)(world)

    return opened


def add_with_sets(world, client=None):
    make_sets()
    return reverse("execution:discovery-add", args=[world.consulting.pk])


def two_sets():
    return [str(pk) for pk in QuestionSet.objects.values_list("pk", flat=True)]


def questions_with_sets(world, client=None):
    make_sets()
    return on("discovery-questions")(world)


def assumption(world):
    """An assumption that was added by hand; the same for form and view."""
    found = world.consulting.assumptions.first()
    if found is None:
        by, text = world.me, "One site"
        found = add_assumption(world.consulting, text, by=by, now=NOW)
    return found


def of_assumption(name):
    def opened(world, client=None):
        return reverse(f"execution:{name}", args=[assumption(world).pk])

    return opened


def tab_with_lines(world, client=None):
    """The tab of an engagement whose assessment assumes something since."""
    session(world)
    Assessment.objects.update_or_create(
        engagement=world.consulting,
        defaults={"assumptions": "One site\nNo proxy", "changed_at": NOW},
    )
    return reverse(
        "engagements:engagement-tab", args=[world.consulting.pk, "discovery"]
    )


DISCOVERY = {
    "execution:question-set-add": Body(
        at("execution:question-set-add"), typed(title="Registries")
    ),
    "execution:question-set-edit": Body(set_of, typed(title="Restores")),
    "execution:discovery-add": Body(
        add_with_sets,
        lambda world: {"title": "Sizes", "day": "2027-02-16", "sets": two_sets()},
    ),
    "execution:discovery-edit": Body(
        on("discovery-edit"), always(title="Builds", day="2027-02-16")
    ),
    "execution:discovery-remove": Body(
        on("discovery-remove"), form_on=on("discovery-edit")
    ),
    "execution:discovery-mail": Body(
        on("discovery-mail", "discovery-questions"), form_on=PAGE
    ),
    "execution:discovery-questions": Body(
        questions_with_sets,
        lambda world: {"questions": "# Why\nWhy\nnow?", "sets": two_sets()},
    ),
    "execution:discovery-question-add": Body(
        on("discovery-question-add"), always(text="Who decides?"), form_on=PAGE
    ),
    "execution:discovery-notes-file": Body(on("discovery-notes-file"), form_on=PAGE),
    "execution:recap-draft": Body(on("recap-draft"), form_on=PAGE),
    "execution:recap-read-back": Body(with_recap("recap-read-back"), form_on=PAGE),
    "execution:recap-confirm": Body(
        with_recap("recap-confirm"),
        lambda world: {"contact": str(world.contact.pk), "how": "By\nmail"},
    ),
    "execution:assumptions-take": Body(
        at("execution:assumptions-take", "consulting"), form_on=tab_with_lines
    ),
    "execution:assumption-add": Body(
        at("execution:assumption-add", "consulting"), always(text="No proxy")
    ),
    "execution:assumption-decide": Body(
        of_assumption("assumption-decide"),
        always(
            state="invalidated",
            evidence="They have\nthree",
            as_risk="on",
            priority="high",
            impact="scope",
            mitigation="Ask\nearly",
        ),
    ),
    "execution:assumption-drop": Body(
        of_assumption("assumption-drop"), form_on=of_assumption("assumption-decide")
    ),
}
