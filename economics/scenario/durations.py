"""Years that must be whole periods: those that are not are refused with the nearest that are."""

from collections.abc import Iterable
from math import ceil, floor

from economics.scenario.fields import life_of
from economics.scenario.reading import Sourced
from economics.vocabulary.problems import Problem

MOST_PERIODS = 1200
NEAR = 1e-6  # of a period
WORDS = {1: "year", 4: "quarter", 12: "month"}


def check_periods(where: str, years: Iterable[float], periods_per_year: int) -> None:
    """Whether each duration is whole periods. Errors: Problem with the nearest that are."""
    for one in years:
        periods = one * periods_per_year
        if abs(periods - round(periods)) > NEAR or periods < 0.5:
            raise Problem(
                where,
                one,
                f"whole periods of 1/{periods_per_year} year (finance.periods_per_year ="
                f" {periods_per_year}); {_nearest(periods, periods_per_year)}",
            )
        if periods > MOST_PERIODS:
            raise Problem(where, one, f"at most {MOST_PERIODS} periods")


def check_whole_years(where: str, years: Iterable[float], needed_by: str) -> None:
    """Whether each duration is whole years. Errors: Problem with the nearest that are."""
    for one in years:
        if abs(one - round(one)) > 1e-9:
            raise Problem(where, one, f"whole years, needed by {needed_by}; {_nearest(one, 1)}")


def _nearest(periods: float, periods_per_year: int) -> str:
    """The nearest whole periods, in years to the last digit that must be typed."""
    word = WORDS[periods_per_year]
    close = sorted({max(floor(periods), 1), max(ceil(periods), 1)})
    told = [f"{one / periods_per_year!r} ({one} {word}{'s' * (one > 1)})" for one in close]
    return f"nearest: {' or '.join(told)}"


def periods_of(sourced: Sourced) -> float:
    """How many periods a scenario's life has; 0 where it has no life or states none."""
    finance = getattr(sourced.scenario, "finance", None)
    return (life_of(sourced.scenario) or 0.0) * (finance.periods_per_year if finance else 1)
