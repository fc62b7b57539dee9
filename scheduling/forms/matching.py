"""What candidates are narrowed to, and what is offered or declined."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.people.models import Region, Skill
from psdelivery.people.validators import validate_text
from scheduling.models import ResourceRequest
from scheduling.queries.colleagues import LANGUAGES
from scheduling.queries.matching import Wishes
from scheduling.rules.offers import REASON_LENGTH

CONFIRMED, STATED, ANYTHING = "confirmed", "stated", "any"
# Of 09:00 to 17:00.
MOST_HOURS = 8


class CandidateFilterForm(forms.Form):
    """Stands in the address; without an answer it is as the request says."""

    skills = forms.ChoiceField(
        label=_("Skills"),
        required=False,
        choices=[
            (CONFIRMED, _("as asked, confirmed")),
            (STATED, _("as asked, stated too")),
            (ANYTHING, _("whatever they can")),
        ],
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    overlap = forms.IntegerField(
        label=_("Hours of the day in common"),
        required=False,
        min_value=0,
        max_value=MOST_HOURS,
    )
    region = forms.ModelChoiceField(
        Region.objects.order_by("name"),
        label=_("Region"),
        required=False,
        empty_label=_("everywhere"),
    )

    def __init__(self, asked: ResourceRequest, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "skills": CONFIRMED,
            "language": asked.language,
            "overlap": asked.zone_overlap,
        }
        super().__init__(*args, **kwargs)
        names = Skill.objects.filter(group=LANGUAGES, is_active=True)
        known = [*names.order_by("name").values_list("name", flat=True)]
        if asked.language and asked.language not in known:
            known.append(asked.language)
        field = cast(forms.ChoiceField, self.fields["language"])
        field.choices = [("", _("any")), *[(name, name) for name in known]]

    @property
    def wishes(self) -> Wishes:
        """Return what is wanted; as the request says where nobody has answered."""
        if not self.is_bound or not self.is_valid():
            return Wishes()
        given = self.cleaned_data
        region = given["region"]
        return Wishes(
            by_skills=given["skills"] != ANYTHING,
            only_confirmed=given["skills"] != STATED,
            language=given["language"],
            overlap=given["overlap"] or 0,
            region_id=region.pk if region else None,
        )


class ReasonForm(forms.Form):
    """Why something is declined or taken back; it stands in the history."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=REASON_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
