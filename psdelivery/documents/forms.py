from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from psdelivery.documents.rules import (
    CONTENT_TYPES,
    LINK_LENGTH,
    file_problem,
    link_problem,
)
from psdelivery.documents.settings import max_megabytes

ACCEPTED = ",".join(f".{extension}" for extension in CONTENT_TYPES)


class EvidenceFields(forms.Form):
    """A file or a link, for forms that ask for evidence.

    Inherit from it, naming it first, beside `forms.ModelForm` too. The form's tag
    needs `enctype="multipart/form-data"`. What comes out goes to
    `services.save_evidence`.
    """

    evidence_required = False

    evidence_file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("A file or a link, not both."),
    )
    evidence_link = forms.CharField(
        label=_("Link"),
        required=False,
        max_length=LINK_LENGTH,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )

    def clean_evidence_file(self) -> "UploadedFile[bytes] | None":
        upload: UploadedFile[bytes] | None = self.cleaned_data["evidence_file"]
        if upload:
            size, limit = upload.size or 0, max_megabytes()
            _refuse(file_problem(upload.name or "", size, max_megabytes=limit))
        return upload

    def clean_evidence_link(self) -> str:
        link: str = self.cleaned_data["evidence_link"]
        if link:
            _refuse(link_problem(link))
        return link

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        upload = self.cleaned_data.get("evidence_file")
        link = self.cleaned_data.get("evidence_link")
        refused = self.errors.keys() & {"evidence_file", "evidence_link"}
        if upload and link:
            message = _("Give either a file or a link, not both.")
            self.add_error("evidence_link", message)
        elif self.evidence_required and not (upload or link or refused):
            self.add_error("evidence_file", _("Give a file or a link as evidence."))
        return cleaned


def _refuse(problem: str) -> None:
    if problem:
        raise forms.ValidationError(problem)
