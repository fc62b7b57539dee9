from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people import services
from psdelivery.people.choices import Role
from psdelivery.people.forms.people import SettingForm
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import SettingValue, country_names
from psdelivery.people.register import (
    Setting,
    portal_settings,
    registered_settings,
    setting_by_key,
)
from psdelivery.people.views.answers import posted, status_of


@dataclass(frozen=True)
class Row:
    setting: Setting
    value: Any
    stored: SettingValue | None

    @property
    def shown(self) -> Any:
        if self.setting.type == "roles":
            return ", ".join(str(Role(role).label) for role in self.value)
        if self.setting.type == "bool":
            return _("yes") if self.value else _("no")
        if self.setting.type == "choice":
            return dict(self.setting.choices).get(self.value, self.value)
        is_country = self.setting.type == "country"
        return country_names().get(self.value, self.value) if is_country else self.value


@require_GET
def setting_list(request: SignedInRequest) -> HttpResponse:
    stored = {row.key: row for row in SettingValue.objects.select_related("changed_by")}
    values = {key: row.value for key, row in stored.items()}
    rows = [
        Row(setting, _value(setting, values), stored.get(setting.key))
        for setting in registered_settings()
    ]
    reach = scope_for(request.user.role_set, Action.REGISTER_EDIT)
    context = {"rows": rows, "may_edit": reach is not Scope.NONE}
    return render(request, "people/setting_list.html", context)


def _value(setting: Setting, values: dict[str, Any]) -> Any:
    stored = values.get(setting.key)
    return setting.default if stored is None else setting.from_json(stored)


@require_http_methods(["GET", "POST"])
def setting_edit(request: SignedInRequest, key: str) -> HttpResponse:
    setting = setting_by_key(key)
    if setting is None:
        raise Http404
    initial = {"value": portal_settings()[key]}
    form = SettingForm(setting, posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        value = form.cleaned_data["value"]
        services.change_setting(key, value, by=request.user, now=clock.now())
        messages.success(request, _("The setting is saved."))
        return redirect("people:setting-list")
    context = {"form": form, "setting": setting}
    return render(request, "people/setting_form.html", context, status=status_of(form))
