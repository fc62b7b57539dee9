"""What the views of the schedule have in common: how forms are refused."""

from collections.abc import Sequence

from django.forms import BaseForm

from psdelivery.people.views.answers import REFUSED_BY_RULE as REFUSED_BY_RULE
from psdelivery.people.views.answers import REFUSED_FORM as REFUSED_FORM
from psdelivery.people.views.answers import posted as posted
from psdelivery.people.views.answers import refused as refused
from psdelivery.people.views.answers import status_of as status_of
from psdelivery.people.views.answers import write_form as write_form
from psdelivery.registry import Reason
from scheduling.rules.requests import STALE


def is_stale(reasons: Sequence[Reason]) -> bool:
    """Tell whether it was refused because somebody was faster."""
    return any(reason.code in {STALE, "state", "ended"} for reason in reasons)


def see_version(form: BaseForm, version: int) -> None:
    """Let the form know the version that its reader is shown now.

    It was refused once, with who did what: sending it again means it.
    """
    shown = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict, once posted
    shown[form.add_prefix("version")] = str(version)
    form.data = shown
