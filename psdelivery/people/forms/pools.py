from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from psdelivery.people.editing import EditedTogetherForm
from psdelivery.people.models import Pool


class PoolForm(EditedTogetherForm):
    class Meta:
        model = Pool
        fields = ["name", "role", "region"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["region"]
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = _("Everywhere")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "role" in cleaned and "region" in cleaned:
            same = Pool.objects.filter(role=cleaned["role"], region=cleaned["region"])
            if same.exclude(pk=self.instance.pk).exists():
                message = gettext("There is a pool for this role and region already.")
                self.add_error("region", forms.ValidationError(message, code="taken"))
        return cleaned
