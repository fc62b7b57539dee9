"""What a browser sends for the form of a request."""

from tests.factories.scheduling import MONDAY


def rows(prefix, entries, spare=0):
    """Rows of a formset with its management form."""
    data = {
        f"{prefix}-TOTAL_FORMS": str(len(entries) + spare),
        f"{prefix}-INITIAL_FORMS": "0",
    }
    for number, entry in enumerate(entries):
        data |= {f"{prefix}-{number}-{name}": value for name, value in entry.items()}
    return data


def days(*ranges):
    """The rows of the days, each a pair of first and last day."""
    return rows("ranges", [{"starts_on": a, "ends_on": b} for a, b in ranges])


WEEK = days((MONDAY, "2027-03-19"))


def typed(**fields):
    """A request for an engineer in a week of March, as it is sent at once."""
    return {
        "role": "pse",
        "booking": "soft",
        "hours_per_day": "8",
        "place": "remote",
        "send": "1",
        **WEEK,
        **rows("skills", []),
        **fields,
    }
