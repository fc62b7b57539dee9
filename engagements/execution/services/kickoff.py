"""Begin the kickoff of an engagement, keep its links, and note that it was held."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.execution.kickoff import KIND, OUTCOMES, held_step, kickoff_of
from engagements.execution.models import CollaborationProject, Kickoff
from engagements.execution.plan_templates import PlanTemplate, template_of
from engagements.execution.rules.kickoff import (
    reasons_against_having_held,
    reasons_without_step,
)
from engagements.execution.services.plan_steps import PlanStep, tick
from engagements.handoff import handoff_outcomes
from engagements.models import Engagement
from engagements.queries import team_of
from engagements.services.gate import lock_engagement
from psdelivery.documents.services import add_link
from psdelivery.history.services import Changes, record
from psdelivery.livetext.models import LiveSheet
from psdelivery.livetext.rules import clean_text
from psdelivery.livetext.services import make_card, open_sheet, take
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_with_evidence
from psdelivery.registry import refuse


@dataclass(frozen=True)
class KickoffLinks:
    """Where the deck is, and the project that both sides work in; "" for none."""

    deck_url: str = ""
    project_url: str = ""


@transaction.atomic
def begin_kickoff(engagement: Engagement, *, by: User | None, now: datetime) -> Kickoff:
    """Return the kickoff; begun with template, team, contacts and agreed outcomes."""
    # Two people who begin at once wait for each other here.
    lock_engagement(engagement)
    found = kickoff_of(engagement)
    if found is not None:
        return found
    texts = first_texts(engagement, template_of(engagement))
    sheet = open_sheet(KIND, texts, now=now)
    put_outcomes(sheet, engagement, now=now)
    kickoff = Kickoff.objects.create(engagement=engagement, sheet=sheet, created_at=now)
    tell("kickoff-begun", kickoff, by=by, now=now)
    return kickoff


def first_texts(engagement: Engagement, template: PlanTemplate) -> dict[str, str]:
    """Return what the sheet begins with, by field."""
    texts = {
        "agenda": template.agenda,
        "roles_ours": our_side(engagement),
        "roles_theirs": their_side(engagement),
        "communication": template.communication,
    }
    return {key: text for key, text in texts.items() if text}


def our_side(engagement: Engagement) -> str:
    """Return our people with their roles, a line each; who only bills is not there."""
    roles: dict[User, list[str]] = {}
    for one in team_of(engagement):
        if one.person is not None and one.role != EngagementRole.FINANCE:
            roles.setdefault(one.person, []).append(str(one.get_role_display()))
    return "\n".join(f"- {who}, {', '.join(words)}" for who, words in roles.items())


def their_side(engagement: Engagement) -> str:
    """Return the customer's people with their job titles, the main contact first."""
    contacts = engagement.customer.contacts.filter(is_active=True)
    main = engagement.main_contact_id
    lines = []
    for one in sorted(contacts, key=lambda contact: (contact.pk != main, contact.pk)):
        what = one.job_title or (_("main contact") if one.pk == main else "")
        lines.append(f"- {one.name}, {what}" if what else f"- {one.name}")
    return "\n".join(lines)


def put_outcomes(sheet: LiveSheet, engagement: Engagement, *, now: datetime) -> None:
    """Put the outcomes of the handoff on cards of the sheet, with their measures."""
    agreed = handoff_outcomes(engagement)
    for one in agreed.outcomes if agreed else ():
        said = {"outcome": one.outcome, "measure": one.measure}
        for row in make_card(sheet, OUTCOMES):
            if row.part in said:
                take(row, clean_text(said[row.part]), 0, by=None, now=now)


@transaction.atomic
def keep_links(
    kickoff: Kickoff, links: KickoffLinks, *, by: User, now: datetime
) -> Kickoff:
    """Keep where deck and collaboration project are; the project ticks its step."""
    stored = Kickoff.objects.select_for_update(of=("self",)).get(pk=kickoff.pk)
    stored.engagement = engagement = kickoff.engagement
    changes: dict[str, list[object]] = {}
    if stored.deck_url != links.deck_url:
        changes["deck"] = [stored.deck_url, links.deck_url]
        stored.deck_url = links.deck_url
        stored.save(update_fields=["deck_url"])
    if (before := put_project(engagement, links.project_url)) != links.project_url:
        changes["collaboration_project"] = [before, links.project_url]
        tick_project(engagement, links.project_url, by=by, now=now)
    if changes:
        tell("kickoff-linked", stored, changes, by=by, now=now)
    return stored


def put_project(engagement: Engagement, url: str) -> str:
    """Store the collaboration project's address; return the one before, "" for none."""
    found = CollaborationProject.objects.filter(engagement=engagement).first()
    before = found.url if found else ""
    if url and url != before:
        CollaborationProject.objects.update_or_create(
            engagement=engagement, defaults={"url": url}
        )
    elif found and not url:
        found.delete()
    return before


def tick_project(engagement: Engagement, url: str, *, by: User, now: datetime) -> None:
    """Tick "Open the customer collaboration project", with the link as evidence."""
    if not url:
        return
    link = add_link(
        url,
        title=_("Collaboration project"),
        engagement=engagement,
        by=by,
        now=now,
    )
    completion = Completion(evidence=link)
    tick(engagement, PlanStep.COLLABORATION, completion, by=by, now=now)


@transaction.atomic
def hold_kickoff(
    kickoff: Kickoff,
    held_on: date,
    evidence: Mapping[str, Any],
    *,
    by: User,
    now: datetime,
) -> Step:
    """Note on which day the kickoff was held, with deck or minutes as evidence.

    `evidence` is what came out of `EvidenceFields`, with a note. Raises RuleRefused:
    for a day to come, and with what the kickoff waits for (R-5).
    """
    engagement = kickoff.engagement
    step = held_step(engagement)
    refuse(reasons_without_step(has_step=step is not None))
    assert step is not None, "refused above"  # noqa: S101 (types)
    zones = {engagement.customer.zone, by.zone}
    today = max(local_day(now, zone) for zone in zones)
    refuse(reasons_against_having_held(held_on, today=today))
    given = {**evidence, "happened_on": held_on}
    done = complete_with_evidence(step, given, by=by, now=now)
    tell("kickoff-held", kickoff, {"held_on": [None, held_on]}, by=by, now=now)
    return done


def tell(
    verb: str,
    kickoff: Kickoff,
    changes: Changes | None = None,
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Write what happened to the kickoff into the engagement's history."""
    record(
        verb,
        by=by,
        subject=kickoff,
        engagement=kickoff.engagement,
        changes=changes,
        now=now,
    )
