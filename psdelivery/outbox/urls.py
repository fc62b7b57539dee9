from django.urls import path

from psdelivery.outbox.views import addresses, drafts, messages, templates

app_name = "outbox"

urlpatterns = [
    path("test-mail/", messages.test_mail, name="test-mail"),
    path("templates/", templates.template_list, name="template-list"),
    path("templates/<slug:kind>/", templates.template_detail, name="template-detail"),
    path("templates/<slug:kind>/edit/", templates.template_edit, name="template-edit"),
    path(
        "templates/<slug:kind>/reset/", templates.template_reset, name="template-reset"
    ),
    path(
        "templates/<slug:kind>/versions/<int:version>/restore/",
        templates.template_restore,
        name="template-restore",
    ),
    path("", messages.message_list, name="message-list"),
    path("<uuid:pk>/", messages.message_detail, name="message-detail"),
    path("<uuid:pk>/edit/", drafts.draft_edit, name="draft-edit"),
    path("<uuid:pk>/remake/", drafts.draft_remake, name="draft-remake"),
    path("<uuid:pk>/send/", drafts.draft_send, name="draft-send"),
    path("drafts/<slug:kind>/<int:record>/", drafts.draft_add, name="draft-add"),
    path("<uuid:pk>/bounce/", addresses.message_bounce, name="message-bounce"),
    path("<uuid:pk>/clear/", addresses.message_clear, name="message-clear"),
    path("contacts/<int:pk>/", addresses.contact_address, name="contact-address"),
    path("<uuid:pk>/retry/", messages.message_retry, name="message-retry"),
    path("<uuid:pk>/cancel/", messages.message_cancel, name="message-cancel"),
    path("<uuid:pk>/confirm/", messages.message_confirm, name="message-confirm"),
]
