from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.people.editing import EditedTogetherForm
from training.forms.fields import SafeURLField
from training.models import Course


class CourseForm(EditedTogetherForm):
    introduction_url = SafeURLField(
        label=_("Link to the course introduction"),
        help_text=_("Shown to the trainer for the planning meeting."),
    )
    slides_url = SafeURLField(
        label=_("Link to the current slides"),
        help_text=_("Trainers open it from the step that asks for the slides."),
    )
    video_url = SafeURLField(
        label=_("Link to the train-the-trainer video (T3)"),
        help_text=_("Watched before a class, and on the way to certification."),
    )

    class Meta:
        model = Course
        fields = [
            "title",
            "session_count",
            "hours_per_session",
            "seats",
            "has_labs",
            "has_certification",
            "certification_title",
            "introduction_url",
            "slides_version",
            "slides_url",
            "video_url",
            "is_active",
        ]
        labels = {
            "title": _("Title"),
            "session_count": _("Number of sessions"),
            "hours_per_session": _("Hours of a session"),
            "seats": _("Seats"),
            "has_labs": _("With labs"),
            "has_certification": _("With certification"),
            "certification_title": _("Name of the certification"),
            "slides_version": _("Current version of the slides"),
            "is_active": _("Offered"),
        }
        help_texts = {
            "session_count": _("What a new class begins with; each class may differ."),
            "hours_per_session": _("In steps of a quarter of an hour."),
            "slides_version": _(
                "As the instructional designer names it, such as 2027.2."
            ),
            "is_active": _("A course that is not offered stays on its classes."),
        }
        widgets = {
            "hours_per_session": forms.NumberInput(attrs={"step": "0.25"}),
        }

    def clean_title(self) -> str:
        title = " ".join(self.cleaned_data["title"].split())
        same = Course.objects.filter(title__iexact=title).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(_("There is a course of this title already."))
        return title

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("certification_title") and not cleaned.get("has_certification"):
            message = _("Tick “With certification”, or leave the name empty.")
            self.add_error("certification_title", message)
        return cleaned
