"""The kinds of number that a field can be, each bounded on both sides: NaN and infinity have no
place.
"""

from collections.abc import Callable
from typing import Annotated

from msgspec import Meta

SEARCHED_TO = "searched_to"  # how far above its bound a field that is solved for is looked for
Amount = Annotated[float, Meta(ge=0.0, le=1e15)]  # prices, costs, loads, masses
AnyAmount = Annotated[float, Meta(ge=-1e15, le=1e15)]  # what may be below 0
Count = Annotated[int, Meta(ge=1, le=10_000_000)]
Factor = Annotated[float, Meta(ge=1.0, le=100.0)]
Fraction = Annotated[float, Meta(ge=0.0, le=1.0)]
FractionBelowOne = Annotated[float, Meta(ge=0.0, lt=1.0)]
PositiveAmount = Annotated[float, Meta(gt=0.0, le=1e15)]
PositiveFactor = Annotated[float, Meta(gt=0.0, le=100.0)]
Rate = Annotated[float, Meta(gt=-1.0, le=1.0, extra={SEARCHED_TO: 10.0})]  # a year
DeclineRate = Annotated[float, Meta(gt=-1.0, le=1.0)]  # a year; below 0 the price rises
Years = Annotated[float, Meta(ge=0.01, le=100.0)]
RampYears = Annotated[float, Meta(ge=0.0, le=100.0)]

MOST = 1e15  # of an amount


def between_words(low: float, high: float, text: Callable[[float], str] = "{:g}".format) -> str:
    """Between which numbers something lies, in words; none as great as an amount can be is told."""
    if high < MOST:
        return f"from {text(low)} to {text(high)}" if low > -MOST else f"up to {text(high)}"
    return f"from {text(low)} upwards" if low > -MOST else "at any value"
