from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    name = "psdelivery.comments"
    label = "comments"
    verbose_name = _("Comments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from psdelivery.comments.personal_data import register_comment_data
        from psdelivery.comments.queries import mentions_of
        from psdelivery.comments.services import KIND
        from psdelivery.history.verbs import register_verb
        from psdelivery.outbox.renderers import register_kind
        from psdelivery.registry import waiting

        register_kind(KIND, _("Mention in a comment"))
        register_comment_data()
        waiting.register("mentions", mentions_of, order=10)
        register_verb("comment-added", _("commented on"))
        register_verb("comment-edited", _("changed a comment on"))
        register_verb("comment-deleted", _("deleted a comment on"))
