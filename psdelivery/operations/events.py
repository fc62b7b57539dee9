from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PortalRestored:
    """The portal is again as it was at `made_at`; what left since, it does not know."""

    made_at: datetime
    at: datetime
