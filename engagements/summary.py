"""The customer's summary of the handoff: made from the record, never written twice."""

from django.utils.translation import gettext as _

from engagements.handoff import HandoffOutcomes
from engagements.models import Engagement
from engagements.rules.handoff import Outcome


def summary_of(engagement: Engagement, agreed: HandoffOutcomes) -> str:
    """Return the summary as Markdown; nothing internal, no growth, no risks."""
    sections = [
        (_("Your goals"), agreed.goals),
        (_("Where you are today"), agreed.current_state),
        (_("What we want to reach together"), outcome_lines(agreed.outcomes)),
        (_("What is included"), agreed.scope_in),
        (_("What is not included"), agreed.scope_out),
    ]
    parts = [
        f"## {title}\n\n{text.strip()}" for title, text in sections if text.strip()
    ]
    return "\n\n".join([f"# {engagement.title}", *parts])


def outcome_lines(outcomes: tuple[Outcome, ...]) -> str:
    """Return the outcomes as a list, each with its measure."""
    return "\n".join(
        _("- %(outcome)s (measured by: %(measure)s)")
        % {"outcome": one_line(one.outcome), "measure": one_line(one.measure)}
        for one in outcomes
        if one.is_whole
    )


def one_line(text: str) -> str:
    """Return a text in one line, so that it stays one item of a list."""
    return " ".join(text.split())
