"""A way out in words: what it is, why it is proposed, and what follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from psdelivery.people.moments import day_text, span_text
from scheduling.choices import OfferKind
from scheduling.match_words import quarter_words
from scheduling.models import Allocation
from scheduling.queries.matching import Matching
from scheduling.rules.alternatives import Part, Proposal
from scheduling.words import days_text


@dataclass(frozen=True)
class Told:
    """What stands on the page, in the mail and on the offer."""

    title: str
    reason: str
    effect: str


@dataclass(frozen=True, kw_only=True)
class Known:
    """The names that a proposal needs: of people, and of the holds it displaces."""

    people: Mapping[int, str]
    holds: Mapping[int, Allocation]


def names_for(found: Matching, proposals: Sequence[Proposal]) -> Known:
    """Return the names in these proposals; one query where a hold would give way."""
    ids = {one.displaces for one in proposals if one.displaces is not None}
    holds = Allocation.objects.select_related(
        "engagement__customer", "request__requested_by", "placed_by", "person"
    )
    return Known(
        people={one.pk: one.colleague.name for one in found.candidates},
        holds=holds.in_bulk(ids) if ids else {},
    )


def tell(proposal: Proposal, found: Matching, known: Known) -> Told:
    """Say what a proposal is, why, and what follows."""
    words = WORDS[proposal.kind]
    if proposal.kind == OfferKind.SPLIT and len(proposal.parts) == 1:
        words = in_ranges
    return words(proposal, found, known)


def as_asked(proposal: Proposal, found: Matching, known: Known) -> Told:
    """Say that somebody has it all."""
    (part,) = proposal.parts
    name = known.people[part.person_id]
    return Told(
        f"{name}, {whole_text(part)}",
        _("%(name)s has all of it as asked for.") % {"name": name},
        _("Nothing moves."),
    )


def other_person(proposal: Proposal, found: Matching, known: Known) -> Told:
    """Say that somebody else has it all."""
    told = as_asked(proposal, found, known)
    wanted = known.people.get(found.demand.person_id or 0, "")
    effect = _("No day moves; it is not %(name)s who does it.") % {"name": wanted}
    return Told(told.title, told.reason, effect) if wanted else told


def other_dates(proposal: Proposal, found: Matching, known: Known) -> Told:
    """Say by how much it moves, and until when it goes."""
    (part,) = proposal.parts
    words = {"name": known.people[part.person_id], "shift": shift_text(proposal.shift)}
    return Told(
        f"{words['name']}, {whole_text(part)}",
        _("The nearest dates on which %(name)s has all of it: %(shift)s.") % words,
        moved_text(proposal, found),
    )


def split(proposal: Proposal, found: Matching, known: Known) -> Told:
    """Say who does which days, and how often the work changes hands."""
    first, second = proposal.parts
    names = {
        "one": known.people[first.person_id],
        "other": known.people[second.person_id],
    }
    title = _("%(one)s: %(first)s; %(other)s: %(second)s") % {
        **names,
        "first": part_text(first, found),
        "second": part_text(second, found),
    }
    days = days_text([day for day, _share in second.days], found.demand.days)
    words = {**names, "days": days}
    return Told(
        title,
        _("%(one)s has not all of it; %(other)s has %(days)s.") % words,
        handed_text(proposal),
    )


def in_ranges(proposal: Proposal, found: Matching, known: Known) -> Told:
    """Say what stays and where the rest goes."""
    (part,) = proposal.parts
    name = known.people[part.person_id]
    words = {
        "name": name,
        "shift": shift_text(proposal.shift),
        "days": count_text(len(part.days) - proposal.moved),
    }
    return Told(
        f"{name}, {part_text(part, found)}",
        _("%(name)s has %(days)s as asked for, and the rest %(shift)s.") % words,
        moved_text(proposal, found),
    )


def displacing(proposal: Proposal, found: Matching, known: Known) -> Told:
    """Say whose hold would give way, and how much of it."""
    (part,) = proposal.parts
    hold = known.holds[proposal.displaces or 0]
    words = {
        "name": known.people[part.person_id],
        "what": hold.engagement or hold.task or _("an inquiry"),
        "hours": quarter_words(proposal.lost),
        "all": f"{hold.hours.normalize():f}",
        "who": asked_of(hold),
    }
    return Told(
        f"{words['name']}, {whole_text(part)}",
        _("Only the soft hold for %(what)s stands in the way.") % words,
        _(
            "%(who)s is asked to give up %(hours)s of its %(all)s hours; until then it "
            "is not offered."
        )
        % words,
    )


def asked_of(hold: Allocation) -> object:
    """Return who decides whether a soft hold gives way, as far as it is known."""
    if hold.request is not None:
        return hold.request.requested_by
    return hold.placed_by or _("Coordination")


def whole_text(part: Part) -> str:
    """Return the first and the last day of a part."""
    return span_text(part.first, part.last)


def part_text(part: Part, found: Matching) -> str:
    """Return the days of a part as runs."""
    among = found.line.days or found.demand.days
    return days_text([day for day, _share in part.days], among)


def count_text(days: int) -> str:
    """Return a number of days."""
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def shift_text(shift: int) -> str:
    """Return how far off something is, in working days."""
    if shift < 0:
        words = ngettext(
            "%(n)d working day earlier", "%(n)d working days earlier", -shift
        )
        return words % {"n": -shift}
    words = ngettext("%(n)d working day later", "%(n)d working days later", shift)
    return words % {"n": shift}


def moved_text(proposal: Proposal, found: Matching) -> str:
    """Say how many days move, and how first and last day change."""
    moved = ngettext("%(n)d day moves", "%(n)d days move", proposal.moved)
    changes = [moved % {"n": proposal.moved}]
    first, last = found.demand.days[0], found.demand.days[-1]
    if proposal.first != first:
        changes.append(_("it begins on %(day)s") % {"day": day_text(proposal.first)})
    if proposal.last != last:
        changes.append(_("it ends on %(day)s") % {"day": day_text(proposal.last)})
    return "{}.".format(", ".join(changes))


def handed_text(proposal: Proposal) -> str:
    """Say that nothing moves, and how often the work goes from one to the other."""
    by_day = sorted(
        (day, part.person_id) for part in proposal.parts for day, _share in part.days
    )
    pairs = zip(by_day, by_day[1:], strict=False)
    times = sum(one[1] != other[1] for one, other in pairs)
    words = ngettext(
        "No day moves; the work is handed over once.",
        "No day moves; the work is handed over %(n)d times.",
        times,
    )
    return words % {"n": times}


WORDS = {
    OfferKind.AS_ASKED: as_asked,
    OfferKind.OTHER_PERSON: other_person,
    OfferKind.OTHER_DATES: other_dates,
    OfferKind.SPLIT: split,
    OfferKind.DISPLACE: displacing,
}
