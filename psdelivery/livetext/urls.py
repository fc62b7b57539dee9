from django.urls import path

from psdelivery.livetext import views

app_name = "livetext"

urlpatterns = [
    path("<int:pk>/changes/", views.sheet_changes, name="sheet-changes"),
    path("<int:pk>/cards/<slug:group>/add/", views.card_add, name="card-add"),
    path(
        "<int:pk>/cards/<slug:group>/<int:number>/remove/",
        views.card_remove,
        name="card-remove",
    ),
    path(
        "<int:pk>/cards/<slug:group>/<int:number>/restore/",
        views.card_restore,
        name="card-restore",
    ),
    path("<int:pk>/texts/<slug:key>/", views.text_detail, name="text-detail"),
    path("<int:pk>/texts/<slug:key>/save/", views.text_save, name="text-save"),
    path("<int:pk>/texts/<slug:key>/writing/", views.text_writing, name="text-writing"),
]
