from django.urls import reverse

from tests.fuzz.bodies import Body, always, at


def adding(kind, **subject):
    """The form of a request of a kind, about something of the world."""

    def opened(world, client=None):
        named = {name: getattr(world, word).pk for name, word in subject.items()}
        query = "&".join(f"{name}={pk}" for name, pk in named.items())
        return f"{reverse('scheduling:request-add')}?kind={kind}&{query}"

    return opened


def days(first="2027-03-15", last="2027-03-19"):
    return {"ranges-0-starts_on": first, "ranges-0-ends_on": last}


def engineer(world):
    return {
        "role": "pse",
        "person": str(world.colleague.pk),
        "booking": "soft",
        "hours_per_day": "7.5",
        "any_days": "3",
        "place": "on_site",
        "language": "German",
        "zone": "Australia/Sydney",
        "zone_overlap": "4",
        "note": "Bring the **cable**",
        "skills-0-skill": str(world.skill.pk),
        "skills-0-level": "3",
        **days(),
    }


INQUIRY = {
    "about": "Migration",
    "role": "trainer",
    "hours_per_day": "",
    "hours_total": "40",
    **days(),
}


def internal(world):
    return {
        "engagement": str(world.standing.pk),
        "task": "mentoring",
        "person": str(world.me.pk),
        "coordinator": str(world.me.pk),
        "booking": "soft",
        "hours_per_day": "2",
        **days(),
    }


def change(world):
    return {
        "cause": "customer",
        "note": "A week later",
        "person": str(world.colleague.pk),
        "booking": "soft",
        "hours_total": "30",
        **days("2027-03-22", "2027-03-26"),
    }


def release(world):
    return {"cause": "us", "note": "Done early", **days("2027-03-18")}


def of_request(name, of, values):
    return Body(at(f"scheduling:request-{name}", of), values)


def by_button(name, of):
    return Body(
        at(f"scheduling:request-{name}", of),
        always(),
        form_on=at("scheduling:request-detail", of),
    )


def booking(world):
    return {
        "who": "person",
        "person": str(world.colleague.pk),
        "hold": "soft",
        "hours_per_day": "",
        "hours_total": "20",
        "any_days": "4",
        "note": "By phone",
        **days(),
    }


PARTNER = {
    "who": "partner",
    "unnamed": "Consultant",
    "company": "Nordwind",
    "authorisation_url": "https://sign.example.com/wa/7",
    "amount": "9000.50",
    "currency": "EUR",
    "ends_on": "2027-06-30",
    "hold": "soft",
    "hours_per_day": "8",
    "hours_total": "",
    **days(),
}
WHY = {"cause": "customer", "reason": "They asked"}


def directly(world, client=None):
    """The form of a booking stands behind the choice of its engagement."""
    add = reverse("scheduling:allocation-add")
    return f"{add}?engagement={world.training.pk}"


def comments_tab(world, client=None):
    tab = [world.training.pk, "comments"]
    return reverse("engagements:engagement-tab", args=tab)


SEND = ("send",)
SCHEDULING = {
    "scheduling:allocation-extend": Body(
        at("scheduling:allocation-extend", "booking"), always(reason="They sign soon")
    ),
    "scheduling:allocation-convert": Body(
        at("scheduling:allocation-convert", "booking"), always(reason="They signed")
    ),
    "scheduling:request-add": Body(
        adding("engagement", engagement="training"), engineer, buttons=SEND
    ),
    "scheduling:request-add, inquiry": Body(
        adding("planning"), always(**INQUIRY), buttons=SEND
    ),
    "scheduling:request-add, internal": Body(
        adding("creditable"), internal, buttons=SEND
    ),
    "scheduling:request-add, change": Body(
        adding("change", allocation="booking"), change, buttons=SEND
    ),
    "scheduling:request-add, release": Body(
        adding("release", allocation="booking"), release, buttons=SEND
    ),
    "scheduling:comment-request": Body(
        at("scheduling:comment-request", "asking"),
        always(),
        form_on=comments_tab,
    ),
    "scheduling:request-edit": of_request("edit", "unsent", engineer),
    "scheduling:request-submit": by_button("submit", "unsent"),
    "scheduling:request-review": by_button("review", "sent"),
    "scheduling:request-refuse": of_request(
        "refuse", "reviewed", always(reason="Nobody is free")
    ),
    "scheduling:request-answer": of_request(
        "answer", "inquiry", always(reason="Two people in April")
    ),
    "scheduling:request-book": of_request("book", "reviewed", booking),
    "scheduling:request-book, partner": of_request(
        "book", "reviewed", always(**PARTNER)
    ),
    "scheduling:allocation-add": Body(
        directly, lambda world: booking(world) | {"role": "pse", "reason": "Agreed"}
    ),
    "scheduling:allocation-edit": Body(
        at("scheduling:allocation-edit", "booking"),
        lambda world: booking(world) | WHY | {"role": "pse"},
    ),
    "scheduling:allocation-release": Body(
        at("scheduling:allocation-release", "booking"),
        always(from_day="2027-03-18", **WHY),
    ),
    "scheduling:request-withdraw": of_request(
        "withdraw", "sent", always(reason="Not any more")
    ),
}
