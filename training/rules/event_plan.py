"""The training event plan: what is still open in it, and how versions differ.

Pure: no database, no clock, no request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.registry import Reason
from training.choices import DeliveryState
from training.models import Delivery

YES, NO = "yes", "no"
# Texts of the sheet that a plan is not complete without.
NEEDED_TEXTS = ("audience", "knowledge", "topics", "logistics_contact", "hardware",
                "materials")  # fmt: skip
ON_SITE_TEXT = "on_site"
OPEN_TEXT = "open_items"
# Single choices, which count as open until somebody says what was agreed.
CHOICES: Mapping[str, str | Promise] = {
    "place": gettext_lazy("Remote or on site"),
    "platform": gettext_lazy("Meeting or webinar"),
    "labs": gettext_lazy("Labs"),
    "certification": gettext_lazy("Certification"),
    "recording": gettext_lazy("Recording"),
}
NOTE_LENGTH = 300


@dataclass(frozen=True)
class PlanState:
    """What is known of a plan: its texts, what was decided, and the class.

    `labels` names the texts in the order of the page.
    """

    texts: Mapping[str, str]
    labels: Mapping[str, str]
    decided: frozenset[str] = frozenset()
    recording: str = ""
    recording_for: str = ""
    materials_language: str = ""
    is_on_site: bool = False
    address: str = ""


@dataclass(frozen=True)
class OpenItem:
    """Something that nobody has settled yet; `part` is where it stands on the page."""

    sentence: str
    part: str


def open_items(state: PlanState) -> list[OpenItem]:
    """Return what is empty or undecided in a plan, and what was noted as open."""
    return [*unsettled(state), *noted_items(state)]


def unsettled(state: PlanState) -> list[OpenItem]:
    """Return what is empty or undecided."""
    return [*open_choices(state), *empty_texts(state)]


def open_choices(state: PlanState) -> list[OpenItem]:
    """Return the single choices that nobody has made, and what goes with them."""
    needed = [key for key in CHOICES if key != "platform" or not state.is_on_site]
    names = [str(CHOICES[key]) for key in needed if key not in state.decided]
    sentence = _("%(what)s: to be decided.")
    found = [sentence % {"what": name} for name in names]
    if state.recording == YES and not state.recording_for:
        found.append(_("Recording: who gets it?"))
    if not state.materials_language:
        found.append(_("Language of the materials: to be decided."))
    if state.is_on_site and not state.address:
        found.append(_("Address: where is the class?"))
    return [OpenItem(one, "choices") for one in found]


def empty_texts(state: PlanState) -> list[OpenItem]:
    """Return the texts that are needed and empty; of an on-site class one more."""
    needed = [*NEEDED_TEXTS, *([ON_SITE_TEXT] if state.is_on_site else [])]
    sentence = _("%(what)s: nothing is written yet.")
    return [
        OpenItem(sentence % {"what": label}, f"live-{key}")
        for key, label in state.labels.items()
        if key in needed and not state.texts.get(key, "").strip()
    ]


def noted_items(state: PlanState) -> list[OpenItem]:
    """Return what somebody noted as open, a line each."""
    lines = state.texts.get(OPEN_TEXT, "").splitlines()
    found = [line.strip().removeprefix("-").removeprefix("*").strip() for line in lines]
    return [OpenItem(line, f"live-{OPEN_TEXT}") for line in found if line]


def reasons_against_writing(delivery: Delivery) -> list[Reason]:
    """Return the reason against writing the plan of a class that was called off."""
    if delivery.state != DeliveryState.CANCELLED:
        return []
    url = delivery.get_absolute_url()
    return [Reason("cancelled", _("This class was called off."), url)]


def reasons_against_keeping(
    items: Sequence[OpenItem], note: str, *, is_complete: bool, is_changed: bool
) -> list[Reason]:
    """Return what stands against keeping a version of the plan.

    A complete plan may have open items: each then has somebody who settles it, and
    the note says who and until when.
    """
    if not is_changed and not is_complete:
        return [Reason("unchanged", _("Nothing has changed since the last version."))]
    if is_complete and items and not note.strip():
        sentence = _("Some items are open: say in the note who settles them, and when.")
        return [Reason("note", sentence)]
    return []


@dataclass(frozen=True)
class Line:
    """A line of a text: "same", "added" or "removed"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """A part of the plan that two versions tell differently."""

    label: str
    lines: list[Line] = field(default_factory=list)


def differences(
    old: Mapping[str, str], new: Mapping[str, str], labels: Mapping[str, str]
) -> list[Difference]:
    """Return what the newer version tells differently, part by part."""
    keys = [key for key in labels if old.get(key, "") != new.get(key, "")]
    return [
        Difference(labels[key], changed_lines(old.get(key, ""), new.get(key, "")))
        for key in keys
    ]


def changed_lines(old: str, new: str) -> list[Line]:
    """Return the lines of two texts, marked by which of them they stand in."""
    a, b = old.splitlines(), new.splitlines()
    found: list[Line] = []
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    for tag, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if tag == "equal":
            found += [Line("same", text) for text in a[a_from:a_to]]
            continue
        found += [Line("removed", text) for text in a[a_from:a_to]]
        found += [Line("added", text) for text in b[b_from:b_to]]
    return found
