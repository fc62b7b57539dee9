"""Bodies of the forms about candidates and offers."""

from tests.fuzz.bodies import Body, always, at

PAGE = at("scheduling:request-detail", "offered")


def somebody(world):
    """The colleague, as asked for."""
    return {"way": f"p{world.colleague.pk}"}


OFFERS = {
    "scheduling:request-offer": Body(
        at("scheduling:request-offer", "matched"),
        somebody,
        form_on=at("scheduling:request-candidates", "matched"),
    ),
    "scheduling:request-decline": Body(
        at("scheduling:request-decline", "offered"), always(reason="None of them")
    ),
    "scheduling:request-take-back": Body(
        at("scheduling:request-take-back", "offered"), always(reason="Ill")
    ),
    "scheduling:offer-accept": Body(
        at("scheduling:offer-accept", "offer"), always(), form_on=PAGE
    ),
    "scheduling:offer-decline": Body(
        at("scheduling:offer-decline", "offer"),
        always(**{"decline-reason": "Too late"}),
        form_on=at("scheduling:offer-detail", "offer"),
    ),
    "scheduling:offer-displace-agree": Body(
        at("scheduling:offer-displace-agree", "hold_question"),
        always(),
        form_on=at("scheduling:offer-detail", "hold_question"),
    ),
    "scheduling:offer-displace-refuse": Body(
        at("scheduling:offer-displace-refuse", "hold_question"),
        always(**{"keep-reason": "It is promised"}),
        form_on=at("scheduling:offer-detail", "hold_question"),
    ),
}
