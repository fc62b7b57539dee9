"""What the dashboards show: the day of one person, the portfolio of a manager."""

from psdelivery.dashboards.queries.my_day import MyDay, day_ends, my_day_of
from psdelivery.dashboards.queries.portfolio import AHEAD_DAYS, Portfolio, portfolio_of

__all__ = [
    "AHEAD_DAYS",
    "MyDay",
    "Portfolio",
    "day_ends",
    "my_day_of",
    "portfolio_of",
]
