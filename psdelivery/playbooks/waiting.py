"""What of the playbooks waits for a person on My day."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from psdelivery.people.models import User
from psdelivery.playbooks.access import may_publish
from psdelivery.playbooks.models import Playbook
from psdelivery.registry import WaitingItem


def proposed_playbooks(user: User, now: datetime) -> list[WaitingItem]:
    """Return drafts with a note that somebody else wrote, to who may publish them.

    Without the note its author is still at it.
    """
    if not may_publish(user):
        return []
    drafts = Playbook.objects.filter(is_draft=True).exclude(note="")
    rows = drafts.exclude(edited_by=user).select_related("edited_by")
    return [
        WaitingItem(
            title=_("Change of the playbook “%(playbook)s”") % {"playbook": row.title},
            url=reverse("playbooks:draft-detail", args=[row.key]),
            why=_("%(who)s proposes it; you may publish it.") % {"who": row.edited_by},
            since=row.edited_at or now,
            icon="card-checklist",
        )
        for row in rows.order_by("edited_at", "pk")
    ]
