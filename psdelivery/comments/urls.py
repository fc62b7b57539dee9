from django.urls import path

from psdelivery.comments import views

app_name = "comments"

urlpatterns = [
    path("<int:pk>/edit/", views.comment_edit, name="comment-edit"),
    path("<int:pk>/delete/", views.comment_delete, name="comment-delete"),
    path("mentions/<int:pk>/seen/", views.mention_seen, name="mention-seen"),
    path("on/<slug:kind>/<slug:subject>/add/", views.comment_add, name="comment-add"),
]
