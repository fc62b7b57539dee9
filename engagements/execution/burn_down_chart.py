"""The burn-down as a picture: lines in a box of 100 by 40, for the template to draw.

Pure: no database, no clock, no request. The table beside it says the same in numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from engagements.execution.rules.burn_down import BurnDown, BurnWeek

WIDTH, HEIGHT = Decimal(100), Decimal(40)
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Chart:
    """Points of the lines as SVG writes them; empty where there is no such line.

    `zero` is where nothing is left, `over` the first week end beyond the budget.
    """

    plan: str
    worked: str
    forecast: str
    zero: Decimal
    over: Decimal | None
    highest: Decimal
    lowest: Decimal


@dataclass(frozen=True)
class Scale:
    """What is left, and how many weeks have gone, as places in the box."""

    weeks: int
    highest: Decimal
    lowest: Decimal

    def across(self, week: int) -> Decimal:
        return (WIDTH * week / self.weeks).quantize(TENTH)

    def down(self, left: Decimal) -> Decimal:
        span = self.highest - self.lowest
        return (HEIGHT * (self.highest - left) / span).quantize(TENTH)

    def points(self, places: Iterable[tuple[int, Decimal]]) -> str:
        return " ".join(f"{self.across(n)},{self.down(left)}" for n, left in places)


def chart_of(burn_down: BurnDown) -> Chart | None:
    """Return the picture; None without a budget, or before there are hours."""
    if burn_down.budget is None or not burn_down.weeks:
        return None
    total = burn_down.budget.total
    weeks = burn_down.weeks
    left = [total, *(week.left or Decimal() for week in weeks)]
    planned = [total, *(week.plan_left or Decimal() for week in weeks)]
    lowest = min(Decimal(), *left, *planned)
    highest = max(total, *left, lowest + 1)
    scale = Scale(len(weeks), highest, lowest)
    # What nobody has told yet is drawn as booked, even of a week that is over.
    ended = sum(1 for _week in takewhile(lambda week: week.is_told, weeks))
    told = list(enumerate(left))
    return Chart(
        plan=scale.points(enumerate(planned)),
        worked=scale.points(told[: ended + 1]) if ended else "",
        forecast=scale.points(told[ended:]) if ended < len(weeks) else "",
        zero=scale.down(Decimal()),
        over=place_of_over(weeks, scale),
        highest=highest,
        lowest=lowest,
    )


def place_of_over(weeks: Sequence[BurnWeek], scale: Scale) -> Decimal | None:
    """Return where the first week stands by whose end the budget is exceeded."""
    over = (n for n, week in enumerate(weeks, start=1) if week.is_over)
    first = next(over, None)
    return None if first is None else scale.across(first)
