"""Views of the board: kept and removed by whoever named them."""

from psdelivery.people.services.changes import one_transaction
from scheduling.models import BoardView


def keep_view(view: BoardView) -> BoardView:
    """Keep a view; raises RuleRefused where its name was taken a moment ago."""
    with one_transaction():
        view.save(force_insert=True)
    return view
