from django.urls import path

from scheduling.hours_urls import urlpatterns as hours_urls
from scheduling.offer_urls import urlpatterns as offer_urls
from scheduling.request_urls import urlpatterns as request_urls
from scheduling.views import (
    board,
    board_views,
    conflicts,
    demand,
    extra_days,
    feeds,
    holds,
    hosts,
    moving,
)

app_name = "scheduling"

urlpatterns = [
    path("board/", board.board, name="board"),
    path("board/rows/", board.board_rows, name="board-rows"),
    path("board/changes/", board.board_changes, name="board-changes"),
    path("board/move/", moving.board_move, name="board-move"),
    path("demand/", demand.demand_list, name="demand-list"),
    path("board/views/", board_views.view_list, name="board-view-list"),
    path("board/views/add/", board_views.view_save, name="board-view-save"),
    path(
        "board/views/<int:pk>/remove/",
        board_views.view_delete,
        name="board-view-delete",
    ),
    *request_urls,
    path("holds/", holds.soft_hold_list, name="soft-hold-list"),
    path(
        "bookings/<int:pk>/extend/",
        holds.allocation_extend,
        name="allocation-extend",
    ),
    path(
        "bookings/<int:pk>/make-hard/",
        holds.allocation_convert,
        name="allocation-convert",
    ),
    *offer_urls,
    *hours_urls,
    path("conflicts/", conflicts.conflict_list, name="conflict-list"),
    path("conflicts/<int:pk>/", conflicts.conflict_detail, name="conflict-detail"),
    path(
        "conflicts/<int:pk>/stand-in/",
        conflicts.conflict_stand_in,
        name="conflict-stand-in",
    ),
    path("conflicts/<int:pk>/shift/", conflicts.conflict_shift, name="conflict-shift"),
    path(
        "conflicts/<int:pk>/release/",
        conflicts.conflict_release,
        name="conflict-release",
    ),
    path("hosts/", hosts.host_list, name="host-list"),
    path("hosts/add/", hosts.host_add, name="host-add"),
    path("hosts/<int:pk>/", hosts.host_edit, name="host-edit"),
    path("feeds/", feeds.feed_list, name="feed-list"),
    path("feeds/add/", feeds.feed_add, name="feed-add"),
    path("feeds/<int:pk>/revoke/", feeds.feed_revoke, name="feed-revoke"),
    path("feeds/<slug:secret>.ics", feeds.feed, name="feed"),
    path("illness/add/", conflicts.illness_add, name="illness-add"),
    path("extra-days/add/", extra_days.extra_day_add, name="extra-day-add"),
    path("extra-days/<int:pk>/", extra_days.extra_day_detail, name="extra-day-detail"),
    path(
        "extra-days/<int:pk>/grant/",
        extra_days.extra_day_grant,
        name="extra-day-grant",
    ),
    path(
        "extra-days/<int:pk>/consent/",
        extra_days.extra_day_consent,
        name="extra-day-consent",
    ),
    path(
        "extra-days/<int:pk>/decline/",
        extra_days.extra_day_decline,
        name="extra-day-decline",
    ),
]
