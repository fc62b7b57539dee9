"""The pages that one begins with."""

from psdelivery.access.doors import Door
from psdelivery.access.table import Action

DASHBOARDS: dict[str, Action | Door] = {
    "dashboards:my-day": Action.MY_DAY,
    "dashboards:step-list": Action.MY_DAY,
    "dashboards:portfolio": Action.PORTFOLIO_SEE,
}
