from tests.fuzz.bodies import Body, always, at
from tests.fuzz.nasty import Upload

RESPONSES = Upload(
    "responses.csv",
    b"Timestamp,Email,Name\n2027-01-30 10:00,ann@acme.example,Ann\n",
    "text/csv",
)


def submission(world):
    return {
        "attendee_name": "Ann Attendee",
        "attendee_email": "ann@acme.example",
        "day": "2027-01-29",
        "clock": "10:30",
        "zone": "Australia/Sydney",
        "response_url": "https://forms.example.com/1",
        "reviewer": str(world.trainer.pk),
    }


def marks(world):
    lines = world.course.criteria.order_by("order")
    given = {f"points-{line.pk}": "7" for line in lines}
    words = {f"word-{line.pk}": "Good" for line in lines}
    return given | words | {"badge_url": "https://badges.example.com/1"}


def release(world):
    return marks(world) | {"note": "Well done"}


def rubric(world):
    return {
        "lines-0-title": "Branches",
        "lines-0-points": "30",
        "lines-0-help": "Ten each",
        "lines-0-order": "2",
        "lines-2-title": "Merge requests",
        "lines-2-points": "30",
        "badge_url": "https://badges.example.com/2",
    }


def on_its_page(name, values=None, of="submission"):
    """A form that stands on the page of the submission."""
    page = at("training:submission-detail", of)
    return Body(at(f"training:submission-{name}", of), values, form_on=page)


CERTIFICATION = {
    "training:submission-add": Body(
        at("training:submission-add", "delivery"), submission
    ),
    "training:submission-release": on_its_page("release", release),
    "training:submission-release, to save": Body(
        at("training:submission-release", "submission"),
        lambda world: marks(world) | {"save": "1"},
        form_on=at("training:submission-detail", "submission"),
        buttons=("save",),
    ),
    "training:submission-reviewer": on_its_page(
        "reviewer",
        lambda world: {"reviewer": str(world.trainer.pk), "reason": "Leave"},
    ),
    "training:submission-correct": Body(
        at("training:submission-correct", "submission"),
        always(
            attendee_name="Ann Other",
            attendee_email="other@acme.example",
            badge_url="https://badges.example.com/3",
        ),
    ),
    "training:submission-withdraw": on_its_page("withdraw", always(reason="A test")),
    "training:submission-restore": on_its_page("restore", of="withdrawn"),
    "training:submission-assign": Body(
        at("training:submission-assign"),
        lambda world: {
            "submissions": [str(world.submission.pk)],
            "reviewer": str(world.trainer.pk),
            "reason": "Leave",
        },
        form_on=at("training:submission-list"),
    ),
    "training:submission-import": Body(
        at("training:submission-import", "delivery"),
        always(file=RESPONSES, zone="Europe/Berlin"),
    ),
    "training:import-columns": Body(
        at("training:import-columns", "form_import"),
        always(zone="UTC", date_order="dmy"),
        form_on=at("training:import-detail", "form_import"),
    ),
    "training:import-run": Body(
        at("training:import-run", "form_import"),
        form_on=at("training:import-detail", "form_import"),
    ),
    "training:import-discard": Body(
        at("training:import-discard", "form_import"),
        form_on=at("training:import-detail", "form_import"),
    ),
    "training:course-rubric": Body(at("training:course-rubric", "course"), rubric),
}
