import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from psdelivery.documents.forms import EvidenceFields
from psdelivery.documents.settings import MAX_MEGABYTES
from psdelivery.people.models import Practice, SettingValue

pytestmark = pytest.mark.django_db


class NoteForm(EvidenceFields):
    note = forms.CharField(required=False)


class RequiredForm(EvidenceFields):
    evidence_required = True


class PracticeForm(EvidenceFields, forms.ModelForm):
    class Meta:
        model = Practice
        fields = ("name",)


def pdf(name="SOW.pdf", content=b"%PDF-1.7"):
    return SimpleUploadedFile(name, content, content_type="text/html")


def errors(form):
    return {name: list(messages) for name, messages in form.errors.items()}


def given(link="", file=None, form=NoteForm):
    return form({"evidence_link": link}, {"evidence_file": file} if file else {})


def test_nothing_given_is_fine_unless_evidence_is_required():
    assert given().is_valid()
    assert errors(given(form=RequiredForm)) == {
        "evidence_file": ["Give a file or a link as evidence."]
    }


def test_a_file_or_a_link_is_enough():
    assert given("https://example.com/", form=RequiredForm).is_valid()
    assert given("", pdf(), form=RequiredForm).is_valid()


def test_both_are_one_too_many():
    assert errors(given("https://example.com/", pdf())) == {
        "evidence_link": ["Give either a file or a link, not both."]
    }


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (pdf("virus.exe"), "not accepted"),
        (pdf("page.html"), "not accepted"),
        (pdf(content=b""), "empty"),
        (pdf("a" * 300 + ".exe"), "not accepted"),
    ],
)
def test_a_bad_file_is_refused_at_its_field(upload, words):
    form = given("", upload, form=RequiredForm)

    assert list(form.errors) == ["evidence_file"]
    assert [words in message for message in form.errors["evidence_file"]] == [True]


def test_a_file_above_the_setting_is_refused(now):
    SettingValue.objects.create(key=MAX_MEGABYTES, value=1, changed_at=now)

    assert given("", pdf(content=b"x" * 1024 * 1024)).is_valid()
    assert errors(given("", pdf(content=b"x" * (1024 * 1024 + 1)))) == {
        "evidence_file": ["The file is too large: 2 MB, at most 1 MB."]
    }


def test_a_bad_link_is_refused_at_its_field_and_stays_typed():
    form = given("javascript:alert(1)", form=RequiredForm)

    assert list(form.errors) == ["evidence_link"]
    assert form["evidence_link"].value() == "javascript:alert(1)"


def test_a_link_loses_the_spaces_around_it():
    form = given("  https://example.com/  ")

    assert form.is_valid()
    assert form.cleaned_data["evidence_link"] == "https://example.com/"


def test_the_fields_mix_into_a_model_form():
    form = PracticeForm(
        {"name": "Security", "evidence_link": "https://example.com/"},
        {"evidence_file": pdf()},
    )

    assert set(form.fields) == {"name", "evidence_file", "evidence_link"}
    assert list(form.errors) == ["evidence_link"]
