"""What is sent in the quick tier: many fields at once, and in the full one each alone.

A crash in one field shows however many others are refused beside it. What all fields
take goes out together too, so that services and pages meet it.
"""

from dataclasses import dataclass, field

from tests.fuzz.nasty import NASTIES, UPLOADS

HIDDEN = "hidden"
SEEN_BEFORE = "initial-"


@dataclass(frozen=True)
class Round:
    """A body, and whether a hidden field of it was tampered with."""

    label: str
    body: dict = field(repr=False)
    tampered: bool = False


def quick_for(control):
    """What the quick tier tries on a control; a field of zones gets Mars too."""
    is_zone = "zone" in control.name
    return [
        nasty
        for nasty in NASTIES
        if control.kind in nasty.kinds or (is_zone and "zone" in nasty.name)
    ]


def full_for(control):
    """Everything that can be sent in a field of this kind."""
    if control.kind == HIDDEN:
        return quick_for(control)
    if control.kind == "file":
        return UPLOADS
    return [nasty for nasty in NASTIES if nasty not in UPLOADS]


def is_hidden(control):
    return control.kind == HIDDEN and not control.name.startswith(SEEN_BEFORE)


def quick_rounds(case):
    """Each field gets each of its nasty values once, all fields at a time."""
    fields = case.fields()
    yield from alone([one for one in fields if is_hidden(one)], case, quick_for)
    together = [one for one in fields if not is_hidden(one)]
    yield from taken(together, case)
    queues = {
        one.name: [nasty for nasty in quick_for(one) if not nasty.is_taken]
        for one in together
    }
    for number in range(max(map(len, queues.values()), default=0)):
        sent = {
            one.name: queues[one.name][number].sent(one)
            for one in together
            if number < len(queues[one.name])
        }
        yield Round(f"round {number} of {describe(queues, number)}", case.body | sent)


def describe(queues, number):
    told = [
        f"{name}: {queue[number]}"
        for name, queue in queues.items()
        if number < len(queue)
    ]
    return "; ".join(told)


def taken(fields, case):
    """What every text takes, in all of them at once: it has to fit everywhere."""
    for nasty in NASTIES:
        sent = {
            one.name: nasty.sent(one)
            for one in fields
            if nasty.is_taken and one.kind in nasty.kinds and "zone" not in one.name
        }
        if sent:
            yield Round(f"{nasty} in {', '.join(sent)}", case.body | sent)


def alone(fields, case, nasties_for):
    """Each field alone gets each of the values."""
    for one in fields:
        for nasty in nasties_for(one):
            body = case.body | {one.name: nasty.sent(one)}
            yield Round(f"{one.name}: {nasty}", body, tampered=is_hidden(one))


def full_rounds(case):
    """Everything in every field, one at a time."""
    yield from alone(case.fields(), case, full_for)
    yield from quick_rounds(case)
