"""Django's admin for administrators: registers here, people to look at only.

Roles, leaving and the rest of a person have rules, so they are changed on the
pages of the portal, and the history knows of them.
"""

from collections.abc import Sequence
from typing import Any

from allauth.account import admin as allauth_admin
from allauth.account.models import EmailAddress
from allauth.mfa import admin as mfa_admin
from allauth.mfa.models import Authenticator
from allauth.socialaccount import admin as social_admin
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from psdelivery import clock
from psdelivery.people.models import Pool, Practice, Region, User
from psdelivery.people.services.changes import publish_change

__all__ = ["GroupAdmin", "allauth_admin", "mfa_admin", "social_admin"]

# Rights come from the access table alone, and addresses from the person's page.
admin.site.unregister([Group, EmailAddress])
# Secrets of the log-in, set up by people themselves or by the environment.
admin.site.unregister([Authenticator, SocialAccount, SocialApp, SocialToken])


class SearchedChoice(AutocompleteSelect):
    """Shows the form again whatever was sent: Django's own looks up any value."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, [v for v in value if self._is_key(v)], attr)

    def _is_key(self, value: str) -> bool:
        try:
            self.field.target_field.clean(value, None)
        except ValidationError:
            return False
        return True


class RecordedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # at run time plain
    """A plain register whose changes stand in the history."""

    def formfield_for_foreignkey(
        self, db_field: Any, request: Any, **kwargs: Any
    ) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchedChoice(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        changes = {
            name: (form.initial.get(name), form.cleaned_data[name])
            for name in form.changed_data
        }
        verb = f"{obj._meta.model_name}-{'edited' if change else 'added'}"
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            publish_change(obj, verb, changes, by=request.user, now=clock.now())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # What was ever used is named by people, pools and engagements.
        return False


@admin.register(Region)
class RegionAdmin(RecordedAdmin):
    list_display = ["name", "code", "zone", "country", "subdivision"]
    prepopulated_fields = {"code": ["name"]}


@admin.register(Practice)
class PracticeAdmin(RecordedAdmin):
    list_display = ["name", "manager"]
    autocomplete_fields = ["manager"]
    list_select_related = ["manager"]


@admin.register(Pool)
class PoolAdmin(RecordedAdmin):
    list_display = ["name", "role", "region"]
    list_select_related = ["region"]


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]  # at run time plain
    """To look at, and to set a password for somebody whom no mail reaches."""

    list_display = ["username", "display_name", "email", "is_active", "last_login"]
    list_filter = ["is_active", "role_grants__role"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email", "manager"]}),
        (_("Place"), {"fields": ["zone", "country", "subdivision"]}),
        (_("State"), {"fields": ["is_active", "last_login", "date_joined"]}),
    ]
    readonly_fields = [
        "username",
        "first_name",
        "last_name",
        "email",
        "manager",
        "zone",
        "country",
        "subdivision",
        "is_active",
        "last_login",
        "date_joined",
    ]
    filter_horizontal = []

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        # All fields are read-only: what is logged here is a password that was set.
        publish_change(obj, "password-set", {}, by=request.user, now=clock.now())
        return super().log_change(request, obj, message)
