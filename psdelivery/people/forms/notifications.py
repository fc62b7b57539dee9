from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext

from psdelivery.people.choices import NotificationDelivery
from psdelivery.people.notifications import NotificationReason, registered_reasons


@dataclass(frozen=True)
class ReasonRow:
    reason: NotificationReason
    field: forms.BoundField
    usual: str


class NotificationsForm(forms.Form):
    """One choice a reason: at once, or once a day together."""

    def __init__(self, *args: Any, chosen: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for reason in registered_reasons():
            label = gettext("How to tell: %(reason)s") % {"reason": reason.title}
            self.fields[reason.key] = forms.ChoiceField(
                label=label,
                choices=NotificationDelivery.choices,
                initial=str(chosen[reason.key]),
                widget=forms.Select(attrs={"aria-label": label}),
            )

    @property
    def rows(self) -> list[ReasonRow]:
        return [
            ReasonRow(reason, self[reason.key], str(reason.default.label))
            for reason in registered_reasons()
        ]
