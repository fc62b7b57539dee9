"""Django's admin, for the catalogue only.

Engagements with their paper and gate are not here: the access table keeps them
from administrators, and their states are changed by the services alone.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from engagements.models import Offering


@admin.register(Offering)
class OfferingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # plain at run time
    """For looking only: an edit on its page keeps shipped data from replacing it."""

    list_display = ["title", "category", "type", "maturity", "kind", "is_active"]
    list_filter = ["category", "kind", "is_active"]
    search_fields = ["title"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
