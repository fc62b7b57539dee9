"""The icons of the portal: symbols in one file, which browsers fetch once."""

import re
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template import TemplateSyntaxError
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE = "vendor/bootstrap-icons/icons.svg"


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    """Read the names of the icons in the sprite."""
    found = finders.find(SPRITE)
    if not isinstance(found, str):
        return frozenset()
    return frozenset(re.findall(r'<symbol [^>]*id="([^"]+)"', Path(found).read_text()))


# Kept because a page draws a few icons hundreds of times. The file does not change
# while the portal runs.
@lru_cache(maxsize=4096)
def drawn(name: str, label: SafeString, css: str) -> SafeString:
    """An icon as HTML; with a label it is a picture, without one a decoration."""
    if name not in icon_names():
        raise TemplateSyntaxError(f"There is no icon named {name!r}.")
    classes = f"icon {css}".rstrip()
    address = f"{static(SPRITE)}#{name}"
    if not label:
        return format_html(
            '<svg class="{}" width="16" height="16" aria-hidden="true">'
            '<use href="{}"></use></svg>',
            classes,
            address,
        )
    return format_html(
        '<svg class="{}" width="16" height="16" role="img" aria-label="{}">'
        '<use href="{}"></use></svg>',
        classes,
        label,
        address,
    )
