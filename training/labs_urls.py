from django.urls import path

from training.views import labs

urlpatterns = [
    path("classes/<int:pk>/labs/", labs.delivery_labs, name="delivery-labs"),
    path("classes/<int:pk>/labs/code/", labs.lab_code_add, name="lab-code-add"),
    path(
        "classes/<int:pk>/labs/extension/",
        labs.lab_extension_ask,
        name="lab-extension-ask",
    ),
    path(
        "classes/<int:pk>/labs/attendees/",
        labs.lab_access_attendees,
        name="lab-access-attendees",
    ),
    path("codes/", labs.code_list, name="code-list"),
    path("codes/export/", labs.code_export, name="code-export"),
    path("codes/<int:pk>/retire/", labs.lab_code_retire, name="lab-code-retire"),
    path(
        "extensions/<int:pk>/",
        labs.lab_extension_decide,
        name="lab-extension-decide",
    ),
]
