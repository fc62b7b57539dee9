"""Comments, and who is mentioned in them."""

from psdelivery.access.doors import Door
from psdelivery.access.table import Action

COMMENTS: dict[str, Action | Door] = {
    # Whose record it stands on decides: `comments.access`.
    "comments:comment-add": Action.MY_DAY,
    "comments:comment-edit": Action.MY_DAY,
    "comments:comment-delete": Action.MY_DAY,
    "comments:mention-seen": Action.MY_DAY,
}
