from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    FILE = "file", _("File")
    LINK = "link", _("Link")
