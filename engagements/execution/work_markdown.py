"""All work items of an engagement as one Markdown file."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.execution.rules.harmless import harmless
from engagements.execution.rules.work_text import parts_of
from engagements.execution.work_queries import ItemRow
from engagements.models import Engagement
from psdelivery.people.moments import day_text


def file_name(engagement: Engagement) -> str:
    """Return what the file is called."""
    return f"work-items-{engagement.pk}-{slugify(engagement.title)[:60]}.md"


def items_file(engagement: Engagement, rows: Iterable[ItemRow], day: date) -> str:
    """Return the file: each item with its four parts, and nothing that is HTML.

    `day` is the reader's.
    """
    rows = list(rows)
    count = ngettext("%(n)s work item", "%(n)s work items", len(rows))
    title = _("Work items: %(engagement)s") % {"engagement": engagement}
    head = [f"# {harmless(title)}", f"{count % {'n': len(rows)}}, {day_text(day)}"]
    items = (item_text(number, row) for number, row in enumerate(rows, 1))
    return "\n\n".join([*head, *items]) + "\n"


def item_text(number: int, row: ItemRow) -> str:
    """Return one item below a heading of its own."""
    return "\n\n".join(item_blocks(number, row))


def item_blocks(number: int, row: ItemRow) -> Iterator[str]:
    """Yield the heading, the facts and the parts of an item."""
    item = row.item
    yield f"## {number}. {harmless(item.title)}"
    yield _("State: %(state)s") % {"state": item.get_state_display()}
    if item.owner:
        owner = _("Owner: %(owner)s") % {"owner": item.owner}
        yield harmless(owner)
    for words, text in parts_of(item, row.questions):
        yield f"### {words}"
        yield harmless(text) if text else _("Nothing yet.")
