from django.urls import path

from psdelivery.outbox import views

app_name = "outbox"

urlpatterns = [
    path("", views.message_list, name="message-list"),
    path("<uuid:pk>/", views.message_detail, name="message-detail"),
    path("<uuid:pk>/retry/", views.message_retry, name="message-retry"),
    path("<uuid:pk>/cancel/", views.message_cancel, name="message-cancel"),
    path("<uuid:pk>/confirm/", views.message_confirm, name="message-confirm"),
]
