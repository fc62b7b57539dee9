from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from psdelivery.outbox.models import Message


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # at run time plain
    """For looking only: what happens to a mail is decided on the Outbox page."""

    list_display = ["subject", "kind", "audience", "state", "created_at", "sent_at"]
    list_filter = ["state", "audience"]
    search_fields = ["subject"]
    # A secret was meant for the one who got the mail.
    exclude = ["text", "html", "lease_token"]
    list_select_related = False
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
