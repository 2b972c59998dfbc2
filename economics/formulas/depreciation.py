"""Depreciation methods: a small record each, and the fractions of the basis that it writes off by
operating year.

All take `years` and `starts` (the end and the start of each operating year, in years), `use` and
`xp`, and give a profile of fractions >= 0. A life need not be whole: a part-year carries its share.
`salvage_fraction` of the basis is never written off.
"""

from math import ceil
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta

from economics.formulas.macrs import macrs_fractions
from economics.formulas.schedules import lost_years
from economics.vocabulary.bounds import Fraction, PositiveFactor, Years
from economics.vocabulary.header import is_
from kernels.language.profile import Profile, pad

LONGEST_LIFE_YEARS = 100  # the upper bound of a life
LAST_TABLE_YEAR = 1  # the printed tables write off in one more year than they recover


class Use(NamedTuple):
    """How the rack is used: what depreciation by use needs to know."""

    ramp_years: Any
    sold_gpu_hour_per_rack_year: Any


def within(years: Profile, starts: Profile, life_years: Any, xp: Any) -> Profile:
    """How much of each operating year lies within a life, in years."""
    return years.map(
        lambda end, start: xp.maximum(xp.minimum(end, life_years) - start, 0.0), starts
    )


class StraightLine(
    msgspec.Struct, tag="straight_line", tag_field="method", forbid_unknown_fields=True, frozen=True
):
    """The same every year."""

    life_years: Annotated[Years, is_("years until it is written off")]
    salvage_fraction: Annotated[Fraction, is_("of the basis that is left at the end")] = 0.0

    def fractions(self, years: Profile, starts: Profile, use: Use | None, xp: Any) -> Profile:
        """Fraction of the basis written off in each operating year."""
        return within(years, starts, self.life_years, xp) * (
            (1.0 - self.salvage_fraction) / self.life_years
        )


class SumOfYears(
    msgspec.Struct, tag="sum_of_years", tag_field="method", forbid_unknown_fields=True, frozen=True
):
    """Sum of the years' digits: each year in proportion to the life that is left at its start."""

    life_years: Annotated[Years, is_("years until it is written off")]
    salvage_fraction: Annotated[Fraction, is_("of the basis that is left at the end")] = 0.0

    def fractions(self, years: Profile, starts: Profile, use: Use | None, xp: Any) -> Profile:
        """Fraction of the basis written off in each operating year."""
        shares = within(years, starts, self.life_years, xp)
        weights = shares.map(lambda share, start: share * (self.life_years - start), starts)
        year, digits, start = years.values[0], 0.0, starts.values[0]
        for _ in range(LONGEST_LIFE_YEARS):
            left = xp.maximum(self.life_years - start, 0.0)
            digits = digits + xp.minimum(left, year) * left
            start = start + year
        return weights * ((1.0 - self.salvage_fraction) / digits)


class UnitsOfProduction(
    msgspec.Struct,
    tag="units_of_production",
    tag_field="method",
    forbid_unknown_fields=True,
    frozen=True,
):
    """By use: the sold hours of the year over those of the whole life; straight line if none are
    sold.
    """

    life_years: Annotated[Years, is_("years over which the sold hours are counted")]
    salvage_fraction: Annotated[Fraction, is_("of the basis that is left at the end")] = 0.0

    def fractions(self, years: Profile, starts: Profile, use: Use | None, xp: Any) -> Profile:
        """Fraction of the basis written off in each operating year."""
        if use is None:
            raise ValueError("units_of_production needs to know the use")

        def used(end: Any) -> Any:
            return end - lost_years(end, use.ramp_years, xp)

        def share(end: Any, start: Any) -> Any:
            return used(xp.minimum(end, self.life_years)) - used(xp.minimum(start, self.life_years))

        level = within(years, starts, self.life_years, xp) / self.life_years
        by_use = years.map(share, starts) / used(self.life_years)
        sold = use.sold_gpu_hour_per_rack_year > 0.0
        return level.map(lambda flat, hours: xp.where(sold, hours, flat), by_use) * (
            1.0 - self.salvage_fraction
        )


class DecliningBalance(
    msgspec.Struct,
    tag="declining_balance",
    tag_field="method",
    forbid_unknown_fields=True,
    frozen=True,
):
    """`factor` / life of the book value each year, never below salvage; `switch`: straight line
    over the rest once that is larger.
    """

    life_years: Annotated[Years, is_("years until it is written off")]
    factor: Annotated[PositiveFactor, is_("2: double declining balance")] = 2.0
    switch: Annotated[bool, is_("to straight line over the rest once that is larger")] = True
    salvage_fraction: Annotated[Fraction, is_("of the basis that is left at the end")] = 0.0

    def fractions(self, years: Profile, starts: Profile, use: Use | None, xp: Any) -> Profile:
        """Fraction of the basis written off in each operating year."""

        def write_off(book: Any, share: Any, start: Any) -> tuple[Any, Any]:
            above = xp.maximum(book - self.salvage_fraction, 0.0)
            amount = book * self.factor / self.life_years * share
            if self.switch:
                left = self.life_years - start
                some = left > 0.0
                amount = xp.maximum(
                    amount, xp.where(some, above / xp.where(some, left, 1.0), 0.0) * share
                )
            amount = xp.minimum(amount, above)
            return (book - amount,), amount

        result: Profile = xp.scan(
            write_off, (1.0,), within(years, starts, self.life_years, xp), starts
        )
        return result


class Macrs(
    msgspec.Struct, tag="macrs", tag_field="method", forbid_unknown_fields=True, frozen=True
):
    """The printed IRS tables by tax year. Source: IRS Pub. 946, appendix A."""

    recovery_years: Annotated[Literal[3, 5, 7, 15], is_("class of the property")]
    convention: Annotated[
        Literal["half_year", "mid_quarter_1", "mid_quarter_2", "mid_quarter_3", "mid_quarter_4"],
        is_("when in its first year it is taken to be in use"),
    ] = "half_year"

    def fractions(self, years: Profile, starts: Profile, use: Use | None, xp: Any) -> Profile:
        """Fraction of the basis written off in each operating year."""
        return listed(macrs_fractions(self.recovery_years, self.convention), years)


class Custom(
    msgspec.Struct, tag="custom", tag_field="method", forbid_unknown_fields=True, frozen=True
):
    """Stated fractions, from year 1; together at most 1."""

    schedule: Annotated[
        tuple[Fraction, ...],
        Meta(min_length=1, max_length=100),
        is_("share of the basis that each year writes off, from year 1"),
    ]

    def __post_init__(self) -> None:
        if sum(self.schedule) > 1.0 + 1e-9:
            raise ValueError(
                f"schedule = {list(self.schedule)}: expected fractions that sum to at most 1"
            )

    def fractions(self, years: Profile, starts: Profile, use: Use | None, xp: Any) -> Profile:
        """Fraction of the basis written off in each operating year."""
        return listed(self.schedule, years)


class Bonus(
    msgspec.Struct, tag="bonus", tag_field="method", forbid_unknown_fields=True, frozen=True
):
    """A fraction of the basis in year 1, the rest by another method."""

    fraction: Annotated[Fraction, is_("of the basis that year 1 writes off at once")]
    then: Annotated[
        "StraightLine | SumOfYears | UnitsOfProduction | DecliningBalance | Macrs | Custom",
        is_("the method of the rest"),
    ]

    def fractions(self, years: Profile, starts: Profile, use: Use | None, xp: Any) -> Profile:
        """Fraction of the basis written off in each operating year."""
        rest = self.then.fractions(years, starts, use, xp) * (1.0 - self.fraction)
        return Profile((rest.values[0] + self.fraction, *rest.values[1:]))


Method = StraightLine | SumOfYears | UnitsOfProduction | DecliningBalance | Macrs | Custom | Bonus


def lasts_years(method: Method) -> int:
    """Over how many years a method writes off, the longest life of a sweep included."""
    if isinstance(method, Bonus):
        return lasts_years(method.then)
    if isinstance(method, Custom):
        return len(method.schedule)
    if isinstance(method, Macrs):
        return method.recovery_years + LAST_TABLE_YEAR
    life = method.life_years
    return ceil(life.max() if hasattr(life, "max") else life)


def listed(fractions: tuple[Any, ...], years: Profile) -> Profile:
    """Stated fractions from year 1, 0 after the last of them."""
    return pad(fractions, len(years.values))


def kind_of(method: Method | None) -> str:
    """Which formulas a method picks: those of the default, of a schedule, or of a schedule that
    depends on use.
    """
    if method is None:
        return "default"
    last = method.then if isinstance(method, Bonus) else method
    return "by_use" if isinstance(last, UnitsOfProduction) else "method"
