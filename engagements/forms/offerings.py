"""The catalogue of what is sold."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.forms.fields import validate_link
from engagements.models import Offering
from psdelivery.people.choices import EngagementRole
from psdelivery.people.editing import EditedTogetherForm
from psdelivery.people.validators import validate_text

MOST_LINES = 20
LONGEST_TEXT = 4_000
MOST_HOURS = 10_000


class LinesField(forms.CharField):
    """A small table typed as text, one row in each line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", LONGEST_TEXT)
        kwargs.setdefault("validators", [validate_text])
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**kwargs)


def lines_of(text: str) -> list[str]:
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if len(found) > MOST_LINES:
        raise forms.ValidationError(_("At most %d lines.") % MOST_LINES)
    return found


class OfferingForm(EditedTogetherForm):
    kit_links = LinesField(
        label=gettext_lazy("Delivery kit"),
        help_text=gettext_lazy("One link in each line, after it its title."),
    )
    role_hours = LinesField(
        label=gettext_lazy("Roles and hours"),
        help_text=gettext_lazy("One role in each line, such as: pse 40"),
    )

    class Meta:
        model = Offering
        fields = [
            "category",
            "type",
            "title",
            "maturity",
            "kind",
            "course",
            "kit_links",
            "role_hours",
            "is_active",
        ]
        labels = {
            "category": gettext_lazy("Category"),
            "type": gettext_lazy("Type"),
            "title": gettext_lazy("Offering"),
            "maturity": gettext_lazy("Maturity"),
            "kind": gettext_lazy("Playbook"),
            "course": gettext_lazy("Course"),
            "is_active": gettext_lazy("Still sold"),
        }
        help_texts = {
            "kind": gettext_lazy("The kind of engagement whose playbook it starts."),
            "course": gettext_lazy("Only for instructor-led training."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        offering = kwargs.get("instance")
        if offering is not None:
            kwargs["initial"] = lines_from(offering) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def clean_kit_links(self) -> list[dict[str, str]]:
        links = []
        for line in lines_of(self.cleaned_data["kit_links"]):
            url, _space, title = line.partition(" ")
            validate_link(url)
            links.append({"url": url, "title": title.strip() or url})
        return links

    def clean_role_hours(self) -> dict[str, float]:
        lines = lines_of(self.cleaned_data["role_hours"])
        return dict(role_and_hours(line) for line in lines)

    def clean_title(self) -> str:
        title = " ".join(self.cleaned_data["title"].split())
        if not slugify(title):
            raise forms.ValidationError(_("Use letters that can stand in an address."))
        taken = Offering.objects.filter(title__iexact=title)
        if taken.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is an offering of this name already."))
        return title


def role_and_hours(line: str) -> tuple[str, float]:
    """Read "pse 40" or "pse: 40,5"."""
    role, _space, typed = line.replace(":", " ").strip().rpartition(" ")
    role = role.strip().lower()
    if role not in EngagementRole.values:
        known = ", ".join(EngagementRole.values)
        raise forms.ValidationError(
            _("“%(line)s” begins with no role. Roles: %(known)s.")
            % {"line": line, "known": known}
        )
    hours = forms.DecimalField(max_digits=7, decimal_places=2).clean(
        typed.replace(",", ".")
    )
    if not 0 < hours <= MOST_HOURS:
        raise forms.ValidationError(_("Hours are more than zero."))
    return role, float(hours)


def lines_from(offering: Offering) -> dict[str, str]:
    """Return the two small tables as they are typed."""
    return {
        "kit_links": "\n".join(
            f"{link['url']} {link['title']}" for link in offering.kit_links
        ),
        "role_hours": "\n".join(
            f"{role} {hours:g}" for role, hours in offering.role_hours.items()
        ),
    }
