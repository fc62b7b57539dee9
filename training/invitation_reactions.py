"""Calendar invitations follow the moves of a class, and what is taken back (R-20)."""

from datetime import datetime

from psdelivery.playbooks.events import DatesMoved, MoveUndone
from psdelivery.playbooks.models import Move
from psdelivery.playbooks.services.moves import leaves_at
from psdelivery.registry import reactions
from training.models import Delivery
from training.services.invitations import follow_invitations, restore_invitations
from training.services.moves import KIND
from training.services.news import MOVED, draft_news, knows_dates, withdraw_news


def move_invitations(event: DatesMoved) -> None:
    """R-20: let the invitations follow a class that moved, after the undo window.

    Within *48* hours of a session nobody can wait for that.
    """
    for delivery in moved_classes(event.move):
        starts = starts_in(event.move)
        coming = [at for at in starts if at > event.now] or [event.now]
        leaves = leaves_at(event.move, min(coming))
        follow_invitations(delivery, by=event.by, now=event.now, not_before=leaves)


def draft_new_dates(event: DatesMoved) -> None:
    """R-20: draft the mail with the new dates for who was told the old ones."""
    for delivery in moved_classes(event.move):
        if knows_dates(delivery):
            draft_news(delivery, MOVED, by=event.by, now=event.now)


def take_invitations_back(event: MoveUndone) -> None:
    """R-20: put the invitations back as they were before the move."""
    for delivery in moved_classes(event.move):
        restore_invitations(delivery, event.move.at, by=event.by, now=event.now)
        withdraw_news(delivery, event.move.at)


def moved_classes(move: Move) -> list[Delivery]:
    """Return the class that was moved, if it was one."""
    if move.kind != KIND:
        return []
    classes = Delivery.objects.select_related("engagement__main_contact", "trainer")
    return list(classes.filter(pk=move.payload["delivery"]))


def starts_in(move: Move) -> list[datetime]:
    """Return when the sessions of a moved class began, and begin now."""
    told = [*move.payload["before"], *move.payload["after"]]
    return [datetime.fromisoformat(one["starts_at"]) for one in told]


def register_invitation_reactions() -> None:
    """Listen to the moves of classes."""
    reactions.register(DatesMoved, move_invitations)
    reactions.register(DatesMoved, draft_new_dates)
    reactions.register(MoveUndone, take_invitations_back)
