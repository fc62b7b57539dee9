"""Names as people join under them: the same person, perhaps the same, or another.

Pure. A name has one or more forms: what stands before brackets, and in them. A form is
a set of words without accents, titles, devices and the like, so that "Doe, Jane",
"Jane Doe (Acme)" and "JANE DOE - iPhone" have one in common.
"""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

Form = tuple[str, ...]


def word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# From here on two names may be one person; a person decides.
ALIKE = 0.75
# All words of one, at least two, are in the other.
WITHIN = 0.9
DEVICES = word_set(
    "iphone ipad ipod galaxy pixel macbook android samsung huawei xiaomi oneplus "
    "phone handy smartphone mobile laptop desktop notebook tablet pc mac surface "
    "zoom user guest gast teilnehmer"
)
# Words that go with a device, and are part of a name elsewhere.
OF_DEVICES = word_set("pro air mini max plus von van de of s the le la el")
TITLES = word_set("dr prof mr mrs ms miss herr frau dipl ing mba phd msc bsc")
PRONOUNS = word_set("she her hers he him his they them theirs")
# How the same letter is written without its dots.
TWICE = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ss", "s"))
PLAIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})

_brackets = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_after = re.compile(r"\s[-–—|/@]+\s|[|@]")
_possessive = re.compile(r"['’`´]s\b")
_words = re.compile(r"[^\W_]+")
_letters = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=8192)
def forms_of(name: str) -> tuple[Form, ...]:
    """Return the forms of a name, the one before brackets first; none of a device."""
    inner = [part for part in _brackets.findall(name) if part.strip()]
    outer = _brackets.sub(" ", name)
    parts = [_after.split(outer)[0], *inner]
    found = [form_of(part) for part in parts]
    return tuple(dict.fromkeys(form for form in found if form))


def form_of(words: str) -> Form:
    """Return the words that say who it is, each once and in a fixed order."""
    plain = folded(_possessive.sub(" ", words))
    found = [word for word in _words.findall(plain) if word.isalpha()]
    if DEVICES.intersection(found):
        found = [word for word in found if word not in DEVICES | OF_DEVICES]
    told = {word for word in found if word not in TITLES}
    if told <= PRONOUNS:
        return ()
    return tuple(sorted(told))


def folded(words: str) -> str:
    """Return words in small letters without accents, "ü" and "ue" alike."""
    small = words.casefold().translate(PLAIN)
    split = unicodedata.normalize("NFKD", small)
    plain = "".join(one for one in split if not unicodedata.combining(one))
    for double, single in TWICE:
        plain = plain.replace(double, single)
    return plain


def is_same(first: str, second: str) -> bool:
    """Tell whether two names say the same person as far as names can say it.

    Their first forms are equal, or two forms of at least two words.
    """
    mine, other = forms_of(first), forms_of(second)
    if not mine or not other:
        return False
    whole = {form for form in mine if len(form) > 1}
    return mine[0] == other[0] or bool(whole & set(other))


def likeness(first: str, second: str) -> float:
    """Return how alike two names are, from 0 to 1 (the same)."""
    if is_same(first, second):
        return 1.0
    pairs = [(a, b) for a in forms_of(first) for b in forms_of(second)]
    return max((alike(a, b) for a, b in pairs), default=0.0)


def alike(first: Form, second: Form) -> float:
    """Return how alike two forms are: one within the other, initials, a slip."""
    few, many = sorted((first, second), key=len)
    if set(few) <= set(many):
        return WITHIN if len(few) > 1 else 0.8
    if len(few) > 1 and fits_initials(few, many):
        return 0.85
    slip = SequenceMatcher(None, " ".join(first), " ".join(second))
    if slip.real_quick_ratio() < ALIKE or slip.quick_ratio() < ALIKE:
        return 0.0
    # Below what is within the other: a letter may make it somebody else.
    return min(slip.ratio(), 0.89)


def fits_initials(few: Form, many: Form) -> bool:
    """Tell whether "J Doe" can be "Jane Doe": a word in common, the rest initials."""
    rest = [word for word in few if word not in many]
    others = [word for word in many if word not in few]
    if len(rest) == len(few):
        return False
    return all(
        any(word[0] == other[0] and 1 in (len(word), len(other)) for other in others)
        for word in rest
    )


def likeness_to_address(name: str, email: str) -> float:
    """Return how well an address fits a name: jane.doe@…, jdoe@…"""
    local = folded(email.partition("@")[0])
    words = tuple(sorted(set(_letters.findall(local))))
    best = max((alike(words, form) for form in forms_of(name) if words), default=0.0)
    squeezed = "".join(_letters.findall(local))
    return 0.85 if any(fits_squeezed(squeezed, f) for f in forms_of(name)) else best


def fits_squeezed(local: str, form: Form) -> bool:
    """Tell whether "jdoe", "janed" or "janedoe" is made of the words of a form."""
    return any(
        local in {one[0] + other, one + other[0], one + other}
        for one in form
        for other in form
        if one != other and len(other) > 1
    )
