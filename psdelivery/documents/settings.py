"""What managers may set about documents."""

from django.utils.translation import gettext_lazy as _

from psdelivery.people.register import Setting, portal_settings, register_setting

MAX_MEGABYTES = "documents.max_megabytes"


def register_document_settings() -> None:
    """Enter the settings of documents in the register."""
    register_setting(
        Setting(
            key=MAX_MEGABYTES,
            title=_("Largest file"),
            help=_("Files above this size are refused."),
            type="int",
            default=20,
            minimum=1,
            maximum=200,
            unit=_("MB"),
        )
    )


def max_megabytes() -> int:
    """Return the size above which a file is refused; one query."""
    return int(portal_settings()[MAX_MEGABYTES])
