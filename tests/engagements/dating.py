"""An engagement that was kicked off, and the page that moves its dates."""

from datetime import date, timedelta

from django.urls import reverse

from engagements.choices import Status
from engagements.models import Engagement
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.checklists import set_anchor
from tests.engagements.ticks import set_status
from tests.factories.engagements import NOW, open_gate

START, END, KICKOFF = date(2027, 2, 1), date(2027, 6, 30), date(2027, 2, 1)
LATER = date(2027, 2, 15)
WHY = {"cause": "customer", "reason": "Their expert is away"}


def kicked_off(engagement):
    """Planned, its gate open, kicked off today."""
    Engagement.objects.filter(pk=engagement.pk).update(
        wished_start=START, wished_start_latest=START + timedelta(days=5),
        planned_end=END,
    )  # fmt: skip
    engagement.refresh_from_db()
    open_gate(engagement)
    set_anchor(engagement.checklist, "kickoff", KICKOFF, by=None, now=NOW)
    set_status(engagement, Status.ACTIVE)
    return Engagement.objects.get(pk=engagement.pk)


def anchor(engagement, key="kickoff"):
    return engagement.checklist.anchors.get(key=key)


def address(engagement, key="kickoff"):
    view = "planned-move" if key.startswith("planned") else "date-move"
    args = [engagement.pk, anchor(engagement, key).pk]
    return reverse(f"engagements:{view}", args=args)


def due(engagement, key):
    return Step.objects.get(engagement=engagement, key=key, period=0).due_day


def look(client, engagement, key="kickoff", day=LATER, **typed):
    """Send the form once: what is shown, and the body that confirms it."""
    body = {"day": str(day), **WHY, **typed}
    shown = client.post(address(engagement, key), body)
    return shown, body | {"confirm": shown.context["look"].preview.token}


def move(client, engagement, key="kickoff", day=LATER, **typed):
    _shown, body = look(client, engagement, key, day)
    return client.post(address(engagement, key), body | typed, follow=True)
