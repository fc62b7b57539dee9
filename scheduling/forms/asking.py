"""The form of a request with its rows, as one thing to ask and to tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import posted
from psdelivery.registry import Reason
from scheduling.choices import RequestKind
from scheduling.forms.fields import tell_reasons
from scheduling.forms.requests import (
    ABOUT_DAYS,
    FIELD_OF,
    KINDS_WITH_SKILLS,
    RequestForm,
    usual_role,
)
from scheduling.forms.rows import RangeRows, SkillRows, range_rows, skill_rows
from scheduling.models import ResourceRequest
from scheduling.rules.requests import Range
from scheduling.services.requests import Wish


@dataclass(frozen=True)
class AskForms:
    """What the page of a request asks: the form, its days, its skills."""

    form: RequestForm
    days: RangeRows
    skills: SkillRows | None

    def are_valid(self) -> bool:
        """Ask all of them, so that everything wrong is told at once."""
        valid = [self.form.is_valid(), self.days.is_valid()]
        if self.skills is not None:
            valid.append(self.skills.is_valid())
        return all(valid)

    @property
    def asked(self) -> ResourceRequest:
        """The request of a valid form, not saved."""
        asked: ResourceRequest = self.form.instance
        if not asked.role:
            asked.role = usual_role(asked.person or asked.requested_by)
        return asked

    @property
    def wish(self) -> Wish:
        skills = self.skills.skills if self.skills else []
        return Wish(ranges=self.days.ranges, skills=skills)

    @property
    def version(self) -> int | None:
        """The version that the reader saw; none of a new request."""
        seen: int | None = self.form.cleaned_data.get("version")
        return seen if self.form.instance.pk else None

    def tell(self, reasons: Iterable[Reason], stored: ResourceRequest | None) -> None:
        """Put reasons where they belong; a stale form is shown how it is now."""
        known = list(reasons)
        for reason in known:
            if reason.code in ABOUT_DAYS:
                self.days.tell(reason)
        others = [reason for reason in known if reason.code not in ABOUT_DAYS]
        tell_reasons(self.form, others, FIELD_OF)
        if stored is not None:
            shown = self.form.data.copy()  # type: ignore[attr-defined]  # once posted
            shown["version"] = str(stored.version)
            self.form.data = shown

    @property
    def context(self) -> dict[str, Any]:
        """What the template shows."""
        asked = self.form.instance
        return {
            "form": self.form,
            "days": self.days,
            "skills": self.skills,
            "asked": asked,
            "is_release": asked.kind == RequestKind.RELEASE,
        }


def forms_for(
    request: SignedInRequest, asked: ResourceRequest, ranges: list[Range]
) -> AskForms:
    """Return the forms of a request, bound to what was posted."""
    data = posted(request)
    form = RequestForm(
        data,
        instance=asked,
        user=request.user,
        initial={"version": asked.version if asked.pk else None},
    )
    with_skills = asked.kind in KINDS_WITH_SKILLS
    return AskForms(
        form,
        range_rows(data, ranges),
        skill_rows(data, asked) if with_skills else None,
    )
