"""Periods and operating years: how many there are, and the powers of a factor over them."""

from dataclasses import dataclass
from functools import cached_property

from kernels.language.profile import Profile, Value, running_products


@dataclass(frozen=True, eq=False)
class Calendar:
    """Periods 1..N of the longest life of a sweep, `periods_per_year` of them to an operating year;
    the last year may be short.
    """

    periods: int
    periods_per_year: int
    whole_years: bool = True  # every life of the sweep is a whole number of years
    delays: tuple[int, ...] = (0,)  # how many periods before period 1 time may begin
    parts_per_year: int = 1  # equal parts of a year at whose ends something falls due

    @property
    def years(self) -> int:
        """How many operating years there are, begun ones included."""
        return -(-self.periods // self.periods_per_year)

    @cached_property
    def period(self) -> Profile:
        """1, 2, ... by period."""
        return Profile(float(k) for k in range(1, self.periods + 1))

    @cached_property
    def year(self) -> Profile:
        """1, 2, ... by operating year."""
        return Profile(float(y) for y in range(1, self.years + 1))

    @cached_property
    def year_start(self) -> Profile:
        """0, 1, ... by operating year."""
        return Profile(float(y) for y in range(self.years))

    @cached_property
    def part_end(self) -> Profile:
        """1 in the last period of each part of an operating year, else 0."""
        size = self.periods_per_year // self.parts_per_year
        return Profile(1.0 if k % size == 0 else 0.0 for k in range(1, self.periods + 1))

    def powers(self, base: Value, first: Value | None = None) -> Profile:
        """`first` (default: base), first * base, first * base * base, ... by period."""
        return running_products(base if first is None else first, base, self.periods)

    def growth(self, base: Value) -> Profile:
        """base ** (whole years before), by period."""
        return self.by_period(running_products(1.0, base, self.years))

    def by_period(self, yearly: Profile) -> Profile:
        """The value of its operating year in each period."""
        return Profile(yearly.values[k // self.periods_per_year] for k in range(self.periods))
