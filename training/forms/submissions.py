from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from psdelivery.calendars import is_plannable, local_moment
from psdelivery.people.editing import EditedTogetherForm
from psdelivery.people.fields import ZoneField
from psdelivery.people.models import User
from training.choices import Result
from training.forms.classes import offer_people
from training.forms.fields import (
    ClockField,
    DayField,
    PersonField,
    ReasonField,
    SafeURLField,
)
from training.models import Delivery, Submission
from training.queries import trainers
from training.reviewers import Bench, certified_for, review_settings
from training.rules.certification import reasons_against_entering
from training.rules.reviewers import hours_text, reasons_against_reviewer
from training.rules.times import is_skipped, skipped_words


class SubmissionForm(forms.ModelForm):  # type: ignore[type-arg]  # plain at run time
    """An assessment that was handed in; the moment stands on the clock of a zone."""

    day = DayField(label=_("Handed in on"))
    clock = ClockField(label=_("At"))
    zone = ZoneField(label=_("Time zone of this time"))
    response_url = SafeURLField(
        label=_("Link to the response"),
        help_text=_("The completed form that the reviewer looks at."),
    )
    reviewer = PersonField(
        label=_("Reviewer"), empty_label=_("As the rule says: trainer, or by load")
    )
    field_order = ["attendee_name", "attendee_email", "day", "clock", "zone"]

    class Meta:
        model = Submission
        fields = ["attendee_name", "attendee_email", "response_url", "reviewer"]
        labels = {
            "attendee_name": _("Name of the attendee"),
            "attendee_email": _("E-mail address"),
        }

    def __init__(
        self, *args: Any, delivery: Delivery, now: datetime, **kwargs: Any
    ) -> None:
        kwargs["instance"] = Submission(delivery=delivery)
        super().__init__(*args, **kwargs)
        self.now = now
        offer_people(self, "reviewer", None)

    def clean_attendee_email(self) -> str:
        return str(self.cleaned_data["attendee_email"]).lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        typed: dict[str, Any] = {
            name: cleaned.get(name) for name in ("day", "clock", "zone")
        }
        if None not in typed.values():
            self.place_moment(**typed)
        return cleaned

    def place_moment(self, day: Any, clock: Any, zone: str) -> None:
        """Put the moment on the record, or say at the field what is wrong with it."""
        if not is_plannable(day):
            self.add_error("day", _("This day is too far off."))
            return
        if is_skipped(day, clock, zone):
            self.add_error("clock", skipped_words(day, clock, zone))
            return
        self.instance.submitted_at = local_moment(day, clock.replace(fold=0), zone)
        for reason in reasons_against_entering(self.instance, now=self.now):
            self.add_error("day", reason.sentence)
        self.refuse_double()

    def refuse_double(self) -> None:
        same = Submission.objects.filter(
            delivery=self.instance.delivery,
            attendee_email=self.cleaned_data.get("attendee_email", ""),
            submitted_at=self.instance.submitted_at,
        )
        if same.exists():
            message = _("This submission is already entered.")
            self.add_error("attendee_email", message)


class ReviewerForm(forms.Form):
    """Who reviews from now on; nobody chosen means: whoever has the time."""

    reason = ReasonField(required=False)
    field_order = ["reviewer", "reason"]

    def __init__(
        self, data: Any = None, *, submission: Submission, bench: Bench, until: datetime
    ) -> None:
        super().__init__(data, initial={"reviewer": submission.reviewer_id or ""})
        self.submission, self.bench = submission, bench
        self.loads = {one.person_id: one for one in bench.candidates}
        people = {one.pk: one for one in trainers()}
        if submission.reviewer is not None:
            people.setdefault(submission.reviewer.pk, submission.reviewer)
        self.people = people
        words = {pk: self.words_for(one, until) for pk, one in people.items()}
        ordered = sorted(words.items(), key=lambda item: self.order(item[0]))
        self.fields["reviewer"] = forms.TypedChoiceField(
            label=_("Reviewer"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", _("Whoever has the time (by load)")), *ordered],
        )
        self.order_fields(self.field_order)

    def order(self, pk: int) -> tuple[bool, str, int]:
        """Order people: those whom the rule may choose come first."""
        return pk not in self.loads, self.people[pk].display_name.casefold(), pk

    def words_for(self, person: User, until: datetime) -> str:
        """Say of somebody whether they are certified, and what they have to do."""
        load = self.loads.get(person.pk)
        if load is None:
            return _("%(name)s · not certified") % {"name": person.display_name}
        free = load.diary.free_until(until, self.bench.now)
        words = ngettext(
            "%(name)s · %(n)d review waits, %(free)s h free",
            "%(name)s · %(n)d reviews wait, %(free)s h free",
            len(load.queue),
        )
        told = {"name": load.name, "n": len(load.queue), "free": hours_text(free)}
        return words % told

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("reviewer")
        if chosen is None:
            return cleaned
        delivery, load = self.submission.delivery, self.loads.get(chosen)
        for reason in reasons_against_reviewer(
            is_certified=bool(load and delivery.course_id in load.certified_for),
            is_trainer=chosen == delivery.trainer_id,
            is_independent=self.bench.settings.is_independent,
            reason=cleaned.get("reason", ""),
        ):
            self.add_error("reason", reason.sentence)
        return cleaned

    @property
    def chosen(self) -> User | None:
        """Who was chosen; None where the load decides."""
        return self.people.get(self.cleaned_data["reviewer"])


class HandOutForm(forms.Form):
    """Which reviews go to whom; nobody chosen means: whoever has the time."""

    submissions = forms.ModelMultipleChoiceField(
        queryset=Submission.objects.none(),
        error_messages={"required": _("Tick the reviews that are to be given out.")},
    )
    reviewer = PersonField(
        label=_("Give the ticked reviews to"),
        empty_label=_("Whoever has the time (by load)"),
    )
    reason = ReasonField(required=False)

    def __init__(
        self, data: Any = None, *, within: QuerySet[Submission], now: datetime
    ) -> None:
        super().__init__(data)
        self.now = now
        waiting = within.filter(result=Result.WAITING)
        field = self.fields["submissions"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = waiting.select_related("delivery")
        offer_people(self, "reviewer", None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        reviewer, chosen = cleaned.get("reviewer"), cleaned.get("submissions") or []
        if reviewer is None:
            return cleaned
        courses = {one.delivery.course_id for one in chosen}
        held = certified_for(courses, self.now.date()).get(reviewer.pk, frozenset())
        independent = review_settings().is_independent
        told = {
            reason.sentence
            for one in chosen
            for reason in reasons_against_reviewer(
                is_certified=one.delivery.course_id in held,
                is_trainer=one.delivery.trainer_id == reviewer.pk,
                is_independent=independent,
                reason=cleaned.get("reason", ""),
            )
        }
        for sentence in sorted(told):
            self.add_error("reason", sentence)
        return cleaned


class WithdrawForm(forms.Form):
    """Why a submission does not count."""

    reason = ReasonField(label=_("Why is it withdrawn?"))


class CorrectionForm(EditedTogetherForm):
    """Who handed it in, as it should have been entered, and the links."""

    response_url = SafeURLField(label=_("Link to the response"))
    badge_url = SafeURLField(
        label=_("Link to the badge"),
        help_text=_("Empty: as the course says."),
    )

    class Meta:
        model = Submission
        fields = ["attendee_name", "attendee_email", "response_url", "badge_url"]
        labels = {
            "attendee_name": _("Name of the attendee"),
            "attendee_email": _("E-mail address"),
        }

    def clean_attendee_email(self) -> str:
        return str(self.cleaned_data["attendee_email"]).lower()
