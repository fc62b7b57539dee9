"""Controls written directly look exactly like those from Django's templates."""

import datetime

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from psdelivery.people.rendering import FormRenderer

NASTY = "<b>\"'&\u2028</b>"
CHOICES = [
    ("", "---"),
    (NASTY, NASTY),
    (7, gettext_lazy("Seven")),
    (gettext_lazy("Group & more"), [(1234567.5, 1234567.5), (None, "nothing")]),
]
WIDGETS = [
    forms.TextInput(attrs={"class": "a&b", "required": True, "disabled": False}),
    forms.NumberInput(
        attrs={"step": 0.25, "min": 1000, "data-x": SafeString("a&amp;b")}
    ),
    forms.EmailInput(),
    forms.URLInput(),
    forms.PasswordInput(render_value=True),
    forms.HiddenInput(),
    forms.DateInput(attrs={"type": "date"}),
    forms.TimeInput(),
    forms.DateTimeInput(),
    forms.FileInput(),
    forms.ClearableFileInput(),
    forms.CheckboxInput(),
    forms.Textarea(attrs={"rows": 3}),
    forms.Select(choices=CHOICES),
    forms.SelectMultiple(choices=CHOICES),
    forms.NullBooleanSelect(),
    forms.RadioSelect(choices=CHOICES),
    forms.CheckboxSelectMultiple(choices=CHOICES),
]
VALUES = [
    None,
    "",
    NASTY,
    SafeString("<i>"),
    7,
    1234567.5,
    True,
    datetime.date(2027, 3, 1),
]

pytestmark = pytest.mark.unit


def without_gaps(html):
    return "".join(line.strip() for line in str(html).splitlines())


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_control_is_the_same_as_by_its_template(widget, value):
    both = [
        widget.render("na<me", value, attrs={"id": "id_x"}, renderer=renderer)
        for renderer in (FormRenderer(), DjangoTemplates())
    ]
    assert without_gaps(both[0]) == without_gaps(both[1])


def test_single_boxes_of_a_choice_are_the_same_with_and_without_their_label():
    def boxes(renderer):
        form = forms.Form(renderer=renderer)
        form.fields["pick"] = forms.MultipleChoiceField(
            choices=CHOICES, widget=forms.CheckboxSelectMultiple
        )
        return [(box.tag(), str(box)) for box in form["pick"]]

    assert boxes(FormRenderer()) == boxes(DjangoTemplates())


def test_the_text_of_a_textarea_keeps_its_first_line_break():
    shown = forms.Textarea().render("x", "\nfirst", renderer=FormRenderer())
    assert ">\n\nfirst</textarea>" in shown
