"""Who the people of a report are: joins of one person together, then the roster.

Pure. What is certain is decided here; what is doubtful waits for a person. What they
decide is known the next time: names and addresses of an attendee, people left out.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.translation import gettext as _

from training.choices import RowFate
from training.imports import Entry, Join, Section
from training.rules.names import (
    ALIKE,
    WITHIN,
    forms_of,
    is_same,
    likeness,
    likeness_to_address,
)

STAFF_SECTIONS = frozenset({Section.HOST, Section.PANELIST})
MOST_CANDIDATES = 3


@dataclass(frozen=True)
class Person:
    """One person of a report, with all joins and the names that they joined under.

    `minutes` are those that the report counts without saying when.
    """

    number: int
    names: tuple[str, ...]
    email: str = ""
    joins: tuple[tuple[Join, str], ...] = ()
    minutes: int = 0
    registered_at: datetime | None = None
    is_off: bool = False
    is_there: bool = True
    is_staff: bool = False

    @property
    def name(self) -> str:
        """The name that tells most; the address where there is none."""
        return max(self.names, key=words_in, default=self.email)

    @property
    def is_nameless(self) -> bool:
        """Only a device or a telephone number joined."""
        return not self.email and not any(map(forms_of, self.names))


@dataclass(frozen=True)
class Known:
    """Somebody on the roster, with all names and addresses that are known of them."""

    pk: int
    names: tuple[str, ...]
    emails: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Verdict:
    """What becomes of a person of a report, and why where that is not plain."""

    fate: RowFate
    attendee: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Memory:
    """What is known beside the roster: our own people, and who was left out before.

    `expects` says that people registered, so that a stranger is doubtful.
    """

    staff_emails: frozenset[str] = frozenset()
    staff_names: tuple[str, ...] = ()
    left_out: frozenset[tuple[str, str]] = frozenset()
    expects: bool = False


def people_of(entries: Iterable[Entry]) -> list[Person]:
    """Put the rows of a report together by person: the address, else the name.

    Rows without an address go to the one person with an address who has the same
    whole name; where several have it, they stay apart.
    """
    groups: dict[str, Person] = {}
    for entry in entries:
        key = entry.email or f"?{key_of(entry.name)}"
        groups[key] = added(groups.get(key), entry)
    named = [person for person in groups.values() if person.email]
    for key, person in list(groups.items()):
        if not person.email and (same := only_namesake(person, named)):
            groups[same.email] = joined(groups[same.email], person)
            del groups[key]
    return sorted(groups.values(), key=lambda person: person.number)


def words_in(name: str) -> int:
    """Return how many words of a name say who it is."""
    return max(map(len, forms_of(name)), default=0)


def key_of(name: str) -> str:
    """Return what rows of one person without an address have in common."""
    forms = forms_of(name)
    return " ".join(forms[0]) if forms else name.casefold()


def only_namesake(person: Person, named: Sequence[Person]) -> Person | None:
    """Return the one person with an address and this whole name, else None."""
    whole = [name for name in person.names if words_in(name) > 1]
    found = [
        other
        for other in named
        if any(is_same(name, theirs) for name in whole for theirs in other.names)
    ]
    return found[0] if len(found) == 1 else None


def added(person: Person | None, entry: Entry) -> Person:
    """Return the person with one more row of theirs."""
    row = Person(
        number=entry.line,
        names=(entry.name,) if entry.name else (),
        email=entry.email,
        joins=((entry.join, entry.name),) if entry.join else (),
        minutes=0 if entry.join else entry.minutes or 0,
        registered_at=entry.registered_at,
        is_off=entry.is_off,
        is_there=entry.is_there,
        is_staff=entry.section in STAFF_SECTIONS,
    )
    return joined(person, row) if person else row


def joined(person: Person, other: Person) -> Person:
    """Return both as one. Who registered twice and cancelled once still comes."""
    moments = [one for one in (person.registered_at, other.registered_at) if one]
    return replace(
        person,
        number=min(person.number, other.number),
        names=tuple(dict.fromkeys([*person.names, *other.names])),
        email=person.email or other.email,
        joins=person.joins + other.joins,
        minutes=person.minutes + other.minutes,
        registered_at=min(moments, default=None),
        is_off=person.is_off and other.is_off,
        is_there=person.is_there or other.is_there,
        is_staff=person.is_staff or other.is_staff,
    )


@dataclass
class Directory:
    """The roster by address and by word, so that nobody is compared with everybody."""

    people: dict[int, Known] = field(default_factory=dict)
    by_email: dict[str, int] = field(default_factory=dict)
    by_word: dict[str, set[int]] = field(default_factory=dict)

    def add(self, known: Known) -> None:
        """Enter somebody; the first with an address keeps it."""
        self.people[known.pk] = known
        for email in known.emails:
            self.by_email.setdefault(email, known.pk)
        for word in words_of(known):
            self.by_word.setdefault(word, set()).add(known.pk)

    def near(self, person: Person) -> list[Known]:
        """Return who has a word, or its beginning, in common with the person."""
        words = words_of(Known(0, person.names, frozenset({person.email})))
        keys = set[int]().union(*(self.by_word.get(word, set()) for word in words))
        return [self.people[pk] for pk in sorted(keys)]


def words_of(known: Known) -> set[str]:
    """Return the words of all names and addresses, and the beginnings of each."""
    local = (email.partition("@")[0] for email in known.emails)
    forms = [form for name in (*known.names, *local) for form in forms_of(name)]
    words = {word for form in forms for word in form}
    return words | {f"{word[:2]}…" for word in words}


def directory_of(roster: Iterable[Known]) -> Directory:
    """Return the roster as a directory."""
    directory = Directory()
    for known in roster:
        directory.add(known)
    return directory


def verdicts_on(
    people: Sequence[Person], roster: Iterable[Known], memory: Memory
) -> dict[int, Verdict]:
    """Return by number what becomes of each person of a report.

    Those with an address come first: they are the surest, and whoever joined without
    one is compared with them as well.
    """
    directory = directory_of(roster)
    found: dict[int, Verdict] = {}
    for person in sorted(people, key=lambda one: (not one.email, one.number)):
        verdict = verdict_on(person, directory, memory)
        if verdict.fate == RowFate.NEW:
            directory.add(Known(-person.number, person.names, emails_of(person)))
        found[person.number] = verdict
    return found


def emails_of(person: Person) -> frozenset[str]:
    return frozenset({person.email} if person.email else ())


def verdict_on(person: Person, directory: Directory, memory: Memory) -> Verdict:
    """Return who somebody is: the same address, else the same name, else in doubt."""
    known = directory.by_email.get(person.email) if person.email else None
    if known is not None and known > 0:
        return Verdict(RowFate.MATCHED, known)
    if is_one_of_us(person, memory):
        return Verdict(RowFate.IGNORED, note=_("One of us: host, panelist or trainer."))
    if keys_of(person) & memory.left_out:
        return Verdict(RowFate.IGNORED, note=_("Left out before."))
    near = directory.near(person)
    same = [one for one in near if has_name_of(one, person)]
    if person.is_off:
        return verdict_on_cancelled(same)
    if same:
        return verdict_on_namesakes(person, same)
    return verdict_on_stranger(person, candidates_for(person, near), memory)


def is_one_of_us(person: Person, memory: Memory) -> bool:
    """Tell whether somebody teaches or hosts, by part, address or whole name."""
    if person.is_staff or person.email in memory.staff_emails:
        return True
    names = [name for name in person.names if words_in(name) > 1]
    return not person.email and any(
        is_same(name, ours) for name in names for ours in memory.staff_names
    )


def keys_of(person: Person) -> set[tuple[str, str]]:
    """Return under which names and addresses somebody is remembered as left out."""
    return {(name.casefold(), person.email) for name in person.names or ("",)}


def has_name_of(known: Known, person: Person) -> bool:
    """Tell whether a name of somebody on the roster is one of the person's."""
    return any(is_same(mine, theirs) for mine in person.names for theirs in known.names)


def verdict_on_cancelled(same: Sequence[Known]) -> Verdict:
    """Return what becomes of a registration that was cancelled or refused."""
    if len(same) == 1 and same[0].pk > 0:
        return Verdict(RowFate.MATCHED, same[0].pk)
    return Verdict(RowFate.IGNORED, note=_("The registration was cancelled."))


def verdict_on_namesakes(person: Person, same: Sequence[Known]) -> Verdict:
    """Return what becomes of somebody whose name is on the roster.

    Two addresses may be two people of one name: a person decides.
    """
    if len(same) > 1:
        return Verdict(RowFate.DOUBTFUL, note=_("Several people have this name."))
    if person.email and same[0].emails:
        sentence = _("The name is on the roster with another address.")
        return Verdict(RowFate.DOUBTFUL, note=sentence)
    if same[0].pk < 0:
        return Verdict(RowFate.DOUBTFUL, note=_("Somebody of this name is new too."))
    return Verdict(RowFate.MATCHED, same[0].pk)


def verdict_on_stranger(
    person: Person, alike: Collection[Known], memory: Memory
) -> Verdict:
    """Return what becomes of somebody whose name is not on the roster."""
    if alike:
        return Verdict(RowFate.DOUBTFUL, note=_("Somebody on the roster is alike."))
    if person.is_nameless:
        sentence = _("A device or a telephone number: it does not say who it was.")
        return Verdict(RowFate.DOUBTFUL, note=sentence)
    if not person.email and memory.expects:
        sentence = _("Nobody has registered under this name.")
        return Verdict(RowFate.DOUBTFUL, note=sentence)
    return Verdict(RowFate.NEW)


def candidates_for(person: Person, near: Iterable[Known]) -> list[Known]:
    """Return who the person may be, the likeliest first.

    With an address of their own only who has the whole name, or it within theirs:
    Anna Maier and Anna Meier who both registered are two people.
    """
    ranked = [(score_of(person, one), one) for one in near]
    likely = [
        (score, one)
        for score, one in ranked
        if score >= (WITHIN if person.email and one.emails else ALIKE)
    ]
    likely.sort(key=lambda pair: (-pair[0], pair[1].pk))
    return [one for _score, one in likely[:MOST_CANDIDATES]]


def score_of(person: Person, known: Known) -> float:
    """Return how likely two are the same, by names and by what addresses say."""
    names = [likeness(a, b) for a in person.names for b in known.names]
    theirs = [
        likeness_to_address(name, email)
        for name in person.names
        for email in known.emails
        if not person.email
    ]
    mine = [
        likeness_to_address(name, person.email)
        for name in known.names
        if person.email and not known.emails
    ]
    return max([*names, *theirs, *mine], default=0.0)
