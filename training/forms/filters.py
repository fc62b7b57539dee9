from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from psdelivery.calendars import is_plannable
from psdelivery.people.models import User
from training.choices import DeliveryState
from training.forms.fields import DayField
from training.models import Delivery
from training.queries import (
    EVERY,
    PAST,
    UPCOMING,
    DeliveryFilter,
    courses_of,
    trainers_of,
)

MINE = "me"
NOBODY = "nobody"
# States of the review queue.
LATE, AT_RISK, LAB_DYING = "late", "risk", "lab"
RELEASED, WITHDRAWN = "released", "withdrawn"


def search_input() -> forms.SearchInput:
    return forms.SearchInput(attrs={"data-search": ""})


class DeliveryFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Class or customer"),
        required=False,
        max_length=100,
        widget=search_input(),
    )
    when = forms.ChoiceField(
        label=_("When"),
        required=False,
        choices=[("", _("To come")), (PAST, _("Over")), (EVERY, _("All"))],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Any state")), *DeliveryState.choices],
    )
    course = forms.ChoiceField(label=_("Course"), required=False)
    trainer = forms.ChoiceField(label=_("Trainer"), required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)

    def __init__(
        self, *args: Any, within: QuerySet[Delivery], user: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"
        courses = courses_of(within).values_list("pk", "title")
        people = [(person.pk, person.display_name) for person in trainers_of(within)]
        self._offer("course", [("", _("All courses")), *courses])
        self._offer("trainer", [("", _("Everybody")), (MINE, _("Mine")), *people])

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("since", "until"):
            if cleaned.get(name) and not is_plannable(cleaned[name]):
                self.add_error(name, _("This day is too far off."))
        return cleaned

    @property
    def wanted(self) -> DeliveryFilter:
        chosen = self.cleaned_data
        trainer = chosen["trainer"]
        trainer_id = self.user.pk if trainer == MINE else int(trainer or 0)
        return DeliveryFilter(
            text=chosen["q"],
            when=chosen["when"] or UPCOMING,
            state=chosen["state"],
            course_id=int(chosen["course"] or 0) or None,
            trainer_id=trainer_id or None,
            since=chosen["since"],
            until=chosen["until"],
        )


class SubmissionFilterForm(forms.Form):
    reviewer = forms.ChoiceField(label=_("Reviewer"), required=False)
    course = forms.ChoiceField(label=_("Course"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Waiting for review")),
            (LATE, _("Late")),
            (AT_RISK, _("Expected to be late")),
            (LAB_DYING, _("Lab dies before it is due")),
            (RELEASED, _("Released")),
            (WITHDRAWN, _("Withdrawn")),
        ],
    )

    def __init__(
        self,
        data: Any,
        *,
        reviewers: Iterable[User],
        courses: Iterable[tuple[int, str]],
    ) -> None:
        super().__init__(data)
        people = [(str(one.pk), one.display_name) for one in reviewers]
        every = [("", _("Everybody")), (MINE, _("Mine")), (NOBODY, _("Nobody yet"))]
        self._offer("reviewer", [*every, *people])
        named = [(str(pk), title) for pk, title in courses]
        self._offer("course", [("", _("All courses")), *named])

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
