"""Documents, wherever they stand."""

from psdelivery.access.doors import SIGNED_IN, Door
from psdelivery.access.table import Action

DOCUMENTS: dict[str, Action | Door] = {
    # Whose document it is decides, not the role: `documents.access`.
    "documents:document-download": SIGNED_IN,
}
