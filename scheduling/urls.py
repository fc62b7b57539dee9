from django.urls import path

from scheduling.views import board, board_views, requests

app_name = "scheduling"

urlpatterns = [
    path("board/", board.board, name="board"),
    path("board/rows/", board.board_rows, name="board-rows"),
    path("board/views/", board_views.view_list, name="board-view-list"),
    path("board/views/add/", board_views.view_save, name="board-view-save"),
    path(
        "board/views/<int:pk>/remove/",
        board_views.view_delete,
        name="board-view-delete",
    ),
    path("requests/", requests.request_list, name="request-list"),
    path("requests/<int:pk>/", requests.request_detail, name="request-detail"),
]
