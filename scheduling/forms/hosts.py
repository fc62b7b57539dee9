from django import forms

from scheduling.models import HostAccount


class HostForm(forms.ModelForm):  # type: ignore[type-arg]  # plain at run time
    class Meta:
        model = HostAccount
        fields = (
            "name",
            "platform",
            "email",
            "registrant_limit",
            "has_webinars",
            "is_active",
        )
