"""What a work item lacks before somebody can build it (domain.md, section 4)."""

import re
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.registry import Reason

OVERVIEW, TASKS, CRITERIA = "overview", "tasks", "acceptance_criteria"
# The parts that are typed as Markdown, in the order of the template of the process.
PARTS: dict[str, str | Promise] = {
    OVERVIEW: gettext_lazy("Overview"),
    TASKS: gettext_lazy("Tasks"),
    CRITERIA: gettext_lazy("Acceptance Criteria"),
}
MISSING: dict[str, str | Promise] = {
    OVERVIEW: gettext_lazy("The overview is empty: say in full what this is about."),
    TASKS: gettext_lazy("There are no tasks: say what to change, and where."),
    CRITERIA: gettext_lazy(
        "There are no acceptance criteria: say how the customer sees that it is done."
    ),
}
# The bullet and the box of a list, which say nothing by themselves.
MARKS = re.compile(r"^\s*(?:[-*+]|\d+[.)])?\s*(?:\[[ xX]?\])?", re.MULTILINE)


class Written(Protocol):
    """A work item, or what somebody typed to become one."""

    overview: str
    tasks: str
    acceptance_criteria: str


def is_blank(text: str) -> bool:
    """Tell whether a text says nothing: empty, or bullets and boxes of a template."""
    return not any(one.isalnum() for one in MARKS.sub("", text))


def missing_for_ready(item: Written, edit_url: str = "") -> list[Reason]:
    """Name the parts that are empty: overview, tasks, acceptance criteria.

    domain.md, section 4: a work item has all of them before it is built. A template
    of which nobody has filled in anything counts as empty.
    """
    return [
        Reason(
            part,
            str(MISSING[part]),
            f"{edit_url}#div_id_{part}" if edit_url else "",
            _("Write it"),
        )
        for part in PARTS
        if is_blank(getattr(item, part))
    ]
