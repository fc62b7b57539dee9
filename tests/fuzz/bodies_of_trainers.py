from tests.fuzz.bodies import Body, always, at


def certification(world):
    return {
        "person": str(world.colleague.pk),
        "course": str(world.second_course.pk),
        "certified_on": "2026-05-04",
        "expires_on": "2028-05-04",
        "note": "4.8 of 5",
    }


DAYS = {"certified_on": "2026-05-04", "expires_on": "2028-05-04", "note": "4.8 of 5"}

TRAINERS = {
    "training:certification-add": Body(at("training:certification-add"), certification),
    "training:certification-edit": Body(
        at("training:certification-edit", "way"), always(**DAYS)
    ),
    "training:certification-withdraw": Body(
        at("training:certification-withdraw", "way"), always(reason="Long leave")
    ),
    "training:certification-again": Body(
        at("training:certification-again", "withdrawn_way"),
        form_on=at("training:certification-detail", "withdrawn_way"),
    ),
    "training:demo-account": Body(
        at("training:demo-account", "me"),
        always(has_account="yes"),
        form_on=at("training:my-teaching"),
        buttons=("has_account",),
    ),
}
