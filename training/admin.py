from typing import Any

from django.contrib import admin
from django.db.models import URLField
from django.http import HttpRequest

from training.models import Course, Delivery, Session, Submission


class LookingOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # at run time plain
    """What has steps and a history is changed on its own pages only."""

    show_full_result_count = False
    # Said in words, since Django's default changes with 6.0 and warns until then.
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Course)
class CourseAdmin(LookingOnly):
    list_display = ["title", "session_count", "seats", "is_active"]
    search_fields = ["title"]


@admin.register(Delivery)
class DeliveryAdmin(LookingOnly):
    list_display = ["title", "course", "state", "trainer"]
    list_filter = ["state", "course"]
    list_select_related = ["course", "trainer"]
    search_fields = ["title"]
    # The links let anybody in.
    exclude = ["registration_url", "recording_url"]


@admin.register(Session)
class SessionAdmin(LookingOnly):
    list_display = ["delivery", "starts_at", "zone", "held_on"]
    list_select_related = ["delivery"]
    exclude = ["registration_url", "join_url"]


@admin.register(Submission)
class SubmissionAdmin(LookingOnly):
    list_display = ["attendee_name", "delivery", "result", "submitted_at"]
    list_filter = ["result"]
    list_select_related = ["delivery"]
